using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace Landmarks.Demo.Tests;

/// <summary>What <c>check</c> tells; what it finds is the library's, and tested there.</summary>
[TestClass]
public sealed class CheckTests
{
    private const string Header = "kind,id,path,landmark,name,otherId,otherPath,otherLandmark,otherName,score,advice";

    // Photographs of the sample by folder; the same number is the same photograph.
    private static readonly (string Name, int Sample)[] s_photographs =
    [
        ("Eiffel Tower/1.jpg", 0), ("Eiffel Tower/2.jpg", 1), ("Eiffel Tower/3.jpg", 1), ("Eiffel Tower/4.jpg", 2),
        ("Tokyo Tower/1.jpg", 3), ("Tokyo Tower/2.jpg", 0), ("Tokyo Tower/3.jpg", 4),
        ("none/1.jpg", 5), ("none/2.jpg", 6),
    ];

    [TestMethod]
    public void Check_Folders_TellsFindingsByWorth()
    {
        using WorkFolder folder = Create();
        File.WriteAllText(folder["photos/Tokyo Tower/torn.jpg"], "text");

        ProgramResult result = Check(folder, "--non-landmark-folder", "none").AssertSuccess();

        string[] kinds = [.. result.OutputLines.Where(line => line.Contains(": ", StringComparison.Ordinal))
            .Select(line => line.Split(':')[0])];
        CollectionAssert.AreEqual((string[])["contradiction", "exact-duplicate", "unreadable"],
            kinds.Intersect(["contradiction", "exact-duplicate", "unreadable"]).ToArray());
        Assert.Contains("Eiffel Tower/1.jpg, Tokyo Tower/2.jpg, likeness 1.000", result.OutputLines);
        Assert.Contains("Eiffel Tower/3.jpg, Eiffel Tower/2.jpg", result.OutputLines);
        Assert.Contains(line => line.StartsWith("Tokyo Tower/torn.jpg: ", StringComparison.Ordinal)
            && line.Contains(" is not a readable image. ", StringComparison.Ordinal), result.OutputLines);
        // All that is no finding, and no complaint of a photograph that can't be read.
        Assert.Contains("Checking 8 landmark rows and 2 non-landmark rows.", result.ErrorLines);
        Assert.Contains("1  contradiction", result.ErrorLines);
        Assert.Contains("Not looked for: leak (no queries are named).", result.ErrorLines);
        Assert.DoesNotContain("warning", result.Error);
        folder.AssertFiles([.. Files, "photos/Tokyo Tower/torn.jpg"]);
    }

