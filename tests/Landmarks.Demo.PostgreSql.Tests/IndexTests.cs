using System.Text.Json.Nodes;
using Landmarks.Demo.Tests;
using Microsoft.ML.Landmarks.PostgreSql.Tests;

namespace Landmarks.Demo.PostgreSql.Tests;

[TestClass]
public sealed class IndexTests
{
    [TestMethod]
    public async Task Predict_RowsInAnIndex_AnswersAsTheFileToTheByte()
    {
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(await TestDatabase.Server);
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        string schema = TestDatabase.Load(folder, environment, "model.zip");

        foreach (string[] form in (string[][])[["--format", "json", "photos"], ["--format", "csv", "--top", "3", "photos"],
            ["--format", "text", "photos"], ["--query-folders", "photos"]])
        {
            DemoProgram.Run(folder, ["predict", "--model", "model.zip", "--output", "expected", .. form]).AssertSuccess();
            foreach (string model in (string[])["model.zip", "rowless.zip"])
            {
                DemoProgram.Run(environment, folder, ["predict", "--model", model, "--index", schema, "--output", "found", .. form])
                    .AssertSuccess();
                CollectionAssert.AreEqual(File.ReadAllBytes(folder["expected"]), File.ReadAllBytes(folder["found"]), form[1] + model);
            }
        }

        Assert.IsLessThan(new FileInfo(folder["model.zip"]).Length, new FileInfo(folder["rowless.zip"]).Length);
    }

    [TestMethod]
    public async Task Compare_RowsInAnIndex_AnswersAsTheFile()
    {
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(await TestDatabase.Server);
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        string schema = TestDatabase.Load(folder, environment, "model.zip");
        foreach (string landmark in (string[])["Tower 1", "Tower 2", "none"])
            PhotoFolders.Add(folder, "asked", landmark, 3, first: 100);

        string[] expected = Tables("--model", "model.zip"), found = Tables("--model", "rowless.zip", "--index", schema);

        string[] given = [.. found.Where(line => line.StartsWith("\"given:rowless.zip@", StringComparison.Ordinal))];
        Assert.HasCount(2, given);
        string name = $"\"given:rowless.zip@{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\",";
        Assert.AreSequenceEqual(expected, [.. found.Select(line => line.Replace(name, "given:model.zip,", StringComparison.Ordinal))]);

        string[] Tables(params string[] model) => [.. DemoProgram.Run(environment, folder, ["compare", "--train-folders", "photos",
            "--non-landmark-folder", "none", "--network", SampleFiles.FastNetwork, "--query-folders", "asked", .. model]).AssertSuccess()
            .OutputLines.SkipWhile(line => !line.StartsWith("method,", StringComparison.Ordinal)).SkipLast(1)];
    }

