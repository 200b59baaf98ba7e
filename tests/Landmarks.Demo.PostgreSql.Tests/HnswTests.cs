using System.Net;
using System.Text.Json.Nodes;
using Landmarks.Demo.Serving.Tests;
using Landmarks.Demo.Tests;
using Microsoft.ML.Landmarks.PostgreSql.Tests;

namespace Landmarks.Demo.PostgreSql.Tests;

/// <summary>Commands that make, measure and ask HNSW indexes.</summary>
[TestClass]
public sealed class HnswTests
{
    private const string NotMeasured = "Measure it by landmarks index check --hnsw, with photographs as they are asked.";

    [TestMethod]
    public async Task Predict_Hnsw_AnswersOnceItsRecallWasMeasuredAndTellsIt()
    {
        PostgresServer server = await TestDatabase.Server;
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server, ("PGDATABASE", "postgres"));
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip", "--plain")).AssertSuccess();
        await TestDatabase.ExecuteAsync(server, "create role hnsw_reader login; create role hnsw_writer login");
        string schema = TestDatabase.Load(folder, environment, "model.zip", "--reader", "hnsw_reader", "--writer", "hnsw_writer");
        string[] predict = ["predict", "--model", "rowless.zip", "--index", schema, "--hnsw", "60", "--format", "json", "photos"];

        Run([.. predict]).AssertError(1, $"The index '{schema}' has no HNSW index, or a server of it has none. Let its owner make it by "
            + "landmarks index hnsw, after --drop where only some have it; or leave --hnsw out.");
        StringAssert.StartsWith(Run("index", "hnsw", "--schema", schema, "--m", "8").AssertSuccess().Output,
            $"Made the HNSW index of '{schema}' on 1 server in ");
        Run("index", "hnsw", "--schema", schema).AssertError(1, $"The index '{schema}' has an HNSW index already, or a server of it has "
            + "one. Drop it by landmarks index hnsw --drop before you make another.");
        Run([.. predict]).AssertError(1, $"Nobody has measured how many of the nearest rows 60 candidates of the HNSW index of '{schema}' "
            + $"hold. {NotMeasured}");
        string[] check = ["index", "check", "--schema", schema, "--model", "rowless.zip", "--hnsw", "60"];
        ProgramResult reader = DemoProgram.Run(new Dictionary<string, string>(environment) { ["PGUSER"] = "hnsw_reader" }, folder,
            [.. check, "--format", "json", "photos"]).AssertSuccess();
        Assert.Contains($"warning: The role may not write to the index '{schema}', which does not keep what was measured: --hnsw of "
            + "predict and serve does not know of it. Measure as a role of --writer, or as the owner.", reader.ErrorLines);
        Assert.IsFalse((bool)JsonNode.Parse(reader.Output)!["isStored"]!);
        Run([.. predict]).AssertError(1, $"Nobody has measured how many of the nearest rows 60 candidates of the HNSW index of '{schema}' "
            + $"hold. {NotMeasured}");
        environment["PGUSER"] = "hnsw_writer";

        // All 40 rows are among 60 candidates.
        JsonNode recall = JsonNode.Parse(Run([.. check, "--format", "json", "--query-folders", "photos"]).AssertSuccess().Output)!;
        string[] csv = Run([.. check, "--format", "csv", "photos/Tower 0", "photos/Tower 1/0.bmp"]).AssertSuccess().OutputLines;
        ProgramResult unreadable = Run([.. check, "photos", "nowhere.jpg"]).AssertSuccess();
        string[] text = unreadable.OutputLines;