    [TestMethod]
    public void Check_Json_IsAnObjectOnEachLine()
    {
        using WorkFolder folder = Create();

        ProgramResult result = Check(folder, "--format", "json", "--kinds", "contradiction", "exact-duplicate").AssertSuccess();

        JsonElement[] findings = [.. result.OutputLines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.HasCount(2, findings);
        CollectionAssert.AreEqual(Header.Split(','), findings[0].EnumerateObject().Select(property => property.Name).ToArray());
        CollectionAssert.AreEqual((string[])["contradiction", "exact-duplicate"],
            findings.Select(finding => finding.GetProperty("kind").GetString()).ToArray());
        Assert.AreEqual(Path.Combine("photos", "Eiffel Tower", "3.jpg"), findings[1].GetProperty("path").GetString());
        Assert.AreEqual(Path.Combine("photos", "Eiffel Tower", "2.jpg"), findings[1].GetProperty("otherPath").GetString());
        Assert.AreEqual(1, findings[1].GetProperty("score").GetDouble());
    }

    [TestMethod]
    public void Check_Csv_IsARowForEachFinding()
    {
        using WorkFolder folder = Create();

        ProgramResult result = Check(folder, "--format", "csv", "--kinds", "contradiction", "--output", "findings.csv").AssertSuccess();

        Assert.AreEqual("", result.Output);
        Assert.Contains($"Wrote {folder["findings.csv"]}.", result.ErrorLines);
        string[] rows = File.ReadAllLines(folder["findings.csv"]);
        Assert.AreEqual(Header, rows[0]);
        Assert.HasCount(2, rows);
        Assert.StartsWith($"contradiction,Eiffel Tower/1.jpg,{Path.Combine("photos", "Eiffel Tower", "1.jpg")},Eiffel Tower,Eiffel Tower,"
            + "Tokyo Tower/2.jpg,", rows[1]);
    }

    [TestMethod]
    public void Check_Queries_TellsThoseThatAreReferences()
    {
        using WorkFolder folder = Create();
        Copy(folder, "queries/a/b.jpg", 3);
        Copy(folder, "queries/c.jpg", 7);

        ProgramResult result = Check(folder, "--query-folders", "queries", "--kinds", "leak", "contamination").AssertSuccess();

        Assert.HasCount(2, result.OutputLines);
        Assert.AreEqual("a/b.jpg, Tokyo Tower/1.jpg, likeness 1.000", result.OutputLines[1]);
        Assert.Contains("Not looked for: contamination (no non-landmarks are named).", result.ErrorLines);
        JsonElement leak = JsonDocument.Parse(Check(folder, "--query-folders", "queries", "--kinds", "leak", "--format", "json").Output)
            .RootElement;
        Assert.AreEqual(Path.Combine("queries", "a", "b.jpg"), leak.GetProperty("path").GetString());
        Assert.AreEqual(JsonValueKind.Null, leak.GetProperty("landmark").ValueKind);
    }

    [TestMethod]
    public void Check_CsvFiles_TellsNamesAndLeaksOfTheChallenge()
    {
        using var folder = new WorkFolder();
        string[] rows = SampleFiles.Rows("train.csv")[..4];
        string query = rows[2].Split(',')[0], label = rows[2].Split(',')[^1];
        folder.WriteText("queries.csv", $"id\n{query}\n");
        folder.WriteText("names.csv", $"landmark_id,name\n{label},The Tower\n");
        folder.WriteText("again.csv", string.Join('\n', [File.ReadLines(SampleFiles.Of("train.csv")).First(), .. rows]) + '\n');

        ProgramResult result = DemoProgram.Run(folder, "check", "--train", "again.csv", "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--queries", "queries.csv", "--names", "names.csv", "--kinds", "leak").AssertSuccess();

        Assert.AreEqual($"{query}, {query} (The Tower), likeness 1.000", result.OutputLines[^1]);
    }

    [TestMethod]
    public void Check_Model_GivesItsNetworkAndNames()
    {
        using WorkFolder folder = Create();
        folder.WriteText("names.csv", "landmark_id,name\nEiffel Tower,La tour Eiffel\n");
        DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network", SampleFiles.FastNetwork,
            "--names", "names.csv", "--output", "model.zip").AssertSuccess();

        string[] arguments = ["check", "--train-folders", "photos", "--format", "json"],
            ofModel = DemoProgram.Run(folder, [.. arguments, "--model", "model.zip"]).AssertSuccess().OutputLines,
            ofNetwork = Check(folder, "--format", "json", "--names", "names.csv").AssertSuccess().OutputLines;

        CollectionAssert.AreEqual(ofNetwork, ofModel);
        Assert.Contains(line => line.Contains("La tour Eiffel", StringComparison.Ordinal), ofModel);
        DemoProgram.Run(folder, [.. arguments, "--model", "model.zip", "--output", "model.zip"]).AssertError(1,
            "'model.zip' is to be written and is read in this run. Name another file to write.");
    }

    [TestMethod]
    public void Check_CsvOfDuplicates_IsWhatRemoveReads()
    {
        using WorkFolder folder = Create();
        Copy(folder, "photos/Eiffel Tower/5.jpg", 1);
        DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network", SampleFiles.FastNetwork,
            "--output", "model.zip").AssertSuccess();

        Check(folder, "--kinds", "exact-duplicate", "--format", "csv", "--output", "twice.csv").AssertSuccess();
        ProgramResult result = DemoProgram.Run(folder, "remove", "--model", "model.zip", "--photo-list", "twice.csv", "--output",
            "model.zip").AssertSuccess();

