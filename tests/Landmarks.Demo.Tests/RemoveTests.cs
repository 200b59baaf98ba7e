using Microsoft.ML;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class RemoveTests
{
    private static readonly MLContext s_ml = new();

    [TestMethod]
    public void Remove_LandmarksAndPhotographs_LeavesTheModelOfTheOthers()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();

        ProgramResult result = DemoProgram.Run(folder, "remove", "--model", "model.zip", "--landmark", "Tower 1", "Tower 6", "--photo",
            "Tower 2/0.bmp", "Tower 2/3.bmp", "none/7.bmp", "Tower 6/0.bmp", "--output", "changed.zip").AssertSuccess();

        Assert.Contains("Removed 12 landmark rows and 1 non-landmark row.", result.OutputLines);
        Assert.Contains("Landmarks that are gone: Tower 1, Tower 6.", result.OutputLines);
        StringAssert.Matches(result.OutputLines[^1],
            new(@"^Wrote .*changed.zip: 28 landmark rows and 59 non-landmark rows in [0-9.]+ s\.$"));
        foreach (string gone in (string[])["Tower 1", "Tower 6"])
            Directory.Delete(folder[$"photos/{gone}"], recursive: true);
        foreach (string gone in (string[])["Tower 2/0", "Tower 2/3", "none/7"])
            File.Delete(folder[$"photos/{gone}.bmp"]);
        DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network", SampleFiles.FastNetwork,
            "--plain", "--output", "expected.zip").AssertSuccess();
        LandmarkModelInfo expected = Describe(folder["expected.zip"]), changed = Describe(folder["changed.zip"]);
        Assert.AreEqual((expected.LandmarkFingerprint, expected.NonLandmarkFingerprint),
            (changed.LandmarkFingerprint, changed.NonLandmarkFingerprint));
        CollectionAssert.AreEqual(expected.Landmarks.ToArray(), changed.Landmarks.ToArray());
    }

    [TestMethod]
    public void Remove_AllPhotographsOfALandmarkAndItself_RemovesItOnce()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();

        DemoProgram.Run(folder, ["remove", "--model", "model.zip", "--landmark", "Tower 1", "--landmark", "Tower 1", "--output",
            "model.zip", "--photo", .. Enumerable.Range(0, 5).Select(i => $"Tower 1/{i}.bmp")]).AssertSuccess();

        Assert.AreEqual((35, 7), (Describe(folder["model.zip"]).LandmarkRowCount, Describe(folder["model.zip"]).Landmarks.Count));
    }

    [TestMethod]
    public void Remove_PhotographThatIsHeldOut_IsFound()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        // Each third is held out, in ordinal order of names: 0, 1, 10.
        DemoProgram.Run(folder, "remove", "--model", "model.zip", "--photo", "none/10.bmp", "--output", "model.zip").AssertSuccess();

        Assert.AreEqual((40, 19), (Describe(folder["model.zip"]).NonLandmarkRowCount,
            Describe(folder["model.zip"]).Verdict!.FalseAlarmCount));
    }

    [TestMethod]
    public void Remove_LandmarkByItsName_IsRemovedUnlessSeveralHaveIt()
    {
        using var folder = new WorkFolder();
        string[] labels = [.. SampleFiles.Rows("train.csv")[..3].Select(row => row.Split(',')[1])];
        folder.WriteText("names.csv", $"landmark_id,name\n{labels[0]},The Tower\n{labels[1]},The Bridge\n{labels[2]},The Bridge\n");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--names", "names.csv")).AssertSuccess();

        ProgramResult result = Remove("The Tower");

        Assert.Contains("Landmarks that are gone: The Tower.", result.AssertSuccess().OutputLines);
        Remove("The Bridge").AssertError(1, "'The Bridge' is the name of 2 landmarks of 'model.zip'. Name the one that is meant by its "
            + $"label: {labels[1]}, {labels[2]}.");
        Assert.Contains($"Landmarks that are gone: The Bridge.", Remove(labels[1]).AssertSuccess().OutputLines);

        ProgramResult Remove(string landmark) => DemoProgram.Run(folder, "remove", "--model", "model.zip", "--landmark", landmark,
            "--output", "changed.zip");
    }

    [TestMethod]
    public void Remove_LandmarkInAnotherUnicodeForm_IsFound()
    {
        using var folder = new WorkFolder();
        string[] fit = PhotoFolders.Fit(folder, "model.zip");
        PhotoFolders.Add(folder, "photos", "Café", 2);
        DemoProgram.Run(folder, fit).AssertSuccess();

        Assert.Contains("Landmarks that are gone: Café.", DemoProgram.Run(folder, "remove", "--model", "model.zip", "--landmark",
            "Cafe\u0301", "--output", "model.zip").AssertSuccess().OutputLines);
    }

    [TestMethod]
    public void Remove_ListOfPhotographs_IsReadFromTheColumnId()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();
        folder.WriteText("list.csv", "kind,id,score\nexact-duplicate,Tower 2/0.bmp,1\nnear-duplicate,\"Tower 2/1.bmp\",\"0,9\"\n");
        folder.WriteText("other.csv", "kind,name\na,b\n");
        folder.WriteText("gone.csv", "id\nTower 2/0.bmp\nnowhere.jpg\nTower 2/8.bmp\n");
        folder.WriteText("unknown.csv", "id\nnowhere.jpg\n");
        folder.WriteText("empty.csv", "id\n");

        ProgramResult result = Remove("list.csv").AssertSuccess();

        Assert.Contains("Removed 2 landmark rows.", result.OutputLines);
        Assert.AreEqual("", result.Error);
        ProgramResult some = Remove("gone.csv").AssertSuccess();
        Assert.Contains("Removed 1 landmark row.", some.OutputLines);
        Assert.AreEqual("warning: 2 photographs in 'gone.csv' are not in 'model.zip', the first is 'nowhere.jpg'. The others are removed.",
            Assert.ContainsSingle(some.ErrorLines));
        Assert.Contains("Nothing was changed.", Remove("empty.csv").AssertSuccess().OutputLines);
        Assert.AreEqual(40, Describe(folder["changed.zip"]).LandmarkRowCount);
        Assert.IsEmpty(Describe(folder["changed.zip"]).Changes);
        Remove("unknown.csv").AssertError(1, "'model.zip' has no photograph 'nowhere.jpg'. Name photographs by the ids that they were "
            + "fitted with: those in the CSV file, or paths below --train-folders.");
        Remove("other.csv").AssertError(1, "'other.csv' has no column 'id', which names photographs.");
        Remove("none.csv").AssertError(1, "'none.csv' does not exist.");
        Assert.AreEqual(1, Remove("model.zip").ExitCode);

        ProgramResult Remove(string list)
            => DemoProgram.Run(folder, "remove", "--model", "model.zip", "--photo-list", list, "--output", "changed.zip");
    }

    [TestMethod]
    public void Remove_WhatIsNotThere_NamesWhatIsNear()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        const string Ids = "Name photographs by the ids that they were fitted with: those in the CSV file, or paths below --train-folders.";

        AssertError($"'model.zip' has no photograph 'photos/Tower 2/0.bmp', nor 1 of the others that were named. Did you mean "
            + $"'Tower 2/0.bmp'? {Ids}", "--photo", "photos/Tower 2/0.bmp", "Tower 2/1.bmp", "nowhere.jpg");
        AssertError($"'model.zip' has no photograph 'TOWER 2/0.BMP'. Did you mean 'Tower 2/0.bmp'? {Ids}", "--photo", "TOWER 2/0.BMP");
        AssertError($"'model.zip' has no photograph 'Tower 2/0.bpm'. Did you mean 'Tower 2/0.bmp'? {Ids}", "--photo", "Tower 2/0.bpm");
        AssertError($"'model.zip' has no photograph 'nowhere.jpg'. {Ids}", "--photo", "nowhere.jpg");
        AssertError("'model.zip' has no landmark 'Towr 2'. Did you mean 'Tower 2'? landmarks info lists those that it has.",
            "--landmark", "Towr 2");
        AssertError("'model.zip' has no landmark 'none'. landmarks info lists those that it has.", "--landmark", "none");
        DemoProgram.Run(folder, "remove", "--model", "model.zip", "--output", "o").AssertError(2,
            "Name what to remove by --landmark, --photo or --photo-list.");
        DemoProgram.Run(folder, "remove", "--model", "model.zip", "--output", "o", "--photo", "").AssertError(2,
            "--photo is empty; name a file or a folder.");

        void AssertError(string message, params string[] arguments)
            => DemoProgram.Run(folder, ["remove", "--model", "model.zip", "--output", "changed.zip", .. arguments]).AssertError(1, message);
    }

    [TestMethod]
    public void Remove_EverythingOfAKind_Fails()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();
        byte[] before = File.ReadAllBytes(folder["model.zip"]);

        DemoProgram.Run(folder, ["remove", "--model", "model.zip", "--output", "model.zip", "--landmark",
            .. Enumerable.Range(0, 8).Select(i => $"Tower {i}")]).AssertError(1,
            "None of the 40 landmark rows would be left. Leave one in, or fit a model to other rows.");

        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder["model.zip"]));
    }

    [TestMethod]
    public void Remove_WhatVerdictsAreJudgedBy_Fails()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();

        // Nothing but the 20 that are held out, and few of the others.
        DemoProgram.Run(folder, ["remove", "--model", "model.zip", "--output", "model.zip", "--photo",
            .. Enumerable.Range(0, 57).Select(i => $"none/{i}.bmp")]).AssertError(1, "1 photograph of nothing would be left to judge by, "
            + "and --false-alarms 0.05 takes 19. Leave more in, or, before that, add others.");
        DemoProgram.Run(folder, ["remove", "--model", "model.zip", "--output", "model.zip", "--photo",
            .. Enumerable.Range(0, 50).Select(i => $"none/{i}.bmp")]).AssertError(1, "3 photographs of nothing would be left to judge by, "
            + "and --false-alarms 0.05 takes 19. Leave more in, add others before, or fit a model by fit --like with --false-alarms 0.25 "
            + "or more.");
    }

    [TestMethod]
    public void Remove_FromAModelWithoutIds_TakesLandmarksAlone()
    {
        using var folder = new WorkFolder();
        IDataView photos = s_ml.Data.LoadLandmarks(SampleFiles.WriteRows(folder, "train.csv", 6), SampleFiles.Images);
        ITransformer model = s_ml.Transforms.PrepareImages("Pixels", "ImagePath", 8)
            .Append(s_ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork))
            .Append(s_ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { AllowNoNonLandmarks = true })).Fit(photos);
        s_ml.Model.Save(model, photos.Schema, folder["model.zip"]);

        DemoProgram.Run(folder, "remove", "--model", "model.zip", "--output", "changed.zip", "--photo", "a").AssertError(1,
            "'model.zip' was fitted without ids, so none of its photographs can be named. Remove whole landmarks by --landmark.");
        DemoProgram.Run(folder, "remove", "--model", "model.zip", "--output", "changed.zip", "--landmark",
            SampleFiles.Rows("train.csv")[0].Split(',')[1]).AssertSuccess();
        Assert.AreEqual(5, Describe(folder["changed.zip"]).LandmarkRowCount);
    }

    private static LandmarkModelInfo Describe(string model) => LandmarkModelInfo.Of(s_ml.Model.Load(model, out _));
}
