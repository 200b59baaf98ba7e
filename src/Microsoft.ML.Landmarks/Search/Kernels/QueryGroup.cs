namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>12 quantised queries, as <see cref="ByteProducts.PackQueries"/> packs them.</summary>
/// <param name="codes">[d / 4, 12], the four coordinates of a step.</param>
/// <param name="laneStarts">[d / 64, 12], for each chunk the two sums of 16 bits to start from.</param>
/// <param name="starts">[d / 64, 12], what the sum over all chunks up to this one starts from.</param>
internal readonly ref struct QueryGroup(ReadOnlySpan<uint> codes, ReadOnlySpan<uint> laneStarts, ReadOnlySpan<int> starts)
{
    public ReadOnlySpan<uint> Codes { get; } = codes;

    public ReadOnlySpan<uint> LaneStarts { get; } = laneStarts;

    public ReadOnlySpan<int> Starts { get; } = starts;
}
