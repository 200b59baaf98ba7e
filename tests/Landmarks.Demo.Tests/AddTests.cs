using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class AddTests
{
    private static readonly MLContext s_ml = new();

    [TestMethod]
    public void Add_ToAPlainModel_GivesTheModelThatFitGivesOfAll()
    {
        using var folder = new WorkFolder();
        Fit("all.zip", 6, 12);
        Fit("model.zip", 4, 9);
        string train = Csv("train.csv", SampleFiles.Rows("train.csv")[4..6]),
            others = Csv("valid.csv", SampleFiles.Rows("valid.csv")[9..12]);

        ProgramResult result = DemoProgram.Run(folder, "add", "--model", "model.zip", "--train", train, "--non-landmarks", others,
            "--images", SampleFiles.Images, "--output", "changed.zip").AssertSuccess();

        // Those that the model has are not embedded again.
        Assert.Contains("Adding 2 landmark rows and 3 non-landmark rows to 4 landmark rows and 9 non-landmark rows.", result.OutputLines);
        Assert.Contains("Photographs: 5", result.OutputLines);
        Assert.Contains("Added 2 landmark rows and 3 non-landmark rows.", result.OutputLines);
        StringAssert.Matches(result.OutputLines[^1], new("^Wrote .*changed.zip: 6 landmark rows and 12 non-landmark rows in "));
        LandmarkModelInfo all = Describe(folder["all.zip"]), changed = Describe(folder["changed.zip"]);
        Assert.AreEqual((all.LandmarkFingerprint, all.NonLandmarkFingerprint),
            (changed.LandmarkFingerprint, changed.NonLandmarkFingerprint));
        CollectionAssert.AreEqual(Answer(folder["all.zip"]), Answer(folder["changed.zip"]));
        Assert.AreEqual((4, 9), (Describe(folder["model.zip"]).LandmarkRowCount, Describe(folder["model.zip"]).NonLandmarkRowCount));

        void Fit(string output, int landmarks, int others) => DemoProgram.Run(folder, "fit", "--plain", "--network",
            SampleFiles.FastNetwork, "--train", SampleFiles.WriteRows(folder, "train.csv", landmarks), "--non-landmarks",
            SampleFiles.WriteRows(folder, "valid.csv", others), "--images", SampleFiles.Images, "--output", output).AssertSuccess();

        string Csv(string name, string[] rows)
            => folder.WriteText(name, $"{File.ReadLines(SampleFiles.Of(name)).First()}\n{string.Join('\n', rows)}\n");
    }

    [TestMethod]
    public void Add_ToTheModelOfFit_GivesTheModelOfTheLibrary()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        PhotoFolders.Add(folder, "more", "Tower 3", 2, first: 5);
        PhotoFolders.Add(folder, "more", "Bridge", 3);
        PhotoFolders.Add(folder, "more", "nothing", 4, first: 100);

        ProgramResult result = DemoProgram.Run(folder, "add", "--model", "model.zip", "--train-folders", "more", "--non-landmark-folder",
            "nothing", "--output", "changed.zip").AssertSuccess();

        Assert.Contains("Added 5 landmark rows and 4 non-landmark rows.", result.OutputLines);
        Assert.Contains("New landmarks: Bridge.", result.OutputLines);
        Assert.Contains(line => line.StartsWith("Verdict: ", StringComparison.Ordinal), result.OutputLines);
        ITransformer expected = s_ml.Model.Load(folder["model.zip"], out _).With(s_ml.Data.LoadLandmarkFolders(folder["more"], "nothing"));
        AssertSame(LandmarkModelInfo.Of(expected), Describe(folder["changed.zip"]));
        CollectionAssert.AreEqual(Answer(expected), Answer(folder["changed.zip"]));
    }

    [TestMethod]
    public void Add_NonLandmarksAlone_TakesThemForModelsOfEitherKind()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "folders.zip", "--plain")).AssertSuccess();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "numbers.zip", "--plain")).AssertSuccess();
        string others = folder.WriteText("others.csv", $"id,landmark_id\n{string.Join('\n', SampleFiles.Rows("valid.csv")[20..23])}\n");
        PhotoFolders.Add(folder, "more", "nothing", 2, first: 200);

        foreach ((string model, int before) in new[] { ("folders.zip", 60), ("numbers.zip", 12) })
        {
            Add(model, "--non-landmarks", "others.csv", "--images", SampleFiles.Images);
            Add(model, "--train-folders", "more", "--non-landmark-folder", "nothing");
            Assert.AreEqual(before + 5, Describe(folder[model]).NonLandmarkRowCount);
        }

        ProgramResult sample = Add("folders.zip", "--non-landmarks", "sample", "--replace");
        Assert.Contains("Added 103 non-landmark rows in place of 3 non-landmark rows.", sample.OutputLines);
        Assert.AreEqual(62 + 103, Describe(folder["folders.zip"]).NonLandmarkRowCount);

        ProgramResult Add(string model, params string[] more)
            => DemoProgram.Run(folder, ["add", "--model", model, "--output", model, .. more]).AssertSuccess();
    }

    [TestMethod]
    public void Add_LandmarksOfAnotherKind_Fails()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "folders.zip", "--plain")).AssertSuccess();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "numbers.zip", "--plain")).AssertSuccess();
        PhotoFolders.Add(folder, "more", "Bridge", 1);

        DemoProgram.Run(folder, "add", "--model", "folders.zip", "--train", "train.csv", "--images", SampleFiles.Images, "--output",
            "changed.zip").AssertError(1, "The landmarks of 'folders.zip' are names of folders, and those to add are numbers. Add them by "
            + "--train-folders.");
        DemoProgram.Run(folder, "add", "--model", "numbers.zip", "--train-folders", "more", "--output", "changed.zip").AssertError(1,
            "The landmarks of 'numbers.zip' are numbers of a CSV file, and those to add are names of folders. Add them by --train.");
        Assert.IsFalse(File.Exists(folder["changed.zip"]));
    }

    [TestMethod]
    public void Add_ToAModelWithAnotherLabelOfNonLandmarks_TakesLandmarksAlone()
    {
        using var folder = new WorkFolder();
        IDataView photos = s_ml.Data.LoadLandmarks(SampleFiles.WriteRows(folder, "train.csv", 6), SampleFiles.Images);
        string none = SampleFiles.Rows("train.csv")[5].Split(',')[1];
        ITransformer model = s_ml.Transforms.PrepareImages("Pixels", "ImagePath", 8)
            .Append(s_ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork))
            .Append(s_ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { IdColumnName = "Id", NonLandmarkLabel = none }))
            .Fit(photos);
        s_ml.Model.Save(model, photos.Schema, folder["model.zip"]);
        string more = folder.WriteText("more.csv", $"id,landmark_id\n{SampleFiles.Rows("train.csv")[10]}\n");
        string[] arguments = ["add", "--model", "model.zip", "--output", "changed.zip", "--train", more, "--images", SampleFiles.Images];

        DemoProgram.Run(folder, [.. arguments, "--non-landmarks", "sample"]).AssertError(1, $"'model.zip' has '{none}' for the label of "
            + "photographs without a landmark, and here it is -1. Add landmarks alone, or add by the library's With.");
        DemoProgram.Run(folder, arguments).AssertSuccess();

        Assert.AreEqual((6, 1), (Describe(folder["changed.zip"]).LandmarkRowCount, Describe(folder["changed.zip"]).NonLandmarkRowCount));
    }

    [TestMethod]
    public void Add_ToAModelThatMakesKeysOfLabels_Fails()
    {
        using var folder = new WorkFolder();
        IDataView photos = s_ml.Data.LoadLandmarks(SampleFiles.WriteRows(folder, "train.csv", 6), SampleFiles.Images);
        ITransformer model = s_ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(s_ml.Transforms.PrepareImages("Pixels", "ImagePath", 8))
            .Append(s_ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork))
            .Append(s_ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { AllowNoNonLandmarks = true })).Fit(photos);
        s_ml.Model.Save(model, photos.Schema, folder["model.zip"]);
        string more = folder.WriteText("more.csv", $"id,landmark_id\n{SampleFiles.Rows("train.csv")[10]}\n");

        // A landmark that it does not know would be no key, and so no landmark.
        DemoProgram.Run(folder, "add", "--model", "model.zip", "--output", "changed.zip", "--train", more, "--images", SampleFiles.Images)
            .AssertError(1, "'model.zip' makes Key<UInt32, 0-5> of labels by a step of its own, so what is new to that would be no "
            + "landmark. Name a file that fit wrote, or add by the library's With.");
    }

    [TestMethod]
    public void Add_ToAModelOfSeveralNetworks_GivesTheModelOfTheLibrary()
    {
        using var folder = new WorkFolder();
        IDataView photos = s_ml.Data.LoadLandmarks(SampleFiles.WriteRows(folder, "train.csv", 6), SampleFiles.Images);
        ITransformer model = s_ml.Transforms.PrepareImages("Pixels", "ImagePath", 8)
            .Append(s_ml.Transforms.EmbedImages("One", "Pixels", SampleFiles.FastNetwork))
            .Append(s_ml.Transforms.EmbedImages("Other", "Pixels", SampleFiles.Network("means")))
            .Append(s_ml.Transforms.Concatenate("Features", "One", "Other"))
            .Append(s_ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { AllowNoNonLandmarks = true })).Fit(photos);
        s_ml.Model.Save(model, photos.Schema, folder["model.zip"]);
        string more = folder.WriteText("more.csv", $"id,landmark_id\n{SampleFiles.Rows("train.csv")[10]}\n");

        DemoProgram.Run(folder, "add", "--model", "model.zip", "--output", "changed.zip", "--train", more, "--images", SampleFiles.Images)
            .AssertSuccess();

        CollectionAssert.AreEqual(Answer(model.With(s_ml.Data.LoadLandmarks(more, SampleFiles.Images))), Answer(folder["changed.zip"]));
    }

    [TestMethod]
    public void Add_IdsThatAreThere_FailsBeforeAnyIsRead_UnlessTheyAreReplaced()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        // The third of the non-landmarks is held out, and taken all the same.
        PhotoFolders.Add(folder, "more", "Tower 3", 2, first: 4);
        File.WriteAllText(folder["more/Tower 3/4.bmp"], "not read");
        string[] arguments = ["add", "--model", "model.zip", "--train-folders", "more", "--output", "changed.zip"];

        DemoProgram.Run(folder, arguments).AssertError(1, "1 of 2 photographs has an id that 'model.zip' has already, the first is "
            + "'Tower 3/4.bmp'. Leave it out, or put it in the place of those by --replace.");

        string[] heldOut = ["add", "--model", "model.zip", "--train-folders", "photos", "--non-landmark-folder", "none", "--output",
            "changed.zip"];
        DemoProgram.Run(folder, heldOut).AssertError(1, "100 of 100 photographs have ids that 'model.zip' has already, the first is "
            + "'Tower 0/0.bmp'. Leave them out, or put them in the place of those by --replace.");
        PhotoFolders.Add(folder, "more", "Tower 3", 2, first: 4);
        ProgramResult replaced = DemoProgram.Run(folder, [.. arguments, "--replace"]).AssertSuccess();
        Assert.Contains("Added 2 landmark rows in place of 1 landmark row.", replaced.OutputLines);
        Assert.AreEqual(41, Describe(folder["changed.zip"]).LandmarkRowCount);
    }

    [TestMethod]
    public void Add_APhotographTwice_Fails()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        string row = SampleFiles.Rows("train.csv")[10], id = row.Split(',')[0];
        folder.WriteText("more.csv", $"id,landmark_id\n{row}\n{SampleFiles.Rows("train.csv")[11]}\n{id},7\n");

        DemoProgram.Run(folder, "add", "--model", "model.zip", "--train", "more.csv", "--images", SampleFiles.Images, "--replace",
            "--output", "model.zip").AssertError(1, $"1 id stands there twice among the photographs to add, the first is '{id}'. Name each "
            + "photograph once.");
    }

    [TestMethod]
    public void Add_UnreadablePhotograph_StopsUnlessItIsLeftOut()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--max-megapixels", "20")).AssertSuccess();
        PhotoFolders.Add(folder, "more", "Bridge", 2);
        folder.WriteText("more/Bridge/2.jpg", "no photograph");
        byte[] before = File.ReadAllBytes(folder["model.zip"]);
        string[] arguments = ["add", "--model", "model.zip", "--train-folders", "more", "--output", "model.zip"];

        Assert.AreEqual(1, DemoProgram.Run(folder, arguments).ExitCode);
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder["model.zip"]));

        ProgramResult result = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip", "--max-megapixels", "30"]).AssertSuccess();
        Assert.Contains(line => line.StartsWith("warning: 1 photograph could not be read", StringComparison.Ordinal), result.ErrorLines);
        Assert.Contains("Added 2 landmark rows.", result.OutputLines);
        // What is done about the next one is decided then; what the model was fitted with stays.
        ImagePreparationOptions preparation = Describe(folder["model.zip"]).Networks.Single().Preparation!;
        Assert.AreEqual((BadImageHandling.Throw, 20_000_000), (preparation.BadImages, preparation.MaxPixels));
    }

    [TestMethod]
    public void Add_Names_BecomePartOfTheModelBesideThoseThatItHas()
    {
        using var folder = new WorkFolder();
        string[] rows = SampleFiles.Rows("train.csv");
        string first = rows[0].Split(',')[1], added = rows[10].Split(',')[1];
        folder.WriteText("names.csv", $"landmark_id,name\n{first},The Tower\n");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--names", "names.csv")).AssertSuccess();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "plain.zip", "--plain")).AssertSuccess();
        folder.WriteText("more.csv", $"id,landmark_id\n{rows[10]}\n");
        folder.WriteText("names.csv", $"landmark_id,name\n{added},The Bridge\n");
        string[] arguments = ["--train", "more.csv", "--images", SampleFiles.Images, "--names", "names.csv", "--output", "changed.zip"];

        ProgramResult result = DemoProgram.Run(folder, ["add", "--model", "model.zip", .. arguments]).AssertSuccess();

        Assert.Contains("New landmarks: The Bridge.", result.OutputLines);
        Dictionary<string, string?> names = Describe(folder["changed.zip"]).Landmarks.ToDictionary(one => one.Label, one => one.Name);
        Assert.AreEqual(("The Tower", "The Bridge"), (names[first], names[added]));
        folder.WriteText("broken.csv", "landmark_id,name\n7,The Tower\n7,The Bridge\n");
        ProgramResult broken = DemoProgram.Run(folder, ["add", "--model", "model.zip", .. arguments[..^4], "--names", "broken.csv",
            "--output", "changed.zip"]);
        broken.AssertError(1, "'broken.csv', line 3: '7' stands there a second time.");
        Assert.DoesNotContain(line => line.StartsWith("Photographs: ", StringComparison.Ordinal), broken.OutputLines);
        DemoProgram.Run(folder, ["add", "--model", "plain.zip", .. arguments]).AssertError(1, "'plain.zip' is of the plain method, which "
            + "has no names of landmarks. Leave --names out, and give it to predict.");
    }

    [TestMethod]
    [DataRow("fit-chain")]
    [DataRow("fit-sizes-chain")]
    [DataRow("fit-recognition-chain")]
    [DataRow("fit-recognition-sizes-chain")]
    public void Add_ToAModelOfAnOlderVersion_GivesTheModelOfTheLibrary(string name)
    {
        using var folder = new WorkFolder();
        string more = folder.WriteText("more.csv", $"id,landmark_id\n{string.Join('\n', SampleFiles.Rows("train.csv")[..3])}\n");

        DemoProgram.Run(folder, "add", "--model", SampleFiles.GoldenModel(name), "--train", more, "--images", SampleFiles.Images,
            "--output", "changed.zip").AssertSuccess();

        ITransformer expected = s_ml.Model.Load(SampleFiles.GoldenModel(name), out _)
            .With(s_ml.Data.LoadLandmarks(more, SampleFiles.Images));
        AssertSame(LandmarkModelInfo.Of(expected), Describe(folder["changed.zip"]));
        CollectionAssert.AreEqual(Answer(expected), Answer(folder["changed.zip"]));
    }

    [TestMethod]
    public void Add_ManyPhotographs_AdvisesToFitAnew()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        PhotoFolders.Add(folder, "more", "Bridge", 30);

        ProgramResult result = DemoProgram.Run(folder, "add", "--model", "model.zip", "--train-folders", "more", "--output", "model.zip")
            .AssertSuccess();

        string advice = Assert.ContainsSingle(result.ErrorLines);
        StringAssert.StartsWith(advice, "warning: 30 of 130 rows came since Fit, more than a fifth. ");
        StringAssert.EndsWith(advice, ". Fit anew, as fit --like does.");
    }

    [TestMethod]
    public void Add_WhatIsNoModelOrNothing_Fails()
    {
        using var folder = new WorkFolder();
        IDataView photos = s_ml.Data.LoadLandmarks(SampleFiles.WriteRows(folder, "train.csv", 6), SampleFiles.Images);
        s_ml.Model.Save(s_ml.Transforms.CopyColumns("Copy", "Id").Fit(photos), photos.Schema, folder["stock.zip"]);
        folder.WriteText("text.zip", "text");
        Directory.CreateDirectory(folder["empty/Tower"]);
        PhotoFolders.Add(folder, "more", "Bridge", 1);
        string[] data = ["--train-folders", "more", "--output", "out.zip"];

        AssertError(1, "'none.zip' does not exist.", ["--model", "none.zip", .. data]);
        AssertError(1, "'text.zip' is no landmark model: it is of another kind, or only a part of one. Name a file that fit wrote.",
            ["--model", "text.zip", .. data]);
        AssertError(1, "'stock.zip' is no landmark model: none of its steps names landmarks by photographs of them. Name a file that fit "
            + "wrote.", ["--model", "stock.zip", .. data]);
        AssertError(1, "There is no photograph in the folders of 'empty'.",
            ["--model", "text.zip", "--train-folders", "empty", "--output", "out.zip"]);
        AssertError(2, "Name the photographs to add by --train, by --train-folders, or by --non-landmarks; --non-landmarks sample takes "
            + "those that come with the program.", ["--model", "text.zip", "--output", "out.zip"]);
        AssertError(2, "--train-images goes with --train, which names the photographs.",
            ["--model", "m", "--output", "o", "--non-landmarks", "sample", "--train-images", "i"]);
        AssertError(2, "Name the photographs' folder by --images, or by --non-landmark-images.",
            ["--model", "m", "--output", "o", "--non-landmarks", "n.csv"]);
        AssertError(2, "Option '--model' is required.", data);
        folder.WriteText("text.zip.unfinished", "text");
        AssertError(1, "'text.zip' is to be written and is read in this run, as 'text.zip.unfinished'. Name another file to write.",
            ["--model", "text.zip.unfinished", "--train-folders", "more", "--output", "text.zip"]);
        Assert.IsFalse(File.Exists(folder["out.zip"]));

        void AssertError(int exitCode, string message, string[] arguments)
            => DemoProgram.Run(folder, ["add", .. arguments]).AssertError(exitCode, message);
    }

    private static void AssertSame(LandmarkModelInfo expected, LandmarkModelInfo found)
    {
        // The time of the change is another.
        Assert.AreEqual(Describe(expected), Describe(found));
        Assert.AreEqual(expected.Changes[^1] with { Time = default }, found.Changes[^1] with { Time = default });

        static string Describe(LandmarkModelInfo info) => JsonSerializer.Serialize(info with { Changes = [] });
    }

    private static LandmarkModelInfo Describe(string model) => LandmarkModelInfo.Of(s_ml.Model.Load(model, out _));

    private static float[] Answer(string model) => Answer(s_ml.Model.Load(model, out _));

    private static float[] Answer(ITransformer model)
    {
        IDataView queries = s_ml.Data.LoadLandmarks(SampleFiles.Of("sample_submission.csv"), SampleFiles.Images);
        return [.. model.Transform(s_ml.Data.TakeRows(queries, 10)).GetColumn<float>("Score")];
    }
}
