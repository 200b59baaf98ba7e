using Microsoft.ML.Landmarks.Search.Filter.Planning;
using Microsoft.ML.Landmarks.Search.Kernels;

namespace Microsoft.ML.Landmarks.Tests.Search.Filter.Planning;

[TestClass]
public sealed class KernelRatesTests
{
    [TestMethod]
    public void Of_AnyKernel_IsMeasuredOnce()
    {
        foreach (ByteKernel kernel in ByteKernels.Supported)
        {
            KernelRates rates = KernelRates.Of(kernel);

            Assert.IsTrue(rates.CoordinatesPerNanosecond is > 0 and < 1e5 && rates.SinglesPerNanosecond is > 0 and < 1e5,
                $"{kernel}: {rates}");
            Assert.AreSame(rates, KernelRates.Of(kernel));
        }
    }
}
