using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Rows from a file: an array of NumPy's, [n, d], or its values alone, little-endian Singles.</summary>
internal static partial class RowFile
{
    private const string WayOut = "Write it by numpy.save(file, rows.astype('<f4', 'C')).";

    private static readonly byte[] s_npyMagic = [0x93, .. "NUMPY"u8];

    /// <param name="file">Its path.</param>
    /// <param name="dimension">Values of a row; null: what the file says.</param>
    /// <exception cref="WrongInputException">There is no such file, or no rows of so many values that have a direction are all that is in
    /// it.</exception>
    public static float[][] Read(string file, int? dimension)
    {
        if (!File.Exists(file))
            throw new WrongInputException($"--rows is '{file}', and there is no such file. Name {SearchRows.Synthetic}, "
                + $"{SearchRows.Network} or a file of rows.");
        try
        {
            using FileStream stream = File.OpenRead(file);
            int? described = ReadWidth(stream, file);
            long bytes = stream.Length - stream.Position;
            if (bytes == 0)
                throw new WrongInputException($"'{file}' has no rows; it must have at least one. {WayOut}");
            int width = described ?? dimension
                ?? throw new WrongInputException($"'{file}' is no .npy file, so that nothing says how many values a row has. Name them by "
                + $"--dimension. {WayOut}");
            if (dimension is not null && dimension != width)
                throw new WrongInputException($"'{file}' has rows of {width} values, and --dimension is {dimension}. Leave --dimension "
                    + "out.");
            long rowBytes = (long)width * sizeof(float);
            if (bytes % rowBytes != 0)
                throw new WrongInputException($"'{file}' has {bytes} bytes, no multiple of the {rowBytes} of a row of {width} values. "
                    + $"Name the right --dimension. {WayOut}");
            return [.. Enumerable.Range(0, (int)(bytes / rowBytes)).Select(number => ReadRow(stream, file, number, width))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WrongInputException($"'{file}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the head of a .npy file, after which the values stand.</summary>
    /// <returns>Values of a row; null where it has no such head.</returns>
    private static int? ReadWidth(FileStream stream, string file)
    {
        // The magic, two bytes of a version, the length of a description in two bytes or, since version 2, four, and that description.
        Span<byte> start = stackalloc byte[12];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read < start.Length || !start.StartsWith(s_npyMagic))
            return null;
        bool isFirst = start[6] == 1;
        stream.Position = isFirst ? 10 : 12;
        long length = isFirst ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        var description = new byte[Math.Min(length, stream.Length - stream.Position)];
        stream.ReadExactly(description);
        string text = Encoding.Latin1.GetString(description).TrimEnd();
        Match match = RowsOfSingles.Match(text);
        if (!match.Success || !int.TryParse(match.Groups[2].Value, CultureInfo.InvariantCulture, out int width))
            throw new WrongInputException($"'{file}' is described as {text}; it must be an array [rows, values] of '<f4', not in "
                + $"Fortran's order. {WayOut}");
        double expected = double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * width * sizeof(float);
        if (stream.Length - stream.Position != expected)
            throw new WrongInputException($"'{file}' has {stream.Length - stream.Position} bytes of values where {expected:F0} are "
                + $"described: {text}. {WayOut}");
        return width;
    }

    private static float[] ReadRow(FileStream stream, string file, int number, int width)
    {
        var row = new float[width];
        stream.ReadExactly(MemoryMarshal.AsBytes(row.AsSpan()));
        double squares = ExactDot.Compute(row, row);
        if (squares is > 0 and < double.PositiveInfinity)
            return row;
        string problem = squares == 0 ? "has no value but 0" : "has a value that is NaN or infinite";
        throw new WrongInputException($"'{file}': row {number}, counted from 0, {problem}; rows must have a direction. Leave such rows "
            + "out.");
    }

    [GeneratedRegex(@"^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([0-9]+), ([1-9][0-9]*)\), \}$")]
    private static partial Regex RowsOfSingles { get; }
}
