namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Arrays of a batch, which grow with its rows: a view of few rows takes memory for few.</summary>
internal static class BatchArray
{
    /// <summary>Makes room for <paramref name="count"/> rows of <paramref name="length"/> values; what is there stays.</summary>
    /// <exception cref="OverflowException">They are more than an array holds.</exception>
    public static void Reserve<T>(ref T[] values, int count, int length = 1)
    {
        long needed = (long)count * length;
        if (needed > values.Length)
            Array.Resize(ref values, checked((int)Math.Max(needed, Math.Min(2L * values.Length, Array.MaxLength))));
    }
}