        Assert.AreEqual((60, 5, 1.0, 100, 40, 500, 500, 100, 40, true, 1.0), ((int)recall["candidates"]!, (int)recall["neighbors"]!,
            (double)recall["recall"]!, (int)recall["queryCount"]!, (int)recall["ownRowCount"]!, (int)recall["neighborCount"]!,
            (int)recall["foundNeighborCount"]!, (int)recall["sameLandmarkCount"]!, (int)recall["landmarkRowCount"]!,
            (bool)recall["isStored"]!, (double)recall["recallInterval"]!["high"]!));
        Assert.AreEqual("candidates,neighbors,recall,recall_low,recall_high,queries,own_rows,same_landmark,same_landmark_low,"
            + "same_landmark_high,landmark_rows,penalty_weight,query_expansion,time,stored", csv[0]);
        StringAssert.StartsWith(csv[1], "60,5,1,0.60966");
        StringAssert.EndsWith(csv[1], "Z,true");
        Assert.AreSequenceEqual(
        [
            "Recall@5 of 60 candidates: 1.0000, between 0.9630 and 1.0000 (95 %).",
            "The same landmark as by an exact search: 100 of 100 photographs, between 0.9630 and 1.0000 (95 %).",
            "Measured with 40 landmark rows, and penalties times 1.",
            "The index keeps it: predict and serve take --hnsw 60.",
        ], text);
        Assert.Contains("nowhere.jpg", unreadable.Error);
        Assert.Contains($"warning: 40 of 100 photographs are landmark rows of the index '{schema}' themselves, and flatter its HNSW index. "
            + "Measure by photographs as they are asked, which it does not have.", unreadable.ErrorLines);
        string told = $"HNSW, 60 candidates: recall@5 1.0000 (between 0.9630 and 1.0000 (95 %)), the same landmark as by an exact search "
            + $"for 100 of 100 photographs, of which 40 are rows of the index, measured on {DateTime.UtcNow:yyyy-MM-dd}.";
        ProgramResult predicted = Run([.. predict]).AssertSuccess();
        Assert.Contains(told, predicted.ErrorLines);
        DemoProgram.Run(folder, "predict", "--model", "model.zip", "--format", "json", "--output", "expected", "photos").AssertSuccess();
        Assert.AreEqual(File.ReadAllText(folder["expected"]), predicted.Output);
        string[] info = Run("index", "info", "--schema", schema).AssertSuccess().OutputLines;
        Assert.Contains("HNSW index: m 8, ef_construction 64.", info);
        Assert.Contains(told, info);

        await using (ServedProgram served
            = await ServedProgram.StartAsync(folder, environment, "--model", "rowless.zip", "--index", schema, "--hnsw", "60"))
        {
            Assert.Contains(told, served.Error);
            Assert.DoesNotContain("more by a fifth", served.Error);
            PhotoFolders.Add(folder, "new", "Tower 8", 8);
            PhotoFolders.Add(folder, "new", "none", 1, first: 100);
            Run("index", "add", "--model", "rowless.zip", "--schema", schema, "--train-folders", "new", "--non-landmark-folder", "none")
                .AssertSuccess();
            byte[] photo = await File.ReadAllBytesAsync(folder["new/Tower 8/0.bmp"]);
            Assert.AreEqual("Tower 8", (string?)(await (await served.Client.PostAsync(Sent.Recognize, Sent.Image(photo))).AnswerAsync())
                ["landmark"]);
            await served.Client.PostAsync(Sent.Recognize, Sent.Image(photo));
            Assert.AreEqual(1, served.Error.Split("\"LogLevel\":\"Warning\"").Length - 1, served.Error);
            await RenameAsync("landmark_hnsw", "hidden");
            foreach (HttpResponseMessage response in (HttpResponseMessage[])[await served.Client.GetAsync("/health/ready"),
                await served.Client.PostAsync(Sent.Recognize, Sent.Image(photo))])
                Assert.AreEqual(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains("has no HNSW index, or a server of it has none. Let its owner make it by landmarks index hnsw", served.Error);
            await RenameAsync("hidden", "landmark_hnsw");
            Assert.AreEqual(HttpStatusCode.OK, (await served.Client.GetAsync("/health/ready")).StatusCode);
        }

        string warning = $"warning: The index '{schema}' has 48 landmark rows, and had 40 on {DateTime.UtcNow:yyyy-MM-dd}, when the recall "
            + "of its HNSW index was measured: they became more by a fifth. Measure it anew by landmarks index check --hnsw.";
        Assert.Contains(warning, Run([.. predict]).AssertSuccess().ErrorLines);
        Assert.Contains($"{told} Landmark rows became more by a fifth since.",
            Run("index", "info", "--schema", schema).AssertSuccess().OutputLines);
        Run("index", "hnsw", "--schema", schema, "--drop").AssertError(1, $"The role may not make or drop the HNSW index of '{schema}': "
            + "must be owner of index landmark_hnsw. Do it by the role that made the index.");
        environment["PGUSER"] = "postgres";
        Assert.AreEqual($"Dropped the HNSW index of '{schema}', and what was measured of it.",
            Run("index", "hnsw", "--schema", schema, "--drop").AssertSuccess().Output.TrimEnd());
        Assert.IsNull(JsonNode.Parse(Run("index", "info", "--schema", schema, "--format", "json").AssertSuccess().Output)!["hnsw"]);

        ProgramResult Run(params string[] arguments) => DemoProgram.Run(environment, folder, arguments);

        Task RenameAsync(string from, string to)
            => TestDatabase.ExecuteAsync(server, $"alter index {TestDatabase.Quote(schema)}.{from} rename to {to}");
    }

