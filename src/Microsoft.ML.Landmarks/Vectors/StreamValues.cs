using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>Arrays to and from a stream as they lie in memory: little-endian, since .NET 10 runs on no other machine that ML.NET
/// supports.</summary>
internal static class StreamValues
{
    private const int ValuesAtOnce = 1 << 20;

    public static void WriteValues<T>(this Stream stream, ReadOnlySpan<T> values) where T : unmanaged
    {
        for (; !values.IsEmpty; values = values[Math.Min(ValuesAtOnce, values.Length)..])
            stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(ValuesAtOnce, values.Length)]));
    }

    /// <exception cref="EndOfStreamException">The stream holds fewer values.</exception>
    public static void ReadValues<T>(this Stream stream, Span<T> values) where T : unmanaged
    {
        for (; !values.IsEmpty; values = values[Math.Min(ValuesAtOnce, values.Length)..])
            stream.ReadExactly(MemoryMarshal.AsBytes(values[..Math.Min(ValuesAtOnce, values.Length)]));
    }
}
