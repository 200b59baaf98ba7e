using System.Text.Json;
using Microsoft.ML;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class InfoTests
{
    [TestMethod]
    public void Info_Text_TellsWhatTheModelConsistsOf()
    {
        using var folder = new WorkFolder();
        string[] rows = SampleFiles.Rows("train.csv")[..6];
        string label = rows[0].Split(',')[1];
        folder.WriteText("names.csv", $"landmark_id,name\n{label},The \u202eTower\n");
        string network = SampleFiles.Network("means");
        DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(network, folder, "model.zip", "--names", "names.csv", "--image-size", "24", "32",
            "--average-mirror", "--neighbors", "3")).AssertSuccess();

        ProgramResult info = DemoProgram.Run(folder, "info", "model.zip").AssertSuccess();

        string[] expected =
        [
            "Knows 6 landmarks by 6 landmark rows and 12 non-landmark rows.",
            "Votes: 3 neighbors; penalties by 5 and 10 non-landmarks, with weights 1 and 1; similarity exponent 1.",
            "Images: 24, 32 pixels, and mirrored; crop-center, open-cv-cubic, mean 0.485 0.456 0.406, std 0.229 0.224 0.225, large ones "
                + "scaled while they are decoded.",
            "Features: 3 values.",
            "Landmarks, by their photographs:",
            $"1  The \\u202eTower ({label})",
            .. rows[1..].Select(row => $"1  {row.Split(',')[1]}"),
        ];
        CollectionAssert.AreEquivalent(expected, info.OutputLines.Where(line
            => !line.StartsWith("Method: plain; ", StringComparison.Ordinal) && !line.StartsWith("Fingerprints: ", StringComparison.Ordinal)
            && !line.StartsWith("Network: ", StringComparison.Ordinal)).ToArray());
        Assert.Contains(line => line.StartsWith($"Network: {new FileInfo(network).Length} bytes, SHA-256 ", StringComparison.Ordinal)
            && line.EndsWith(", from 'input' to 'means'.", StringComparison.Ordinal), info.OutputLines);
        Assert.AreEqual("", info.Error);
    }

    [TestMethod]
    [DataRow("fit-chain", null)]
    [DataRow("fit-recognition-chain", "whitened-tuned")]
    public void Info_Json_IsOneObjectOfWhatTheLibraryTells(string name, string? method)
    {
        using var folder = new WorkFolder();
        string model = SampleFiles.GoldenModel(name);
        LandmarkModelInfo expected = LandmarkModelInfo.Of(new MLContext().Model.Load(model, out _));

        ProgramResult info = DemoProgram.Run(folder, "info", "--format", "json", model).AssertSuccess();

        using var json = JsonDocument.Parse(Assert.ContainsSingle(info.OutputLines));
        JsonElement told = json.RootElement, network = told.GetProperty("networks")[0];
        Assert.AreEqual(method, told.GetProperty("method").GetString());
        Assert.AreEqual(expected.Networks[0].Sha256, network.GetProperty("sha256").GetString());
        Assert.IsFalse(network.TryGetProperty("content", out _));
        Assert.AreEqual(expected.LandmarkFingerprint, told.GetProperty("landmarkFingerprint").GetString());
        Assert.AreEqual(expected.Landmarks.Count, told.GetProperty("landmarks").GetArrayLength());
        Assert.AreEqual(expected.Verdict?.FalseAlarmRate,
            told.GetProperty("verdict").ValueKind == JsonValueKind.Null ? null : told.GetProperty("verdict").GetProperty("falseAlarmRate")
                .GetDouble());
    }

    [TestMethod]
    public void Info_ChangedModel_TellsWhatCameAndWent()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        PhotoFolders.Add(folder, "more", "Tower 1", 2, first: 4);
        PhotoFolders.Add(folder, "more", "nothing", 3, first: 60);
        DemoProgram.Run(folder, "add", "--model", "model.zip", "--train-folders", "more", "--non-landmark-folder", "nothing", "--replace",
            "--output", "model.zip").AssertSuccess();
        DemoProgram.Run(folder, "remove", "--model", "model.zip", "--photo", "none/0.bmp", "--output", "model.zip").AssertSuccess();

        string[] lines = DemoProgram.Run(folder, "info", "model.zip").AssertSuccess().OutputLines;

        Assert.Contains("Knows 8 landmarks by 41 landmark rows and 41 non-landmark rows; 21 more are held out for the verdict.", lines);
        int start = Array.IndexOf(lines, "Changes since it was fitted, by which 5 rows came:");
        StringAssert.Matches(lines[start + 1], new("^20[0-9 :Z-]+  Added 2 landmark rows and 3 non-landmark rows in place of 1 landmark "
            + @"row\.$"));
        StringAssert.Matches(lines[start + 2], new(@"^20[0-9 :Z-]+  Removed 1 non-landmark row\.$"));
    }

    [TestMethod]
    public void Info_Csv_HasARowForEachLandmark()
    {
        using var folder = new WorkFolder();
        string label = SampleFiles.Rows("train.csv")[0].Split(',')[1];
        folder.WriteText("names.csv", $"landmark_id,name\n{label},\"Tower, the\"\n");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--names", "names.csv")).AssertSuccess();

        string[] lines = DemoProgram.Run(folder, "info", "model.zip", "--format", "csv").AssertSuccess().OutputLines;

        Assert.HasCount(7, lines);
        Assert.AreEqual(("landmark_id,name,photographs", $"{label},\"Tower, the\",1"), (lines[0], lines[1]));
    }

    [TestMethod]
    public void Info_ModelThatWhitensInAStepOfItsOwn_SaysSo()
    {
        using var folder = new WorkFolder();
        string[] lines = DemoProgram.Run(folder, "info", SampleFiles.GoldenModel("fit-chain")).AssertSuccess().OutputLines;
        Assert.Contains("Method: whitened.", lines);
        Assert.Contains("Features: 87 values, whitened.", lines);
    }

    [TestMethod]
    public void Info_NoLandmarkModel_Fails()
    {
        using var folder = new WorkFolder();
        folder.WriteText("text.zip", "text");
        DemoProgram.Run(folder, "info").AssertError(2, "Required argument missing for command: 'info'.");
        DemoProgram.Run(folder, "info", "").AssertError(2, "MODEL is empty; name a file or a folder.");
        DemoProgram.Run(folder, "info", "none.zip").AssertError(1, "'none.zip' does not exist.");
        DemoProgram.Run(folder, "info", ".").AssertError(1, "'.' is a folder; name a file in it.");
        DemoProgram.Run(folder, "info", "text.zip").AssertError(1, "'text.zip' is no landmark model: it is of another kind, or only a part "
            + "of one. Name a file that fit wrote.");
    }
}
