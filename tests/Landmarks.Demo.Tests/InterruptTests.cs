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
    [DataRow("HUP")]
    [DataRow("QUIT")]
    public void Fit_Interrupted_StopsAndKeepsTheOlderModel(string signal)
    {
        using var folder = new WorkFolder();
        string model = folder.WriteText("model.zip", "older");
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", signal, folder, "fit", "--train",
            SampleFiles.WriteRows(folder, "train.csv", 97, times: 500),
            "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 103, times: 500), "--images", SampleFiles.Images, "--network",
                SampleFiles.FastNetwork, "--output", model);
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
        Assert.AreEqual("older", File.ReadAllText(model));
    }

    [TestMethod]
    public void Fit_InterruptedInTheMidstOfABatch_DoesNotWaitForIt()
    {
        using var folder = new WorkFolder();
        // 32 photographs of this size take the network many seconds.
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "INT", folder, "fit", "--train",
            SampleFiles.WriteRows(folder, "train.csv", 97),
            "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 103), "--images", SampleFiles.Images, "--network",
                DemoProgram.Network, "--output", "model.zip", "--image-size", "640");
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv");
    }

    [TestMethod]
    public void Fit_InterruptedWhileWhitening_DoesNotWaitForIt()
    {
        using var folder = new WorkFolder();
        // Nothing stops the search for the principal axes of so many rows, which takes seconds.
        ProgramResult result = DemoProgram.RunUntil("Whitening: ", "INT", folder, "fit", "--train",
            SampleFiles.WriteRows(folder, "train.csv", 97, times: 6),
            "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 103, times: 6), "--images", SampleFiles.Images, "--network",
                DemoProgram.Network, "--output", "model.zip", "--image-size", "32");
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv");
    }

    [TestMethod]
    public void Embed_Interrupted_StopsAndLeavesNothingThatCounts()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "TERM", folder, "embed", "--train",
            SampleFiles.WriteRows(folder, "train.csv", 97, times: 500),
            "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 103, times: 500), "--images", SampleFiles.Images, "--network",
                SampleFiles.FastNetwork, "--folder", "all");
        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv", "all", "all/steps.zip");
    }

    [TestMethod]
    public void Compare_Interrupted_Stops()
    {
        using var folder = new WorkFolder();
        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "INT", folder, "compare", "--train",
            SampleFiles.WriteRows(folder, "train.csv", 97, times: 500),
            "--non-landmarks", SampleFiles.Of("valid.csv"), "--queries", SampleFiles.Of("sample_submission.csv"), "--truth",
                SampleFiles.Of("test_truth.csv"), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork);
        AssertInterrupted(result);
        folder.AssertFiles("train.csv");
    }

    [TestMethod]
    public void Predict_Interrupted_LeavesNoAnswers()
    {
        using WorkFolder folder = new(), photos = new();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        // Each query stands there once: one photograph by many names.
        string[] ids = [.. Enumerable.Range(0, 5000).Select(i => $"{i:x16}")];
        Directory.CreateDirectory(photos["0/0/0"]);
        foreach (string id in ids)
            File.CreateSymbolicLink(photos[$"0/0/0/{id}.jpg"], SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]));
        string queries = folder.WriteText("queries.csv", $"id,landmarks\n{string.Join(",\n", ids)},\n");

        ProgramResult result = DemoProgram.RunUntil("Photographs: ", "INT", folder,
            "predict", "--model", "model.zip", "--queries", queries, "--images", photos.FullPath);

        AssertInterrupted(result);
        folder.AssertFiles("train.csv", "valid.csv", "model.zip", "queries.csv");
    }

    [TestMethod]
    public void Fit_InterruptedNearItsEnd_EndsWithAModelOrNone()
    {
        using var folder = new WorkFolder();
        string[] arguments = SampleFiles.FitArguments(folder, "model.zip", "--plain");
        var random = new Random(1);
        for (int run = 0; run < 20; run++)
        {
            File.Delete(folder["model.zip"]);
            ProgramResult result = DemoProgram.RunUntil("Method: ", "INT", () => Thread.Sleep(random.Next(80)), [], folder,
                arguments);
            bool isWritten = File.Exists(folder["model.zip"]);
            if (result.ExitCode == 0)
                Assert.AreEqual(("", true), (result.Error, isWritten));
            else
                result.AssertError(130, "Interrupted before the job was done.");
            folder.AssertFiles(["train.csv", "valid.csv", .. isWritten ? ["model.zip"] : Array.Empty<string>()]);
            if (isWritten)
                System.IO.Compression.ZipFile.OpenRead(folder["model.zip"]).Dispose();
        }
    }

    [TestMethod]
    public void Fit_Killed_LeavesOneFileThatTheNextRunRemoves()
    {
        using var folder = new WorkFolder();
        string train = SampleFiles.WriteRows(folder, "train.csv", 97, times: 500), others = SampleFiles.WriteRows(folder, "valid.csv", 103);
        ProgramResult killed = DemoProgram.RunUntil("Photographs: ", "KILL", folder, "fit", "--train", train, "--non-landmarks", others,
            "--images", SampleFiles.Images,
            "--network", SampleFiles.FastNetwork, "--output", "model.zip");
        Assert.AreEqual(137, killed.ExitCode);
        CollectionAssert.AreEquivalent((string[])["train.csv", "valid.csv", "model.zip.unfinished"],
            Directory.GetFileSystemEntries(folder.FullPath).Select(Path.GetFileName).ToArray());
        Assert.IsNotEmpty(Directory.EnumerateFileSystemEntries(folder.Temporary));

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_HangUpThatIsIgnored_GoesOn()
    {
        using var folder = new WorkFolder();
        string[] arguments = SampleFiles.FitArguments(folder, "model.zip");
        DemoProgram.RunUntil("Photographs: ", "HUP", () => { }, ignored: ["HUP"], folder, arguments).AssertSuccess();
        folder.AssertFiles("train.csv", "valid.csv", "model.zip");
    }

    private static void AssertInterrupted(ProgramResult result)
    {
        result.AssertError(130, "Interrupted before the job was done.");
        Assert.IsLessThan(s_patience, result.Time);
    }
}
