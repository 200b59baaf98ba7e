namespace Landmarks.Demo.Tests;

[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class InterruptTests
{
    // The program has to stop within a second; the rest is for a machine that is busy with other tests. Undisturbed it takes minutes.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public void Fit_Interrupted_StopsAndKeepsTheOlderModel(string signal)
    {
        using var folder = new WorkFolder();
        string model = folder.WriteText("model.zip", "older");
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", signal, folder, "fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 97, times: 500),
            "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 103, times: 500), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--output", model);
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
        Assert.AreEqual("older", File.ReadAllText(model));
    }

    [TestMethod]
    public void Fit_InterruptedInTheMidstOfABatch_DoesNotWaitForIt()
    {
        using var folder = new WorkFolder();
        // 32 photographs of this size take the network many seconds, and nothing stops it.
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "INT", folder, "fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 97),
            "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 103), "--images", SampleFiles.Images, "--network", DemoProgram.Network, "--output", "model.zip", "--image-size", "640");
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv");
    }

    [TestMethod]
    public void Fit_InterruptedWhileWhitening_DoesNotWaitForIt()
    {
        using var folder = new WorkFolder();
        // Nothing stops the search for the principal axes of so many rows, which takes seconds.
        ProgramResult result = DemoProgram.RunUntil("Whitening: ", "INT", folder, "fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 97, times: 6),
            "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 103, times: 6), "--images", SampleFiles.Images, "--network", DemoProgram.Network, "--output", "model.zip", "--image-size", "32");
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv");
    }

    [TestMethod]
    public void Compare_Interrupted_Stops()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "INT", folder, "compare", "--train", SampleFiles.WriteRows(folder, "train.csv", 97, times: 500),
            "--non-landmarks", SampleFiles.Of("valid.csv"), "--queries", SampleFiles.Of("sample_submission.csv"), "--truth", SampleFiles.Of("test_truth.csv"), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork);
        AssertInterrupted(result);
        folder.AssertFiles("train.csv");
    }

    [TestMethod]
    public void Predict_Interrupted_LeavesNoAnswers()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "INT", folder, "predict", "--model", "model.zip",
            "--queries", SampleFiles.WriteRows(folder, "sample_submission.csv", 76, times: 1000), "--images", SampleFiles.Images);
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv", "model.zip", "sample_submission.csv");
    }

    private static void AssertInterrupted(ProgramResult result)
    {
        result.AssertError(130, "Interrupted before the job was done.");
        Assert.IsLessThan(s_patience, result.Time);
    }
}
