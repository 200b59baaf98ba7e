using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class FitLikeTests
{
    private static readonly string[] s_settings =
    [
        "--image-size", "24", "32", "--mean", "0.5", "--std", "0.25", "0.5", "0.75", "--average-mirror", "--neighbors", "3",
        "--train-penalty-neighbors", "2", "--query-penalty-neighbors", "4", "--false-alarms", "10%", "--unknown-landmarks", "20%",
        "--on-bad-image", "skip", "--max-megapixels", "20",
    ];

    [TestMethod]
    public void Fit_LikeAModel_TakesItsNetworkAndSettings()
    {
        using var folder = new WorkFolder();
        string network = folder["network.onnx"];
        File.Copy(SampleFiles.Network("two_outputs"), network);
        string[] data = Data(folder);
        string names = folder.WriteText("names.csv", "landmark_id,name\n3,The Tower\n");
        DemoProgram.Run(folder, ["fit", .. data, .. s_settings, "--network", network, "--network-output", "means", "--names", names,
            "--output", "model.zip"]).AssertSuccess();
        File.Delete(network);

        DemoProgram.Run(folder, ["fit", .. data, "--like", "model.zip", "--output", "other.zip"]).AssertSuccess();

        Assert.AreEqual(Describe(folder["model.zip"]), Describe(folder["other.zip"]));
        Assert.AreEqual("The Tower", Load(folder["other.zip"]).Names["3"]);
        CollectionAssert.AreEqual(Answer(folder["model.zip"]), Answer(folder["other.zip"]));
    }

    [TestMethod]
    public void Fit_LikeAModelWithOptions_TakesThese()
    {
        using var folder = new WorkFolder();
        string[] data = Data(folder);
        DemoProgram.Run(folder, ["fit", .. data, .. s_settings, "--network", SampleFiles.Network("means"), "--output", "model.zip"])
            .AssertSuccess();
        string names = folder.WriteText("names.csv", "landmark_id,name\n5,The Bridge\n");
        string[] settings = ["--image-size", "40", "--mean", "0.25", "--std", "1", "--average-mirror", "false", "--neighbors", "2",
            "--train-penalty-neighbors", "6", "--query-penalty-neighbors", "7", "--false-alarms", "20%", "--unknown-landmarks", "30%",
            "--on-bad-image", "fail", "--max-megapixels", "30", "--names", names];

        DemoProgram.Run(folder, ["fit", .. data, .. settings, "--like", "model.zip", "--output", "other.zip"]).AssertSuccess();

        DemoProgram.Run(folder, ["fit", .. data, .. settings[..6], .. settings[8..], "--network", SampleFiles.Network("means"), "--output",
            "expected.zip"]).AssertSuccess();
        Assert.AreEqual(Describe(folder["expected.zip"]), Describe(folder["other.zip"]));
        CollectionAssert.AreEqual(Answer(folder["expected.zip"]), Answer(folder["other.zip"]));
    }

    [TestMethod]
    public void Fit_LikeAModelWithBest_TakesItsNetworkAtOtherSizes()
    {
        using var folder = new WorkFolder();
        string network = SampleFiles.Network("means");
        DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(network, folder, "model.zip", "--image-size", "24")).AssertSuccess();
        string[] data = Data(folder);

        DemoProgram.Run(folder, ["fit", .. data, "--like", "model.zip", "--best", "--output", "like.zip"]).AssertSuccess();
        DemoProgram.Run(folder, ["fit", .. data, "--network", network, "--best", "--output", "expected.zip"]).AssertSuccess();

        CollectionAssert.AreEqual(Answer(folder["expected.zip"]), Answer(folder["like.zip"]));
    }

    [TestMethod]
    public void Fit_LikeAModelOfBest_IsOfBestToo()
    {
        using var folder = new WorkFolder();
        string[] data = Data(folder);
        DemoProgram.Run(folder, ["fit", .. data, "--network", SampleFiles.Network("means"), "--best", "--output", "best.zip"])
            .AssertSuccess();

        ProgramResult like = DemoProgram.Run(folder, ["fit", .. data, "--like", "best.zip", "--output", "like.zip"]).AssertSuccess();

        Assert.AreEqual("", like.Error);
        Assert.AreEqual(Describe(folder["best.zip"]), Describe(folder["like.zip"]));
        CollectionAssert.AreEqual(Answer(folder["best.zip"]), Answer(folder["like.zip"]));
    }

    [TestMethod]
    public void Fit_LikeAPlainModel_IsPlainAndHasNothingOfTheOtherMethods()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "plain.zip", "--plain", "--neighbors", "3")).AssertSuccess();
        string[] arguments = ["fit", .. Data(folder), "--like", "plain.zip", "--output", "other.zip"];

        Assert.Contains("Method: plain.", DemoProgram.Run(folder, arguments).AssertSuccess().OutputLines);

        Assert.IsInstanceOfType<KnnLandmarkTransformer>(Steps(folder["other.zip"]).Last());
        foreach (string[] option in (string[][])[["--best"], ["--names", "names.csv"], ["--false-alarms", "1%"]])
        {
            DemoProgram.Run(folder, [.. arguments, .. option]).AssertError(2, $"{option[0]} is nothing for the plain method, and "
                + "'plain.zip' is of that. Leave it out, or fit without --like.");
        }
    }

    [TestMethod]
    public void Fit_PlainLikeAnotherModel_TakesItsNetworkAlone()
    {
        using var folder = new WorkFolder();
        string[] data = Data(folder);
        DemoProgram.Run(folder, ["fit", .. data, "--network", SampleFiles.FastNetwork, "--best", "--output", "best.zip"]).AssertSuccess();

        DemoProgram.Run(folder, ["fit", .. data, "--like", "best.zip", "--plain", "--output", "like.zip"]).AssertSuccess();
        DemoProgram.Run(folder, ["fit", .. data, "--network", SampleFiles.FastNetwork, "--plain", "--output", "plain.zip"]).AssertSuccess();

        CollectionAssert.AreEqual(Answer(folder["plain.zip"]), Answer(folder["like.zip"]));
    }

    [TestMethod]
    [DataRow("fit-chain")]
    [DataRow("fit-sizes-chain")]
    [DataRow("fit-recognition-chain")]
    [DataRow("fit-recognition-sizes-chain")]
    public void Fit_LikeAModelOfAnOlderVersion_FitsOneOfItsKind(string name)
    {
        using var folder = new WorkFolder();
        string older = SampleFiles.GoldenModel(name);

        ProgramResult fit = DemoProgram.Run(folder, ["fit", .. Data(folder), "--like", older, "--output", "model.zip"]).AssertSuccess();

        Assert.Contains($"warning: '{older}' was saved by an older version, which does not say whether --best smoothed its photographs. "
            + "They are not smoothed now; give --best for that.", fit.ErrorLines);
        // What whitened in a step of its own is one with the votes now.
        bool isPlain = !Steps(older).Any(step => step is WhiteningTransformer or LandmarkRecognizingTransformer);
        Assert.AreEqual(isPlain, Steps(folder["model.zip"]).Last() is KnnLandmarkTransformer);
        LandmarkNetworkInfo expected = LandmarkModelInfo.Of(new MLContext().Model.Load(older, out _)).Networks.Single(),
            found = LandmarkModelInfo.Of(new MLContext().Model.Load(folder["model.zip"], out _)).Networks.Single();
        Assert.AreEqual((expected.Sha256, string.Join(' ', expected.ImageSizes)), (found.Sha256, string.Join(' ', found.ImageSizes)));
    }

    [TestMethod]
    public void Fit_LikeTheModelThatItWrites_ReplacesIt()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        File.CreateSymbolicLink(folder["link.zip"], "model.zip");

        DemoProgram.Run(folder, ["fit", .. Data(folder), "--like", "model.zip", "--output", "model.zip"]).AssertSuccess();
        DemoProgram.Run(folder, ["fit", .. Data(folder), "--like", "link.zip", "--output", "model.zip"]).AssertSuccess();

        Assert.AreEqual(60, Load(folder["model.zip"]).LandmarkRowCount);
    }

    [TestMethod]
    public void Fit_LikeWhatFitDidNotWrite_Fails()
    {
        using var folder = new WorkFolder();
        string[] arguments = ["fit", .. Data(folder), "--output", "model.zip", "--like"];
        var ml = new MLContext();
        IDataView photos = ml.Data.LoadLandmarks(SampleFiles.WriteRows(folder, "train.csv", 6), SampleFiles.Images);
        IEstimator<ITransformer> embedding = ml.Transforms.PrepareImages("Pixels", "ImagePath", 8)
            .Append(ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork));
        var knn = ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { AllowNoNonLandmarks = true });
        Save("stock.zip", ml.Transforms.CopyColumns("Copy", "Id").Fit(photos));
        Save("copied.zip", embedding.Append(ml.Transforms.CopyColumns("Features", "Features")).Append(knn).Fit(photos));
        IDataView embedded = ml.Data.Cache(embedding.Fit(photos).Transform(photos));
        Save("features.zip", knn.Fit(embedded));
        folder.WriteText("text.zip", "text");

        AssertError("none.zip", "'none.zip' does not exist.");
        AssertError("text.zip", "'text.zip' is no landmark model: it is of another kind, or only a part of one. Name a file that fit "
            + "wrote.");
        AssertError("stock.zip", "'stock.zip' is no landmark model: none of its steps names landmarks by photographs of them. Name a file "
            + "that fit wrote.");
        AssertError("copied.zip", "'copied.zip' has a step that fit does not make, ColumnCopyingTransformer. Name a file that fit "
            + "wrote.");
        AssertError("features.zip", "'features.zip' takes no photographs. Name a file that fit wrote.");
        DemoProgram.Run(folder, [.. arguments, "m.zip", "--network", "n.onnx"]).AssertError(2,
            "--like takes the model's network; leave --network out, or --like.");
        Assert.IsFalse(File.Exists(folder["model.zip"]));

        void AssertError(string model, string message) => DemoProgram.Run(folder, [.. arguments, model]).AssertError(1, message);

        void Save(string name, ITransformer model) => ml.Model.Save(model, photos.Schema, folder[name]);
    }

    // 12 landmarks of 5 photographs and 103 of none.
    private static string[] Data(WorkFolder folder)
    {
        string train = folder.WriteText("data.csv",
            "id,landmark_id\n" + string.Concat(SampleFiles.Ids("train.csv")[..60].Select((id, i) => $"{id},{i / 5}\n")));
        return ["--train", train, "--non-landmarks", SampleFiles.Of("valid.csv"), "--images", SampleFiles.Images];
    }

    private static string Describe(string model)
        => JsonSerializer.Serialize(LandmarkModelInfo.Of(new MLContext().Model.Load(model, out _)));

    private static float[] Answer(string model)
    {
        var ml = new MLContext();
        IDataView queries = ml.Data.LoadLandmarks(SampleFiles.Of("sample_submission.csv"), SampleFiles.Images);
        return [.. ml.Model.Load(model, out _).Transform(ml.Data.TakeRows(queries, 10)).GetColumn<float>("Score")];
    }

    private static ITransformer[] Steps(string model) => [.. (IEnumerable<ITransformer>)new MLContext().Model.Load(model, out _)];

    private static LandmarkRecognizingTransformer Load(string model) => (LandmarkRecognizingTransformer)Steps(model).Last();
}