    [TestMethod]
    [DataRow("--hnsw is of rows in a database. Name their schema by --index, or leave it out.",
        "predict", "--model", "m.zip", "--hnsw", "40", "a.jpg")]
    [DataRow("--hnsw is of rows in a database. Name their schema by --index, or leave it out.",
        "serve", "--model", "m.zip", "--hnsw", "40")]
    [DataRow("--hnsw is 1001; it must be a whole number, from 1 to 1000.",
        "predict", "--model", "m.zip", "--index", "i", "--hnsw", "1001", "a")]
    [DataRow("--ef-construction is 20, and pgvector asks for at least twice --m, which is 16. Raise it to 32, or lower --m.",
        "index", "hnsw", "--schema", "i", "--ef-construction", "20")]
    [DataRow("--m says how an HNSW index is made, and --drop makes none. Leave one of them out.",
        "index", "hnsw", "--schema", "i", "--drop", "--m", "20")]
    [DataRow("--model is what --hnsw is measured by. Name that too, or leave both out.", "index", "check", "--schema", "i", "--model", "m")]
    [DataRow("PHOTO is what --hnsw is measured by. Name that too, or leave both out.", "index", "check", "--schema", "i", "a.jpg")]
    [DataRow("--rows is of penalties, and --hnsw of what the HNSW index finds. Name one of them.",
        "index", "check", "--schema", "i", "--rows", "9", "--hnsw", "40")]
    [DataRow("Option '--model' is required.", "index", "check", "--schema", "i", "--hnsw", "40", "a.jpg")]
    [DataRow("Name photographs, --queries with --images, or --query-folders.",
        "index", "check", "--schema", "i", "--hnsw", "40", "--model", "m.zip")]
    [DataRow("Name one of these: photographs, --queries, --query-folders.",
        "index", "check", "--schema", "i", "--hnsw", "40", "--model", "m.zip", "a.jpg", "--query-folders", "b")]
    [DataRow("--queries needs --images, the folder of their photographs.",
        "index", "check", "--schema", "i", "--hnsw", "40", "--model", "m.zip", "--queries", "q.csv")]
    [DataRow("Option '--queries' is required.",
        "index", "check", "--schema", "i", "--hnsw", "40", "--model", "m.zip", "--images", "d", "a.jpg")]
    public void Commands_WrongArguments_SayWhichAreRight(string error, params string[] arguments)
    {
        using var folder = new WorkFolder();

        DemoProgram.Run(folder, arguments).AssertError(2, error);
    }
}
