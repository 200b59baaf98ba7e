using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images.Resampling;

/// <summary>The instructions that resamplers know, for tests of each.</summary>
internal static class ResamplingKernels
{
    public static IEnumerable<object[]> All => Enum.GetValues<Resampler.Kernel>().Select(kernel => new object[] { (int)kernel });

    public static Resampler.Kernel Get(int number)
    {
        var kernel = (Resampler.Kernel)number;
        if (kernel > Resampler.Fastest)
            Assert.Inconclusive($"Needs a processor with {kernel}.");
        return kernel;
    }
}
