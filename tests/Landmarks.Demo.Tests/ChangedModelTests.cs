using Microsoft.ML;

namespace Landmarks.Demo.Tests;

/// <summary>A model that is written over: by one run at a time, and whole or not at all.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class ChangedModelTests
{
    private const string AtWork = "Wait until it is done, or name another file.";

    [TestMethod]
    public void Add_WhileAnotherRunIsAtWorkOnTheModel_IsToldUnderAnyName()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        AddLong(folder);
        PhotoFolders.Add(folder, "more", "Bridge", 1);
        File.CreateSymbolicLink(folder["link.zip"], "model.zip");
        Directory.CreateDirectory(folder["other"]);
        File.CreateSymbolicLink(folder["other/link.zip"], "../link.zip");

        DemoProgram.RunAndHold("Adding ", () =>
        {
            foreach (string file in (string[])["model.zip", "link.zip", "other/link.zip"])
            {
                Add("model.zip", file).AssertError(1, Told(file));
                DemoProgram.Run(folder, "remove", "--model", file, "--photo", "none/0.bmp", "--output", file).AssertError(1, Told(file));
            }

            DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertError(1, Told("model.zip"));
            // Another file may be written of it meanwhile, and it may be asked.
            Add("model.zip", "changed.zip").AssertSuccess();
            DemoProgram.Run(folder, "info", "link.zip").AssertSuccess();
        }, folder, "add", "--model", "link.zip", "--train-folders", "long", "--output", "model.zip").AssertSuccess();

        Assert.AreEqual(40 + Long, CountRows(folder["model.zip"]));
        Add("model.zip", "other/link.zip").AssertSuccess();
        Assert.AreEqual(40 + Long + 1, CountRows(folder["model.zip"]));
        Assert.AreEqual("../link.zip", new FileInfo(folder["other/link.zip"]).LinkTarget);

        ProgramResult Add(string model, string output)
            => DemoProgram.Run(folder, "add", "--model", model, "--train-folders", "more", "--output", output);

        string Told(string file) => $"Another run is writing '{folder[file]}'. {AtWork}";
    }

    [TestMethod]
    public void Add_SeveralRunsThatTryUntilTheyMay_LoseNoPhotograph()
    {
        const int Runs = 3, Times = 4;
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();
        for (int run = 0; run < Runs; run++)
        {
            for (int time = 0; time < Times; time++)
                PhotoFolders.Add(folder, $"more{run}-{time}", "Bridge", 1, first: run * Times + time);
        }

        // One that waits begins at the very moment when another ends: what that has just written must be what is changed.
        Parallel.For(0, Runs, new ParallelOptions { MaxDegreeOfParallelism = Runs }, run =>
        {
            for (int time = 0; time < Times; time++)
            {
                ProgramResult result;
                do
                {
                    result = DemoProgram.Run(folder, "add", "--model", "model.zip", "--train-folders", $"more{run}-{time}", "--output",
                        "model.zip");
                }
                while (result.ExitCode == 1 && result.Error.Contains(AtWork, StringComparison.Ordinal));
                result.AssertSuccess();
            }
        });

        Assert.AreEqual(40 + Runs * Times, CountRows(folder["model.zip"]));
    }

    [TestMethod]
    [DataRow("KILL")]
    [DataRow("INT")]
    public void Add_Ended_KeepsTheModelAndHoldsItNoMore(string signal)
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        AddLong(folder);
        byte[] before = File.ReadAllBytes(folder["model.zip"]);
        string[] arguments = ["add", "--model", "model.zip", "--train-folders", "long", "--output", "model.zip"];

        ProgramResult ended = DemoProgram.RunUntil("Adding ", signal, folder, arguments);

        Assert.AreEqual(signal == "KILL" ? 137 : 130, ended.ExitCode);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder["model.zip"]));
        DemoProgram.Run(folder, arguments).AssertSuccess();
        Assert.AreEqual(40 + Long, CountRows(folder["model.zip"]));
        Assert.IsFalse(File.Exists(folder["model.zip.unfinished"]));
    }

    [TestMethod]
    public void Remove_KilledAtAnyMoment_LeavesTheOldModelOrTheNewOne()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "first.zip", "--plain")).AssertSuccess();
        var random = new Random(1);
        for (int run = 0; run < 15; run++)
        {
            File.Copy(folder["first.zip"], folder["model.zip"], overwrite: true);
            DemoProgram.RunUntil("Removed ", "KILL", () => Thread.Sleep(random.Next(60)), [], folder, "remove", "--model",
                "model.zip", "--landmark", "Tower 3", "--output", "model.zip");

            Assert.Contains(CountRows(folder["model.zip"]), new[] { 40, 35 });
        }
    }

    [TestMethod]
    public void Add_ReadOnlyModel_IsReadAndNotWritten()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        PhotoFolders.Add(folder, "more", "Bridge", 1);
        File.SetAttributes(folder["model.zip"], FileAttributes.ReadOnly);

        DemoProgram.Run(folder, "add", "--model", "model.zip", "--train-folders", "more", "--output", "changed.zip").AssertSuccess();
        DemoProgram.Run(folder, "add", "--model", "model.zip", "--train-folders", "more", "--output", "model.zip").AssertError(1,
            $"'{folder["model.zip"]}' is read-only. Allow that it is written, or name another file.");

        Assert.AreEqual((40, 41), (CountRows(folder["model.zip"]), CountRows(folder["changed.zip"])));
    }

    [TestMethod]
    public void Add_OutputAmongThePhotographs_IsNotToldAsLeftOut()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        PhotoFolders.Add(folder, "more", "Bridge", 1);

        ProgramResult result = DemoProgram.Run(folder, "add", "--model", "model.zip", "--train-folders", "more", "--output",
            "more/Bridge/model.zip").AssertSuccess();

        Assert.AreEqual("", result.Error);
    }

    private const int Long = 2_000;

    // One photograph by many names: a run that takes a while.
    private static void AddLong(WorkFolder folder)
    {
        PhotoFolders.Add(folder, "long", "Wall", 1);
        for (int i = 1; i < Long; i++)
            File.CreateSymbolicLink(folder[$"long/Wall/{i}.bmp"], folder["long/Wall/0.bmp"]);
    }

    private static int CountRows(string model) => LandmarkModelInfo.Of(new MLContext().Model.Load(model, out _)).LandmarkRowCount;
}
