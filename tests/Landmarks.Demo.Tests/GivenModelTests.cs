using System.Xml;
using System.Xml.Linq;
using Microsoft.ML;

namespace Landmarks.Demo.Tests;

/// <summary>Models that <c>compare</c> is given, beside those that it fits.</summary>
[TestClass]
public sealed class GivenModelTests
{
    [TestMethod]
    public void Compare_Model_StandsInTheTablesWithWhatPredictAnswers()
    {
        using var folder = new WorkFolder();
        string truth = SampleFiles.Of("test_truth.csv");
        string[] images = ["--images", SampleFiles.Images], queries = ["--queries", SampleFiles.Of("sample_submission.csv"), .. images];
        // Of other images, fewer photographs, and another rate than those that it is compared with.
        DemoProgram.Run(folder, ["fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 40), "--non-landmarks",
            SampleFiles.WriteRows(folder, "valid.csv", 70), .. images, "--network", SampleFiles.FastNetwork, "--average-mirror",
            "--false-alarms", "10%", "--output", "my model.zip"]).AssertSuccess();
        string[] compare = ["compare", "--train", SampleFiles.Of("train.csv"), "--non-landmarks", SampleFiles.Of("valid.csv"), .. queries,
            "--truth", truth, "--network", SampleFiles.FastNetwork];
        ProgramResult without = DemoProgram.Run(folder, compare).AssertSuccess();

        ProgramResult result = DemoProgram.Run(folder, [.. compare, "--model", "./my model.zip", "--report", "r.html"]).AssertSuccess();

        Assert.Contains("Asking './my model.zip', which is given and not fitted here: 40 landmark rows and 47 non-landmark rows.",
            result.OutputLines);
        string[][] rows = Rows(result), given = [.. rows.Where(row => row[0].StartsWith("given:", StringComparison.Ordinal))];
        Assert.HasCount(2, given);
        Assert.IsTrue(given.All(row => row is ["given:my model.zip", "8", ..]));
        CollectionAssert.AreEqual(Rows(without).Select(row => string.Join(',', row)).ToArray(),
            rows.Except(given).Select(row => string.Join(',', row)).ToArray());
        Assert.Contains("Compared 6 models on 76 queries, ", result.OutputLines[^1]);

        DemoProgram.Run(folder, ["predict", "--model", "my model.zip", .. queries, "--format", "csv", "--output", "answers.csv"])
            .AssertSuccess();
        string[] measured = DemoProgram.Run(folder, "evaluate", "--predictions", "answers.csv", "--truth", truth, "--train", "train.csv")
            .AssertSuccess().OutputLines;
        Assert.Contains($"GAP {given[0][2]}", measured);
        Assert.Contains($"accuracy {given[0][5]}", measured);
        Assert.Contains($"GAP-low {given[0][3]}", measured);
        // Stated, then what was measured by the landmarks that this model knows, fewer than the others know.
        Assert.AreSequenceEqual(["0.1", ""], given[1][2..4]);
        string[] columns = result.OutputLines.Last(line => line.StartsWith("method,", StringComparison.Ordinal)).Split(',');
        Assert.AreNotEqual("", given[1][Array.IndexOf(columns, "unknown-landmarks")]);
        foreach ((string column, string value) in columns.Zip(given[1]).Skip(4))
            Assert.Contains($"{column} {value}", measured);

        using var reader = XmlReader.Create(folder["r.html"], new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        XElement shown = Assert.ContainsSingle(row => row.Value.Contains("given:my model.zip, not fitted here", StringComparison.Ordinal),
            XElement.Load(reader).Descendants("tr"));
        Assert.Contains(double.Parse(given[0][2], null).ToString("F3", null), shown.Value);
    }

    [TestMethod]
    public void Compare_ModelWhoseNamesTheQueriesHave_IsComparedByNames()
    {
        using var folder = new WorkFolder();
        string[] training = SampleFiles.Rows("train.csv")[..6], queries = [.. training.Select(row => row.Split(',')[0])],
            network = ["--network", SampleFiles.FastNetwork], compare = ["compare", "--train-folders", "photos", "--non-landmarks",
            "sample", .. network, "--query-folders"];
        // One landmark has no name: its queries are called by its label.
        folder.WriteText("names.csv", $"landmark_id,name\n{string.Join('\n', training[1..].Select(row
            => $"{row.Split(',')[1]},Place {row.Split(',')[1]}"))}\n");
        DemoProgram.Run(folder, ["fit", "--train", SampleFiles.WriteRows(folder, "train.csv", 6), "--images", SampleFiles.Images,
            "--non-landmarks", "sample", .. network, "--names", "names.csv", "--output", "m.zip"]).AssertSuccess();
        foreach ((int i, string row) in training.Index())
        {
            string landmark = row.Split(',')[1];
            Copy($"photos/Place {landmark}", queries[i]);
            Copy($"asked/{(i == 0 ? "" : "Place ")}{landmark}", queries[i]);
        }

        ProgramResult result = DemoProgram.Run(folder, [.. compare, "asked", "--model", "m.zip"]).AssertSuccess();

        Assert.ContainsSingle(line => line.StartsWith("Asking 'm.zip', which is given and not fitted here: 6 landmark rows and ",
            StringComparison.Ordinal) && line.EndsWith("; its landmarks by their names.", StringComparison.Ordinal), result.OutputLines);
        // The photographs that it was fitted to: it finds each.
        Assert.AreEqual("1.000000", Rows(result).First(row => row[0] == "given:m.zip")[5]);
        Assert.DoesNotContain(line => line.Contains("m.zip", StringComparison.Ordinal), result.ErrorLines);

