namespace Microsoft.ML.Landmarks.Files;

/// <summary>How much more a folder takes.</summary>
internal static class FreeSpace
{
    /// <param name="folder">The folder.</param>
    /// <param name="length">What is to be written there at the most, in bytes.</param>
    /// <exception cref="IOException">It may not fit.</exception>
    public static void Require(string folder, long length)
    {
        if (Of(folder) is { } free && free < length)
            throw FileErrors.NoSpace(folder, length, free);
    }

    /// <summary>In bytes; null where the system does not tell, as of a folder of another machine.</summary>
    public static long? Of(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
