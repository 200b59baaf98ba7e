namespace Microsoft.ML.Landmarks.Images;

/// <summary>
/// Cameras' raw files that are TIFF. A reader of TIFF finds no photograph in them, or the small one for a camera's screen, which stands
/// first.
/// </summary>
internal static class CameraFile
{
    private const int SubfileType = 0x00fe, Photometric = 0x0106, Make = 0x010f, SubDirectories = 0x014a, DngVersion = 0xc612;
    // Colors of single pixels of the sensor, and such as have been put together (DNG 1.7).
    private const int ColorFilterArray = 32_803, LinearRaw = 34_892;
    // More than any has.
    private const int MostSubDirectories = 16;

    /// <summary>What a camera's raw file is called; null for every other file.</summary>
    /// <param name="file">The whole file; of a part less may be known.</param>
    public static string? Of(ReadOnlySpan<byte> file)
    {
        if (file is not ([(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..]))
            return null;
        if (file.Length >= 11 && file[8..11].SequenceEqual("CR\u0002"u8))
            return "CR2";
        if (file.Length >= 12 && (file[8..12].SequenceEqual("IIII"u8) || file[8..12].SequenceEqual("MMMM"u8)))
            return "IIQ";
        var directory = new TiffDirectory(file);
        if (directory.Has(DngVersion))
            return "DNG";
        return IsOfSensor(directory) || HasPartsOfSensor(directory) || BeginsWithScreenPicture(directory)
            ? "a camera's raw file (TIFF)" : null;
    }

    private static bool IsOfSensor(TiffDirectory directory) => directory.Value(Photometric) is ColorFilterArray or LinearRaw;

    private static bool HasPartsOfSensor(TiffDirectory directory)
    {
        for (int i = 0; i < Math.Min(directory.Count(SubDirectories), MostSubDirectories); i++)
        {
            if (IsOfSensor(directory.Directory(SubDirectories, i)))
                return true;
        }

        return false;
    }

    // Also where the rest is written in a camera's own way. Other TIFF with a camera's name and directories in the first one hold smaller
    // copies there, and say that the first is the picture itself.
    private static bool BeginsWithScreenPicture(TiffDirectory directory)
        => directory.Has(Make) && (directory.Value(SubfileType) is { } type ? (type & 1) != 0 : directory.Has(SubDirectories));
}
