using Landmarks.Demo.Tests;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>A model of a few photographs of the sample and a network that costs next to nothing.</summary>
internal static class SmallModel
{
    /// <param name="folder">Where it is written.</param>
    /// <param name="name">The name of its file.</param>
    /// <param name="landmarks">How many rows with a landmark it has.</param>
    /// <returns>One of its photographs.</returns>
    public static string Fit(WorkFolder folder, string name, int landmarks = 6)
    {
        string train = SampleFiles.WriteRows(folder, "train.csv", landmarks), others = SampleFiles.WriteRows(folder, "valid.csv", 12);
        DemoProgram.Run(folder, "fit", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--output", name).AssertSuccess();
        return SampleFiles.Photo(SampleFiles.Ids("train.csv").First());
    }
}
