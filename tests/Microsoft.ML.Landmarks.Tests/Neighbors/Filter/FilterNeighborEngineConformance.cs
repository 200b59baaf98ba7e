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
