using Microsoft.ML.Landmarks.Search.Torch;

namespace Microsoft.ML.Landmarks.Tests.Voting;

[TestClass]
public sealed class FitInPartsTests : FitInPartsConformance
{
    private protected override SearchDevice? Device => null;
}