        Assert.Contains("Removed 2 landmark rows.", result.OutputLines);
        string info = DemoProgram.Run(folder, "info", "model.zip").AssertSuccess().Output;
        // Of five three were the same photograph.
        Assert.Contains("3  Eiffel Tower", info);
    }

    [TestMethod]
    public void Check_NothingFound_SaysSo()
    {
        using WorkFolder folder = Create();

        ProgramResult result = Check(folder, "--kinds", "blank", "--fail-on", "blank", "--report", "r.html").AssertSuccess();

        Assert.AreEqual("", result.Output);
        Assert.Contains(line => line.StartsWith("Checked 9 photographs in ", StringComparison.Ordinal)
            && line.EndsWith(": nothing was found.", StringComparison.Ordinal), result.ErrorLines);
        Assert.Contains("Nothing was found.", Read(folder["r.html"]).Value);
        Assert.AreEqual(Header + '\n', Check(folder, "--kinds", "blank", "--format", "csv").AssertSuccess().Output);
    }

    [TestMethod]
    public void Check_FailOn_ExitsWith1AfterAllIsTold()
    {
        using WorkFolder folder = Create();

        ProgramResult result = Check(folder, "--fail-on", "leak", "contradiction", "--format", "csv", "--output", "findings.csv");

        Assert.AreEqual(1, result.ExitCode);
        Assert.AreEqual("error: 1 finding is of the kinds that --fail-on names.", result.ErrorLines[^1]);
        Assert.IsTrue(File.Exists(folder["findings.csv"]));
        Check(folder, "--fail-on", "leak", "unreadable").AssertSuccess();
        // What is not told fails all the same.
        Assert.AreEqual(1, Check(folder, "--fail-on", "contradiction", "--kinds", "blank").ExitCode);
    }

    [TestMethod]
    public void Check_Top_TellsTheWorstOfEachKindAndHowManyThereAre()
    {
        using WorkFolder folder = Create();
        Copy(folder, "photos/Eiffel Tower/5.jpg", 1);

        ProgramResult result = Check(folder, "--top", "1", "--kinds", "contradiction", "exact-duplicate").AssertSuccess();

        Assert.HasCount(4, result.OutputLines);
        Assert.Contains("2  exact-duplicate, 1 of them told; --top N tells more", result.ErrorLines);
    }

    [TestMethod]
    public void Check_Report_ShowsPhotographsSideBySide()
    {
        using WorkFolder folder = Create();
        File.WriteAllText(folder["photos/Tokyo Tower/torn.jpg"], "text");

        ProgramResult result = Check(folder, "--kinds", "contradiction", "exact-duplicate", "unreadable", "--report", "r.html",
            "--report-cards", "2").AssertSuccess();

        Assert.Contains($"Wrote {folder["r.html"]}: a report that shows 2 of 3 findings.", result.ErrorLines);
        XElement page = Read(folder["r.html"]);
        Assert.HasCount(2, page.Descendants("article"));
        Assert.HasCount(4, page.Descendants("img").Select(i => (string)i.Attribute("src")!)
            .Where(address => address.StartsWith("data:image/jpeg;base64,/9j/", StringComparison.Ordinal)));
        Assert.Contains("2 of 3 findings are shown", page.Value);
    }

    [TestMethod]
    public void Check_NamesThatATerminalObeys_AreShown()
    {
        using WorkFolder folder = Create();
        const string Name = "a\e[31m,\"\u202eb", Shown = @"a\u001b[31m,""\u202eb";
        Directory.Move(folder["photos/Tokyo Tower"], folder[$"photos/{Name}"]);

        ProgramResult result = Check(folder, "--kinds", "contradiction", "--report", "r.html").AssertSuccess();

        Assert.Contains(line => line.Contains($"{Shown}/2.jpg, likeness ", StringComparison.Ordinal), result.OutputLines);
        Assert.IsFalse((result.Output + result.Error).Any(c => char.IsControl(c) && c != '\n'));
        Assert.Contains(Shown, Read(folder["r.html"]).Value);
        string csv = Check(folder, "--kinds", "contradiction", "--format", "csv").AssertSuccess().Output;
        Assert.Contains($"\"{Name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", csv);
    }

    [TestMethod]
    public void Check_OutputOverAPhotograph_IsRefused()
    {
        using WorkFolder folder = Create();

        foreach (string option in (string[])["--output", "--report"])
        {
            Check(folder, option, Path.Combine("photos", "none", "1.jpg")).AssertError(1,
                $"'{Path.Combine("photos", "none", "1.jpg")}' is to be written and is read in this run. Name another file to write.");
        }

        Check(folder, "--query-folders", "nowhere").AssertError(1, "The folder 'nowhere' does not exist.");
        folder.AssertFiles(Files);
    }

    private static string[] Files => ["photos", "photos/Eiffel Tower", "photos/Tokyo Tower", "photos/none",
        .. s_photographs.Select(photograph => $"photos/{photograph.Name}")];

    private static WorkFolder Create()
    {
        var folder = new WorkFolder();
        foreach ((string name, int sample) in s_photographs)
            Copy(folder, $"photos/{name}", sample);
        return folder;
    }

    private static void Copy(WorkFolder folder, string name, int sample)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[sample]), folder[name]);
    }

    private static ProgramResult Check(WorkFolder folder, params string[] more)
        => DemoProgram.Run(folder, ["check", "--train-folders", "photos", "--network", SampleFiles.FastNetwork, .. more]);

    private static XElement Read(string file)
    {
        using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }
}
