namespace Microsoft.ML.Landmarks;

/// <summary>
/// What the search of one query and one row costs a core, in nanoseconds. Only the ratios matter, and the best prefix is not sharp, so that the
/// numbers of one processor serve others with the same instructions.
/// </summary>
/// <param name="CoordinatesPerNanosecond">Coordinates that the filter multiplies.</param>
/// <param name="SinglesPerNanosecond">Values that the fused engine multiplies.</param>
internal sealed record FilterCosts(double CoordinatesPerNanosecond, double SinglesPerNanosecond)
{
    // A row that passes: finding it in the masks, reading it, bounding it.
    private const double NanosecondsPerSurvivor = 15, CoordinatesRefinedPerNanosecond = 40;

    // The first search for thresholds: the leading coordinates of every fourth leaf.
    private const double SeedingShare = 1.0 / FilterNeighborEngine.SeedStride;

    // AVX2 and vectors of 128 bits as measured on a core of some 3 GHz; the others reckoned from it by the width and the number of their instructions.
    public static FilterCosts Of(ByteKernel kernel) => kernel switch
    {
        ByteKernel.Avx512BW => new(400, 130),
        ByteKernel.AvxVnni => new(250, 60),
        ByteKernel.Avx2 => new(120, 45),
        ByteKernel.ArmDp => new(100, 25),
        ByteKernel.Vector128 => new(18, 12),
        _ => new(1, 1),
    };

    /// <summary>For a prefix of so many coordinates that lets a share of the rows pass.</summary>
    public double NanosecondsPerRow(int prefixDimension, int dimension, double survivors)
        => (prefixDimension + SeedingShare * FilterNeighborEngine.SeedDimension) / CoordinatesPerNanosecond
            + survivors * (NanosecondsPerSurvivor + dimension / CoordinatesRefinedPerNanosecond);

    /// <summary>For all products in single precision.</summary>
    public double FusedNanosecondsPerRow(int dimension) => dimension / SinglesPerNanosecond;
}
