using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Tests;

[TestClass]
public sealed class HardwareIntrinsicsTests
{
    [TestMethod]
    public void Vector_SwitchedOff_IsNotAccelerated()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") != "0")
            Assert.Inconclusive("Needs DOTNET_EnableHWIntrinsic=0; build.sh runs it so.");

        Assert.IsFalse(Vector256.IsHardwareAccelerated);
    }
}
