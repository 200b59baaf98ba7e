namespace Microsoft.ML.Landmarks;

/// <summary>
/// What the search of one query and one row costs a core, in nanoseconds. Only the ratios matter, and the best prefix is not sharp, so that the
/// numbers of one processor serve others with the same instructions.
/// </summary>
/// <param name="CoordinatesPerNanosecond">Coordinates that the filter multiplies.</param>
internal sealed record FilterCosts(double CoordinatesPerNanosecond)
{
    // A row that passes: finding it in the masks, reading it, bounding it.
    private const double NanosecondsPerSurvivor = 15, CoordinatesRefinedPerNanosecond = 40;

    // The first search for thresholds: the leading coordinates of every fourth leaf.
    private const double SeedingShare = 1.0 / FilterNeighborEngine.SeedStride;

    // Two fused multiply-adds of 8 or 16 values a cycle, at some 3 GHz; without vectors little is to be gained at all.
    private readonly double _singlesPerNanosecond = CoordinatesPerNanosecond / 3;

    public static FilterCosts Of(ByteKernel kernel) => new(kernel switch
    {
        ByteKernel.Avx512BW => 400,
        ByteKernel.AvxVnni => 250,
        ByteKernel.Avx2 => 120,
        ByteKernel.ArmDp => 100,
        ByteKernel.Vector128 => 18,
        _ => 1,
    });

    /// <summary>For a prefix of so many coordinates that lets a share of the rows pass.</summary>
    public double NanosecondsPerRow(int prefixDimension, int dimension, double survivors)
        => (prefixDimension + SeedingShare * FilterNeighborEngine.SeedDimension) / CoordinatesPerNanosecond
            + survivors * (NanosecondsPerSurvivor + dimension / CoordinatesRefinedPerNanosecond);

    /// <summary>For all products in single precision.</summary>
    public double FusedNanosecondsPerRow(int dimension) => dimension / _singlesPerNanosecond;
}
