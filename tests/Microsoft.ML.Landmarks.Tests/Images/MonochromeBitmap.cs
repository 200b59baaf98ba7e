using System.Buffers.Binary;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Black BMP files of one bit a pixel: the smallest files of the largest images, that must be decoded whole.</summary>
internal static class MonochromeBitmap
{
    private const int HeaderLength = 62;

    public static void Write(string path, int width, int height)
    {
        int length = HeaderLength + (width + 31) / 32 * 4 * height;
        Span<byte> header = stackalloc byte[HeaderLength];
        header.Clear();
        "BM"u8.CopyTo(header);
        int place = 2;
        foreach (int value in (int[])[length, 0, HeaderLength, 40, width, height, 1 | 1 << 16, 0, length - HeaderLength, 0, 0, 2, 0, 0,
            0xffffff])
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[place..], value);
            place += sizeof(int);
        }

        using FileStream file = File.Create(path);
        file.Write(header);
        file.SetLength(length);
    }
}
