using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class VerdictSummaryTests
{
    [TestMethod]
    public void Fit_Verdict_IsSummedUpWithWhatItLeavesAndCosts()
    {
        using var folder = new WorkFolder();
        string train = folder.WriteText("mine.csv",
            "id,landmark_id\n" + string.Concat(SampleFiles.Ids("train.csv")[..60].Select((id, i) => $"{id},{i / 5}\n")));
        string[] arguments = ["fit", "--train", train, "--images", SampleFiles.Images, "--non-landmarks", SampleFiles.Of("valid.csv"),
            "--network", SampleFiles.FastNetwork, "--output", "model.zip"];

        ProgramResult plain = DemoProgram.Run(folder, arguments).AssertSuccess();

        // The largest of 34 is the threshold: 1 - .975^(1 / 34) and 1 - .025^(1 / 34).
        Assert.Contains("Verdict: of photographs like the non-landmarks 5% are answered at most, judged by 34 of them that were held out. "
            + "With so many the true rate lies between 0.1% and 10.3% (95 %).", plain.OutputLines);
        LandmarkRecognizingTransformer step = Load(folder["model.zip"]);
        Assert.Contains("Estimated by training photographs: of landmarks that the model does not know "
            + $"{Shares(step, null, "are answered")} of right answers are kept; with --unknown-landmarks 5% {Shares(step, 0.05)}.",
            plain.OutputLines);

        ProgramResult asked = DemoProgram.Run(folder, [.. arguments, "--unknown-landmarks", "20%"]).AssertSuccess();

        Assert.Contains($"Estimated by training photographs: of landmarks that the model does not know {Shares(step, 0.2, "are answered")} "
            + $"of right answers are kept; without --unknown-landmarks {Shares(step, null)}.", asked.OutputLines);
    }

    [TestMethod]
    public void Fit_TooFewNonLandmarksToHoldOut_SaysThatTheRateIsNotProved()
    {
        using var folder = new WorkFolder();

        ProgramResult fit = DemoProgram.Run(folder, "fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 6), "--non-landmarks",
            SampleFiles.WriteRows(folder, "valid.csv", 30), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork,
            "--output", "model.zip").AssertSuccess();

        // Of a few landmarks there is no more to say.
        string verdict = Assert.ContainsSingle(
            line => line.StartsWith("Verdict: ", StringComparison.Ordinal) || line.StartsWith("Estimated ", StringComparison.Ordinal),
            fit.OutputLines);
        Assert.AreEqual("Verdict: of photographs like the non-landmarks 5% are answered at most, as estimated, not proved, by folds of all "
            + "30: with more of them a third could be held out. With so many the true rate lies between 0.1% and 11.6% (95 %).", verdict);
    }

    private static string Shares(LandmarkRecognizingTransformer step, double? unknownLandmarkRate, string answered = "")
    {
        LandmarkVerdictEstimate estimate = step.EstimateVerdict(unknownLandmarkRate);
        string unknown = Percent(estimate.UnknownLandmarks.Rate), right = Percent(estimate.RightAnswersKept.Rate);
        return answered.Length > 0 ? $"{unknown} {answered}, and {right}" : $"{unknown} and {right}";
    }

    private static string Percent(double rate) => (100 * rate).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    private static LandmarkRecognizingTransformer Load(string file)
        => ((IEnumerable<ITransformer>)new MLContext().Model.Load(file, out _)).OfType<LandmarkRecognizingTransformer>().Single();
}