    [TestMethod]
    public async Task AddAndRemove_Photographs_LeaveTheIndexOfAFit()
    {
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(await TestDatabase.Server);
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();
        string schema = TestDatabase.Load(folder, environment, "model.zip");
        PhotoFolders.Add(folder, "new", "Tower 8", 3);
        PhotoFolders.Add(folder, "new", "none", 2, first: 100);
        string[] added = ["--train-folders", "new", "--non-landmark-folder", "none"],
            removed = ["--landmark", "Tower 3", "--photo", "Tower 2/0.bmp", "none/7.bmp"];
        DemoProgram.Run(folder, ["add", "--model", "model.zip", "--output", "expected.zip", .. added]).AssertSuccess();
        DemoProgram.Run(folder, ["remove", "--model", "expected.zip", "--output", "expected.zip", .. removed]).AssertSuccess();

        ProgramResult add = Run(["add", "--model", "rowless.zip", .. added]).AssertSuccess();
        ProgramResult remove = Run(["remove", .. removed]).AssertSuccess();

        Assert.Contains("Added 3 landmark rows and 2 non-landmark rows.", add.OutputLines);
        Assert.Contains("New landmarks: Tower 8.", add.OutputLines);
        Assert.Contains("Removed 6 landmark rows and 1 non-landmark row.", remove.OutputLines);
        DemoProgram.Run(folder, "predict", "--model", "expected.zip", "--format", "json", "--output", "expected", "photos")
            .AssertSuccess();
        DemoProgram.Run(environment, folder, "predict", "--model", "rowless.zip", "--index", schema, "--format", "json", "--output",
            "found", "photos").AssertSuccess();
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["expected"]), File.ReadAllBytes(folder["found"]));
        Assert.Contains("Looked at 37 landmark rows: nothing is wrong.", Run("check").AssertSuccess().Output);
        Run(["add", "--model", "model.zip", .. added]).AssertError(1, $"5 of 5 photographs have ids that '{schema}' has already, the first "
            + "is 'Tower 8/0.bmp'. Leave them out, or put them in the place of those by --replace.");
        Assert.Contains("Added 3 landmark rows and 2 non-landmark rows in place of 3 landmark rows and 2 non-landmark rows.",
            Run(["add", "--model", "model.zip", "--replace", .. added]).AssertSuccess().OutputLines);
        Run("remove", "--photo", "nowhere.jpg").AssertError(1, $"'{schema}' has no photograph 'nowhere.jpg'. Name photographs by the ids "
            + "that they were fitted with: those in the CSV file, or paths below --train-folders.");
        Run("remove", "--landmark", "Tower 3").AssertError(1, $"'{schema}' has no landmark 'Tower 3'. Did you mean 'Tower 0' or 'Tower 1' "
            + "or 'Tower 2' or 'Tower 4' or 'Tower 5'? landmarks index info lists those that it has.");

        ProgramResult Run(params string[] arguments)
            => DemoProgram.Run(environment, folder, ["index", arguments[0], "--schema", schema, .. arguments[1..]]);
    }

    [TestMethod]
    public async Task Remove_LandmarkByTheNameOfAModel_IsRemoved()
    {
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(await TestDatabase.Server);
        using var folder = new WorkFolder();
        string label = SampleFiles.Rows("train.csv")[0].Split(',')[1];
        folder.WriteText("names.csv", $"landmark_id,name\n{label},The Tower\n");
        folder.WriteText("list.csv", $"id\n{SampleFiles.Ids("train.csv")[1]}\nnowhere\n");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--names", "names.csv")).AssertSuccess();
        string schema = TestDatabase.Load(folder, environment, "model.zip");

        ProgramResult result = DemoProgram.Run(environment, folder, "index", "remove", "--schema", schema, "--model", "rowless.zip",
            "--landmark", "The Tower", "--photo-list", "list.csv").AssertSuccess();

        Assert.Contains("Removed 2 landmark rows.", result.OutputLines);
        Assert.AreEqual($"warning: 1 photograph in 'list.csv' is not in '{schema}', the first is 'nowhere'. The others are removed.",
            Assert.ContainsSingle(result.ErrorLines));
    }

    [TestMethod]
    public async Task InfoAndCheck_Index_AreToldInEachForm()
    {
        PostgresServer server = await TestDatabase.Server;
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server);
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();
        string schema = TestDatabase.Load(folder, environment, "model.zip");

        Assert.Contains("Knows 8 landmarks by 40 landmark rows and 60 non-landmark rows.", Run("info").AssertSuccess().OutputLines);
        JsonNode info = JsonNode.Parse(Run("info", "--format", "json").AssertSuccess().Output)!;
        Assert.AreEqual((schema, 40, 60, 0), ((string?)info["schema"], (int)info["landmarkRowCount"]!, (int)info["nonLandmarkRowCount"]!,
            (int)info["changes"]!));
        string[] rows = Run("info", "--format", "csv").AssertSuccess().OutputLines;
        Assert.AreSequenceEqual(["landmark_id,name,photographs", "Tower 0,,5"], rows[..2]);
        Assert.IsTrue((bool)JsonNode.Parse(Run("check", "--format", "json").AssertSuccess().Output)!["isSound"]!);
        await TestDatabase.ExecuteAsync(server,
            $"update {TestDatabase.Quote(schema)}.landmark set penalty = penalty + 1e-9 where id = 'Tower 4/2.bmp'");
        ProgramResult wrong = Run("check", "--format", "csv", "--output", "wrong.csv");
        wrong.AssertError(1, $"The index '{schema}' is not what it should be: 1 row with another penalty than a fit gives, and 0 other "
            + "problems. Load the model into an index of another name, and ask that.");
        Assert.AreSequenceEqual(["row,problem", "Tower 4/2.bmp,"], File.ReadAllLines(folder["wrong.csv"]));
        Assert.Contains("  Tower 4/2.bmp: its penalty is not that of a fit.", Run("check").Output);
        Assert.Contains($"Rows: in PostgreSql, '{schema}'; landmarks index info tells of them.",
            DemoProgram.Run(folder, "info", "rowless.zip").AssertSuccess().OutputLines);

        ProgramResult Run(string command, params string[] arguments)
            => DemoProgram.Run(environment, folder, ["index", command, "--schema", schema, .. arguments]);
    }

    [TestMethod]
    public async Task Commands_ModelWithoutRows_AreToldOfIndexes()
    {
        PostgresServer server = await TestDatabase.Server;
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server);
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        string schema = TestDatabase.Load(folder, environment, "model.zip"), photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]),
            asked = folder.WriteText("asked.csv", $"id,landmark_id\nabcdef,{SampleFiles.Rows("train.csv")[0].Split(',')[1]}\n"),
            elsewhere = $"The rows of 'rowless.zip' are not in it: they are in PostgreSql, '{schema}'.";

        Run("predict", "--model", "rowless.zip", photo).AssertError(1,
            $"{elsewhere} Name that by --index, and the server by PGHOST, PGSERVICE and what else psql reads.");
        foreach (string[] change in (string[][])[["remove", "--photo", "a", "--output", "o.zip"],
            ["add", "--non-landmarks", "sample", "--output", "o.zip"], ["index", "create", "--schema", "other"],
            ["index", "load", "--schema", schema]])
        {
            Run([.. change, "--model", "rowless.zip"]).AssertError(1, $"{elsewhere} Change them there, by landmarks index add and "
                + "landmarks index remove, which take --schema.");
        }

        Run("compare", "--train", folder["train.csv"], "--non-landmarks", folder["valid.csv"], "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--queries", asked, "--truth", asked, "--model", "rowless.zip").AssertError(1,
            $"{elsewhere} Name that by --index, and the server by PGHOST, PGSERVICE and what else psql reads.");
        DemoProgram.Run(folder, [.. SampleFiles.FitArguments(folder, "like.zip", "--like", "rowless.zip")
            .Where(argument => argument != "--network" && argument != SampleFiles.FastNetwork)]).AssertSuccess();

        ProgramResult Run(params string[] arguments) => DemoProgram.Run(environment, folder, arguments);
    }

    [TestMethod]
    public async Task Commands_WrongIndex_SayWhatToDo()
    {
        PostgresServer server = await TestDatabase.Server;
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server);
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "other.zip", "--average-mirror")).AssertSuccess();
        string schema = TestDatabase.Load(folder, environment, "model.zip"), empty = TestDatabase.NewSchema(),
            photo = SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]);
        Run("index", "create", "--model", "model.zip", "--schema", empty).AssertSuccess();

        Run("predict", "--model", "model.zip", "--index", "none", photo).AssertError(1,
            "The database has no index 'none'. Make it by landmarks index create, or name another schema.");
        Run("predict", "--model", "model.zip", "--index", empty, photo).AssertError(1,
            $"The index '{empty}' has no rows yet. Put those of its model there by landmarks index load.");
        Run("index", "load", "--model", "other.zip", "--schema", empty).AssertError(1, $"The index '{empty}' was made for a model with "
            + "other steps, labels or ids. Load the model that it was made for, or make an index for this one.");
        StringAssert.Matches(Run("predict", "--model", "other.zip", "--index", schema, photo).Error, new("^error: The rows in PostgreSql, "
            + ".* were made by other steps than the model's, .* Name the index that was loaded from this model, or load this model's rows "
            + "into one of its own by landmarks index create and landmarks index load.\n$"));
        Run("index", "load", "--model", "model.zip", "--schema", schema).AssertError(1, $"The index '{schema}' has 18 rows already. Add to "
            + "them by landmarks index add, or load into a schema of another name.");
        Run("index", "create", "--model", "model.zip", "--schema", schema).AssertError(1,
            $"The database has a schema '{schema}' already. Choose another name, or drop it.");

        ProgramResult Run(params string[] arguments) => DemoProgram.Run(environment, folder, arguments);
    }
}
