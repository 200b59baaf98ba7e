using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Landmarks.Demo.Serving.Tests;
using Landmarks.Demo.Tests;
using Microsoft.ML.Landmarks.PostgreSql.Tests;

namespace Landmarks.Demo.PostgreSql.Tests;

[TestClass]
public sealed class ServedIndexTests
{
    private const string Unavailable = "The database with the photographs of the model does not answer. Ask again.";

    [TestMethod]
    public async Task Serve_ServerStoppedAndStarted_Answers503AndGoesOn()
    {
        PostgresServer server = await PostgresServer.StartNewAsync("tool-stopped");
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server);
        string schema = TestDatabase.Load(folder, environment, "model.zip");
        byte[] photo = await File.ReadAllBytesAsync(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]));
        await using ServedProgram program
            = await ServedProgram.StartAsync(folder, environment, "--model", "rowless.zip", "--index", schema);
        JsonNode expected = await (await program.Client.PostAsync(Sent.Recognize, Sent.Image(photo))).AnswerAsync();
        Assert.AreEqual(HttpStatusCode.OK, (await program.Client.GetAsync("/health/ready")).StatusCode);

        await server.DisposeAsync();

        await (await program.Client.GetAsync("/health/ready")).AssertProblemAsync(HttpStatusCode.ServiceUnavailable, Unavailable);
        HttpResponseMessage refused = await program.Client.PostAsync(Sent.Recognize,
            Sent.Form([.. Enumerable.Range(0, 4).Select(i => ($"{i}.jpg", photo))]));
        Assert.IsNotNull(refused.Headers.RetryAfter);
        await refused.AssertProblemAsync(HttpStatusCode.ServiceUnavailable, Unavailable);
        await (await program.Client.GetAsync("/info")).AssertProblemAsync(HttpStatusCode.ServiceUnavailable, Unavailable);
        Assert.AreEqual(HttpStatusCode.OK, (await program.Client.GetAsync("/health/live")).StatusCode);
        Assert.Contains("be reached: ", program.Error);
        Assert.DoesNotContain(server.Socket, program.Error);
        await using PostgresServer again = await PostgresServer.StartAsync("tool-stopped");
        await Waiting.UntilAsync(async () => (await program.Client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        JsonNode found = await (await program.Client.PostAsync(Sent.Recognize, Sent.Image(photo))).AnswerAsync();
        Assert.AreEqual(expected.ToJsonString(), found.ToJsonString());
    }

    [TestMethod]
    public async Task Serve_Writable_ChangesTheIndexForAll()
    {
        PostgresServer server = await TestDatabase.Server;
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "model.zip")).AssertSuccess();
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server);
        string schema = TestDatabase.Load(folder, environment, "model.zip");
        PhotoFolders.Add(folder, "new", "Tower 8", 1);
        byte[] photo = await File.ReadAllBytesAsync(folder["new/Tower 8/0.bmp"]),
            file = await File.ReadAllBytesAsync(folder["rowless.zip"]);
        await using ServedProgram writer = await ServedProgram.StartAsync(folder, environment, "--model", "rowless.zip", "--index", schema,
            "--writable", "--admin-key", "key", "--false-alarms", "30%");
        await using ServedProgram reader
            = await ServedProgram.StartAsync(folder, environment, "--model", "rowless.zip", "--index", schema);
        writer.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "key");

        HttpResponseMessage added = await writer.Client.PostAsync("/landmarks/Tower 8/photos", Sent.Form(("a.bmp", photo)));

        Assert.AreEqual(41, (int)(await added.AnswerAsync())["landmarkRowCount"]!);
        JsonNode answer = await (await reader.Client.PostAsync(Sent.Recognize, Sent.Image(photo))).AnswerAsync();
        Assert.AreEqual("Tower 8", (string?)answer["landmark"]);
        Assert.HasCount(9, (await reader.Client.GetFromJsonAsync<JsonArray>("/landmarks"))!);
        Assert.AreEqual(HttpStatusCode.Conflict,
            (await writer.Client.PostAsync("/landmarks/Tower 8/photos", Sent.Form(("a.bmp", photo)))).StatusCode);
        await (await writer.Client.DeleteAsync("/photos/b.bmp")).AssertProblemAsync(HttpStatusCode.NotFound,
            "The model has no photograph 'b.bmp'. Take the id that it was added or fitted with.");
        Assert.AreEqual(40, (int)(await (await writer.Client.DeleteAsync("/photos/a.bmp")).AnswerAsync())["landmarkRowCount"]!);
        Assert.AreEqual(35, (int)(await (await writer.Client.DeleteAsync("/landmarks/Tower 1")).AnswerAsync())["landmarkRowCount"]!);
        Assert.HasCount(7, (await reader.Client.GetFromJsonAsync<JsonArray>("/landmarks"))!);
        CollectionAssert.AreEqual(file, await File.ReadAllBytesAsync(folder["rowless.zip"]));
    }

    [TestMethod]
    public async Task Serve_ModelWithoutRowsAndNoIndex_Ends()
    {
        PostgresServer server = await TestDatabase.Server;
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        string schema = TestDatabase.Load(folder, TestDatabase.EnvironmentOf(server), "model.zip");

        DemoProgram.Run(folder, "serve", "--model", "rowless.zip", "--urls", "http://127.0.0.1:0").AssertError(1,
            $"The rows of 'rowless.zip' are not in it: they are in PostgreSql, '{schema}'. Name that by --index, and the server by PGHOST, "
            + "PGSERVICE and what else psql reads.");
    }
}