        Copy("photos/Atlantis", queries[0]);
        Copy("elsewhere/Atlantis", queries[0]);
        DemoProgram.Run(folder, [.. compare, "elsewhere", "--model", "m.zip"]).AssertError(1, "No query shows a landmark that 'm.zip' "
            + $"knows: the first shows 'Atlantis', and it knows '{training[0].Split(',')[1]}' and 5 more. Name a model of the landmarks "
            + "that the queries show, which has their labels or, by fit --names, their names.");

        void Copy(string to, string id)
        {
            Directory.CreateDirectory(folder[to]);
            File.Copy(SampleFiles.Photo(id), folder[$"{to}/{id}.jpg"]);
        }
    }

    [TestMethod]
    public void Compare_QueriesThatTheModelKnowsOrCannot_AreTold()
    {
        using var folder = new WorkFolder();
        string[] rows = SampleFiles.Rows("train.csv");
        string queries = folder.WriteText("queries.csv", $"id,landmark_id\n{rows[0]}\n{rows[1]}\n{rows[7]}\n");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "m.zip", "--plain")).AssertSuccess();

        ProgramResult result = DemoProgram.Run(folder, "compare", "--train", SampleFiles.Of("train.csv"), "--non-landmarks",
            folder["valid.csv"], "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--queries", queries, "--truth",
            queries, "--model", "m.zip").AssertSuccess();

        Assert.Contains("warning: 1 of 3 queries with a landmark shows one that 'm.zip' does not know. It can't answer it right.",
            result.ErrorLines);
        Assert.Contains("warning: 2 of 3 queries are among the photographs of 'm.zip' too, by id. There such a query finds itself, and "
            + "says nothing of other photographs. Take it out of the queries.", result.ErrorLines);
        // The plain method has no verdict.
        Assert.ContainsSingle(row => row[0] == "given:m.zip", Rows(result));
    }

    [TestMethod]
    public void Compare_UnreadableQuery_IsReadByTheModelAsByTheOthers()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "m.zip")).AssertSuccess();
        string row = SampleFiles.Rows("train.csv")[0],
            queries = folder.WriteText("queries.csv", $"id,landmark_id\n{row}\nabcdef,{row.Split(',')[1]}\n");
        string[] compare = ["compare", "--train", folder["train.csv"], "--non-landmarks", folder["valid.csv"], "--images",
            SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--queries", queries, "--truth", queries, "--model", "m.zip"];

        ProgramResult result = DemoProgram.Run(folder, [.. compare, "--on-bad-image", "skip"]).AssertSuccess();

        Assert.AreEqual("0.500000", Rows(result).First(row => row[0] == "given:m.zip")[5]);
        ProgramResult refused = DemoProgram.Run(folder, compare);
        Assert.AreEqual(1, refused.ExitCode);
        Assert.Contains("abcdef.jpg'", refused.Error);
    }

    [TestMethod]
    public void Compare_WhatIsNoModel_FailsBeforeAnyPhotographIsRead()
    {
        using var folder = new WorkFolder();
        var ml = new MLContext();
        string train = SampleFiles.WriteRows(folder, "train.csv", 6), others = SampleFiles.WriteRows(folder, "valid.csv", 6);
        IDataView photos = ml.Data.LoadLandmarks(new LandmarkSource(train, SampleFiles.Images),
            new LandmarkSource(others, SampleFiles.Images));
        IEstimator<ITransformer> embedding = SampleFiles.PrepareImages(ml)
            .Append(ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork));
        Save("features.zip", ml.Transforms.KnnLandmark().Fit(ml.Data.Cache(embedding.Fit(photos).Transform(photos))));
        Save("columns.zip", embedding.Append(ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            PredictedLabelColumnName = "Guess",
        })).Fit(photos));
        folder.WriteText("text.zip", "text");
        string[] compare = ["compare", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--queries", "queries.csv", "--truth", "queries.csv"];
        folder.WriteText("queries.csv", $"id,landmark_id\nabcdef,{SampleFiles.Rows("train.csv")[0].Split(',')[1]}\n");

        AssertError("'none.zip' does not exist.", "--model", "none.zip");
        AssertError("'text.zip' is no landmark model: it is of another kind, or only a part of one. Name a file that fit wrote.",
            "--model", "text.zip");
        foreach (string model in (string[])["features.zip", "columns.zip"])
        {
            AssertError($"'{model}' is no landmark model: it has no column of photographs, or no columns of answers, as fit has them. "
                + "Name a file that fit wrote.", "--model", model);
        }

        AssertError("'text.zip' is to be written and is read in this run. Name another file to write.", "--model", "text.zip",
            "--report", "text.zip");

        void Save(string file, ITransformer model) => ml.Model.Save(model, photos.Schema, folder[file]);

        void AssertError(string message, params string[] arguments)
        {
            ProgramResult result = DemoProgram.Run(folder, [.. compare, .. arguments]);
            result.AssertError(1, message);
            Assert.DoesNotContain("Fitting", result.Output);
        }
    }

    // The lines of both tables.
    private static string[][] Rows(ProgramResult result)
        => [.. result.OutputLines.SkipWhile(line => !line.StartsWith("method,", StringComparison.Ordinal))
            .Where(line => line.Count(letter => letter == ',') > 10 && !line.StartsWith("method,", StringComparison.Ordinal))
            .Select(line => line.Split(','))];
}
