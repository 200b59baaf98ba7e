using System.Buffers.Binary;

namespace Landmarks.Demo.Tests;

/// <summary>Writes small gray images whose every pixel is known: in the BMP format, which loses nothing.</summary>
internal static class BitmapFile
{
    private const int FileHeader = 14, InfoHeader = 40, BytesAPixel = 3;

    /// <param name="path">Its folder is made. The format is told by the bytes, whatever the name says.</param>
    /// <param name="size">Side in pixels, a multiple of 4: each line then has a multiple of 4 bytes, as the format wants.</param>
    /// <param name="gray">The gray of a pixel by its column and its row from below.</param>
    public static void Write(string path, int size, Func<int, int, byte> gray)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] file = new byte[FileHeader + InfoHeader + size * size * BytesAPixel];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), FileHeader + InfoHeader);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), InfoHeader);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), size);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), size);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 8 * BytesAPixel);
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
                file.AsSpan(FileHeader + InfoHeader + (y * size + x) * BytesAPixel, BytesAPixel).Fill(gray(x, y));
        }

        File.WriteAllBytes(path, file);
    }
}
