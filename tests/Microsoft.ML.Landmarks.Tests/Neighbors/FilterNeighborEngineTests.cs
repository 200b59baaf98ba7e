using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Tests.Neighbors;

/// <summary>The filter with any kernel and prefix gives what every engine gives.</summary>
public abstract class FilterNeighborEngineConformance : NeighborEngineConformance
{
    private protected abstract ByteKernel Kernel { get; }

    private protected abstract int Prefix { get; }

    private protected override INeighborEngine Create(UnitRows gallery, double[]? penalties)
    {
        if (Kernel is ByteKernel.Avx2 or ByteKernel.AvxVnni or ByteKernel.Avx512BW && !Avx2.IsSupported)
            Assert.Inconclusive($"The {Kernel} kernel needs a processor with AVX2.");
        return FilterEngines.Create(gallery, penalties, Prefix, Kernel);
    }
}

[TestClass]
public sealed class FilterNeighborEnginePrefix64Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernels.Fastest;

    private protected override int Prefix => 64;
}

[TestClass]
public sealed class FilterNeighborEnginePrefix128Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernels.Fastest;

    private protected override int Prefix => 128;
}

[TestClass]
public sealed class FilterNeighborEngineAllCoordinatesTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernels.Fastest;

    private protected override int Prefix => int.MaxValue;
}

[TestClass]
public sealed class FilterNeighborEngineScalarTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Scalar;

    private protected override int Prefix => 64;
}

[TestClass]
public sealed class FilterNeighborEngineVector128Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Vector128;

    private protected override int Prefix => 64;
}

[TestClass]
public sealed class FilterNeighborEngineArmDpTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.ArmDp;

    private protected override int Prefix => 64;
}

[TestClass]
public sealed class FilterNeighborEngineAvxVnniTests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.AvxVnni;

    private protected override int Prefix => 64;
}

[TestClass]
public sealed class FilterNeighborEngineAvx512Tests : FilterNeighborEngineConformance
{
    private protected override ByteKernel Kernel => ByteKernel.Avx512BW;

    private protected override int Prefix => 64;
}
