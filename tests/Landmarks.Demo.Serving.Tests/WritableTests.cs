using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Landmarks.Demo.Output;
using Landmarks.Demo.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>A service whose model is changed over HTTP.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class WritableTests
{
    private const string Key = "open sesame", NewLandmark = "4711";

    private static readonly byte[][] s_photos = [.. SampleFiles.Ids("queries.csv").Take(3).Select(SampleFiles.Photo)
        .Select(File.ReadAllBytes)];

    [TestMethod]
    public async Task Change_ByWhoBearsTheKey_ChangesTheModelAndItsFile()
    {
        using var folder = new WorkFolder();
        await using ServedProgram served = await StartAsync(folder, "--writable", "--watch");
        string landmark = (string)(await LandmarksAsync(served))[0]!["label"]!;
        (int landmarkRows, int nonLandmarkRows) = (6, await NonLandmarkRowsAsync(served));

        // More of a landmark, a new one, and photographs of nothing.
        JsonNode more = await AskAsync(served, HttpMethod.Post, $"/landmarks/{landmark}/photos", Sent.Form(("a.jpg", s_photos[0])));
        Assert.AreEqual((2, landmarkRows + 1, nonLandmarkRows), Read(more));
        JsonNode added = await AskAsync(served, HttpMethod.Post, $"/landmarks/{NewLandmark}/photos",
            Sent.Form(("b.jpg", s_photos[1]), ("c.jpg", s_photos[2])));
        Assert.AreEqual((3, landmarkRows + 3, nonLandmarkRows), Read(added));
        JsonNode none = await AskAsync(served, HttpMethod.Post, "/landmarks/-1/photos", Sent.Image(s_photos[0]));
        Assert.AreEqual((4, landmarkRows + 3, nonLandmarkRows + 1), Read(none));

        JsonNode answer = await (await served.Client.PostAsync($"{Sent.Recognize}?explain=true", Sent.Image(s_photos[1]))).AnswerAsync();
        Assert.AreEqual((NewLandmark, "b.jpg"), ((string?)answer["landmark"], (string?)answer["neighbors"]![0]!["id"]));
        string predicted = DemoProgram.Run(folder, "predict", "--model", "model.zip", "--format", "json",
            SampleFiles.Photo(SampleFiles.Ids("queries.csv")[1])).AssertSuccess().OutputLines.Single();
        JsonNode expected = JsonNode.Parse(predicted)!;
        expected["id"] = null;
        Assert.AreEqual(expected.ToJsonString(), answer.ToJsonString());

        Assert.AreEqual((5, landmarkRows + 2, nonLandmarkRows + 1), Read(await AskAsync(served, HttpMethod.Delete, "/photos/b.jpg")));
        Assert.AreEqual((6, landmarkRows + 1, nonLandmarkRows + 1),
            Read(await AskAsync(served, HttpMethod.Delete, $"/landmarks/{NewLandmark}")));
        Assert.DoesNotContain(NewLandmark, (await LandmarksAsync(served)).Select(known => (string)known!["label"]!));
        CollectionAssert.AreEquivalent((string[])["model.zip", "train.csv", "valid.csv"],
            Directory.GetFiles(folder.FullPath).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public async Task Change_ThatCantBe_LeavesTheModelAsItIs()
    {
        using var folder = new WorkFolder();
        await using ServedProgram served = await StartAsync(folder, "--writable");
        byte[] before = File.ReadAllBytes(folder["model.zip"]);
        string landmark = (string)(await LandmarksAsync(served))[0]!["label"]!, taken = SampleFiles.Ids("train.csv")[0];

        await AssertRefusedAsync(served, HttpMethod.Delete, "/landmarks/nobody", HttpStatusCode.NotFound,
            "There is no landmark 'nobody'. GET /landmarks lists those that there are.");
        await AssertRefusedAsync(served, HttpMethod.Delete, "/photos/no/such.jpg", HttpStatusCode.NotFound,
            "The model has no photograph 'no/such.jpg'. Take the id that it was added or fitted with.");
        await AssertRefusedAsync(served, HttpMethod.Post, "/landmarks/Eiffel Tower/photos", HttpStatusCode.NotFound,
            "There is no landmark 'Eiffel Tower'. GET /landmarks lists those that there are.", Sent.Image(s_photos[0]));
        foreach (string label in (string[])["01", "-01", "+1", "-0"])
        {
            await AssertRefusedAsync(served, HttpMethod.Post, $"/landmarks/{label}/photos", HttpStatusCode.NotFound,
                $"There is no landmark '{label}'. GET /landmarks lists those that there are.", Sent.Image(s_photos[0]));
        }

        await AssertRefusedAsync(served, HttpMethod.Post, $"/landmarks/{landmark}/photos?replace=maybe", HttpStatusCode.BadRequest,
            "replace is 'maybe'; it must be true or false.", Sent.Image(s_photos[0]));
        await AssertRefusedAsync(served, HttpMethod.Post, $"/landmarks/{landmark}/photos", HttpStatusCode.Conflict,
            $"1 of 2 photographs has an id that the model has already, the first is '{taken}'. Leave it out, or ask with replace=true.",
            Sent.Form((taken, s_photos[0]), ("new", s_photos[1])));
        await AssertRefusedAsync(served, HttpMethod.Post, $"/landmarks/{landmark}/photos", HttpStatusCode.Conflict,
            "The id 'a' stands there twice. Give each photograph another.", Sent.Form(("a", s_photos[0]), ("a", s_photos[1])));
        await AssertRefusedAsync(served, HttpMethod.Post, $"/landmarks/{landmark}/photos", HttpStatusCode.BadRequest,
            "a file of 1 bytes is not a readable image.", Sent.Form(("good", s_photos[0]), ("bad", [1])));
        await (await served.Client.DeleteAsync($"/landmarks/{landmark}")).ProblemAsync(HttpStatusCode.Unauthorized);

        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder["model.zip"]));
        Assert.HasCount(6, (await LandmarksAsync(served)).SelectMany(known => Enumerable.Range(0, (int)known!["rowCount"]!)).ToArray());
        JsonNode replaced = await AskAsync(served, HttpMethod.Post, $"/landmarks/{landmark}/photos?replace=true",
            Sent.Form((taken, s_photos[0])));
        Assert.AreEqual((2, 6), ((int)replaced["model"]!, (int)replaced["landmarkRowCount"]!));
    }

    [TestMethod]
    public async Task Change_NamesThatNoPathCanHave_AreFoundInTheQuery()
    {
        using var folder = new WorkFolder();
        string names = folder.WriteText("names.csv", "landmark_id,name\n1,..\n");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--names", names)).AssertSuccess();
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "model.zip", "--admin-key", Key, "--writable");

        await AskAsync(served, HttpMethod.Post, "/landmarks/photos?name=..", Sent.Form(("..", s_photos[0]), (".", s_photos[1]),
            ("a/../b", s_photos[2])));
        Assert.AreEqual(4, (await RowsOfFirstTwoAsync(served)).First);
        int left = 3;
        foreach (string id in (string[])["..", ".", "a%2F..%2Fb"])
        {
            await AskAsync(served, HttpMethod.Delete, $"/photos?id={id}");
            Assert.AreEqual(left--, (await RowsOfFirstTwoAsync(served)).First);
        }

        await AskAsync(served, HttpMethod.Delete, "/landmarks?name=..");
        Assert.DoesNotContain("1", (await LandmarksAsync(served)).Select(known => (string)known!["label"]!));
        await AssertRefusedAsync(served, HttpMethod.Delete, "/photos", HttpStatusCode.BadRequest,
            "The address says nothing of id. Add it as ?id=\u2026 or as a part of the path.");
        await AssertRefusedAsync(served, HttpMethod.Delete, "/landmarks?id=1", HttpStatusCode.BadRequest,
            "The address says nothing of name. Add it as ?name=\u2026 or as a part of the path.");
        await (await served.Client.DeleteAsync("/photos?id=.")).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void IsCauseOf_DiskThatIsFull_IsToldFromOtherFailures()
    {
        IOException full = Assert.Throws<IOException>(() => File.WriteAllText("/dev/full", "text")),
            missing = Assert.Throws<IOException>(() => File.ReadAllText("/no/such/file"));
        Assert.IsTrue(FullDisk.IsCauseOf(full));
        Assert.IsTrue(FullDisk.IsCauseOf(new JobFailedException("kept", new InvalidOperationException("wrapped", full))));
        Assert.IsTrue(FullDisk.IsCauseOf(Errors.TemporaryFolderFull("/tmp", 2, 1)));
        Assert.IsFalse(FullDisk.IsCauseOf(new JobFailedException("kept", missing)));
    }

    [TestMethod]
    [DataRow("d/e.jpg", "d/e.jpg")]
    [DataRow("d/e.jpg", "d%2Fe.jpg")]
    [DataRow("p%2Fq.jpg", "p%252Fq.jpg")]
    [DataRow("a?b#c.jpg", "a%3Fb%23c.jpg")]
    [DataRow("Turm é.jpg", "Turm%20%C3%A9.jpg")]
    public void SentPath_Encoded_IsWhatWasMeant(string meant, string sent)
    {
        foreach (string target in (string[])[$"/photos/{sent}", $"/photos/{sent}?x=/", $"http://a/photos/{sent}"])
            Assert.AreEqual(meant, SentPath.AfterFirst(RequestOf(target)), target);
        string name = sent.Replace("/", "%2F", StringComparison.Ordinal);
        Assert.AreEqual(meant, SentPath.Second(RequestOf($"/landmarks/{name}/photos")));
        Assert.AreEqual("", SentPath.AfterFirst(RequestOf("/photos")));
    }

    [TestMethod]
    public async Task Change_NameAndIdWithSlashes_AreFound()
    {
        using var folder = new WorkFolder();
        string names = folder.WriteText("names.csv", "landmark_id,name\n1,Tower/Bridge\n2,100%2F\n");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--names", names)).AssertSuccess();
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "model.zip", "--admin-key", Key, "--writable");

        await AskAsync(served, HttpMethod.Post, "/landmarks/Tower%2FBridge/photos", Sent.Form(("p/q.jpg", s_photos[0])));
        await AskAsync(served, HttpMethod.Post, "/landmarks/100%252F/photos", Sent.Form(("p%2Fq.jpg", s_photos[1])));
        Assert.AreEqual((2, 2), await RowsOfFirstTwoAsync(served));

        // That with the slash, and not the one whose id reads like its path.
        await AskAsync(served, HttpMethod.Delete, "/photos/p%2Fq.jpg");
        Assert.AreEqual((1, 2), await RowsOfFirstTwoAsync(served));
    }

    [TestMethod]
    public async Task Change_ToWhatCantBeServed_IsNotWritten()
    {
        using var folder = new WorkFolder();
        string train = SampleFiles.WriteRows(folder, "train.csv", 6), others = SampleFiles.WriteRows(folder, "valid.csv", 19);
        DemoProgram.Run(folder, "fit", "--train", train, "--non-landmarks", others, "--images", SampleFiles.Images, "--network",
            SampleFiles.FastNetwork, "--false-alarms", "20%", "--output", "model.zip").AssertSuccess();
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "model.zip", "--admin-key", Key, "--writable",
            "--false-alarms", "15%");

        // Until one goes by which the model judges, and too few are left for the service's rate.
        byte[] before;
        HttpResponseMessage response;
        int removed = 0;
        do
        {
            before = File.ReadAllBytes(folder["model.zip"]);
            response = await SendAsync(served, HttpMethod.Delete, $"/photos/{SampleFiles.Ids("valid.csv")[removed++]}");
        }
        while (response.IsSuccessStatusCode);

        JsonNode problem = await response.ProblemAsync(HttpStatusCode.Conflict);
        StringAssert.EndsWith((string?)problem["detail"], " The model before it goes on.");
        CollectionAssert.AreEqual(before, File.ReadAllBytes(folder["model.zip"]));
        await (await served.Client.PostAsync(Sent.Recognize, Sent.Image(s_photos[0]))).AnswerAsync();
    }

    [TestMethod]
    public async Task Change_WhileAnotherProgramWritesTheFile_IsRefusedAndDoneLater()
    {
        using var folder = new WorkFolder();
        await using ServedProgram served = await StartAsync(folder, "--writable");
        using (new FileStream(folder["model.zip.unfinished"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            await AssertRefusedAsync(served, HttpMethod.Delete, "/landmarks/1", HttpStatusCode.Conflict,
                "Another program is writing the file of the model. Ask again.");
        }

        Assert.AreEqual(2, (int)(await AskAsync(served, HttpMethod.Delete, "/landmarks/1"))["model"]!);
    }

    [TestMethod]
    public async Task Change_NotWritable_IsNothingThere()
    {
        using var folder = new WorkFolder();
        await using ServedProgram served = await StartAsync(folder);
        await (await SendAsync(served, HttpMethod.Delete, "/landmarks/1")).ProblemAsync(HttpStatusCode.NotFound);
        await (await SendAsync(served, HttpMethod.Post, "/landmarks/1/photos", Sent.Image(s_photos[0])))
            .ProblemAsync(HttpStatusCode.NotFound);
        DemoProgram.Run(folder, "serve", "--model", "model.zip", "--writable").AssertError(2,
            "--writable needs a key, by --admin-key or the environment variable LANDMARKS_ADMIN_KEY: without one nobody may write.");
    }

    private static DefaultHttpContext RequestOf(string target)
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        return context;
    }

    private static async Task<ServedProgram> StartAsync(WorkFolder folder, params string[] arguments)
    {
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        return await ServedProgram.StartAsync(folder, ["--model", "model.zip", "--admin-key", Key, .. arguments]);
    }

    private static async Task<JsonArray> LandmarksAsync(ServedProgram served)
        => (await (await served.Client.GetAsync("/landmarks")).AnswerAsync()).AsArray();

    private static async Task<(int First, int Second)> RowsOfFirstTwoAsync(ServedProgram served)
    {
        JsonArray known = await LandmarksAsync(served);
        return ((int)known[0]!["rowCount"]!, (int)known[1]!["rowCount"]!);
    }

    private static async Task<int> NonLandmarkRowsAsync(ServedProgram served)
        => (int)(await (await served.Client.GetAsync("/info")).AnswerAsync())["nonLandmarkRowCount"]!;

    private static (int Model, int LandmarkRows, int NonLandmarkRows) Read(JsonNode changed)
        => ((int)changed["model"]!, (int)changed["landmarkRowCount"]!, (int)changed["nonLandmarkRowCount"]!);

    private static async Task<HttpResponseMessage> SendAsync(ServedProgram served, HttpMethod method, string path,
        HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return await served.Client.SendAsync(request);
    }

    private static async Task<JsonNode> AskAsync(ServedProgram served, HttpMethod method, string path, HttpContent? content = null)
        => await (await SendAsync(served, method, path, content)).AnswerAsync();

    private static async Task AssertRefusedAsync(ServedProgram served, HttpMethod method, string path, HttpStatusCode status, string detail,
        HttpContent? content = null)
        => await (await SendAsync(served, method, path, content)).AssertProblemAsync(status, detail);
}
