using Microsoft.ML.Landmarks.Search.Torch;

namespace Microsoft.ML.Landmarks.Tests.Voting;

[TestClass]
public sealed class ChangedLandmarksTests : ChangedLandmarksConformance
{
    private protected override SearchDevice? Device => null;
}
