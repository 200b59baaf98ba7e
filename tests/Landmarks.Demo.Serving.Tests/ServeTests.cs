using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Landmarks.Demo.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>The program with a model, asked as others ask it.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class ServeTests
{
    private const string Key = "open sesame";

    private static WorkFolder s_folder = null!;
    private static ServedProgram s_served = null!;

    private static string Model => s_folder["model.zip"];

    private static string[] Photos { get; } = [.. SampleFiles.Ids("train.csv").Take(3).Select(SampleFiles.Photo)];

    [ClassInitialize]
    public static async Task StartAsync(TestContext _)
    {
        s_folder = new WorkFolder();
        SmallModel.Fit(s_folder, "model.zip");
        s_served = await ServedProgram.StartAsync(s_folder, "--model", "model.zip", "--admin-key", Key, "--max-bytes", "4MB",
            "--max-megapixels", "1", "--max-queue", "40");
    }

    [ClassCleanup]
    public static async Task EndAsync()
    {
        await s_served.DisposeAsync();
        s_folder.Dispose();
    }

    [TestMethod]
    public async Task Recognize_EachForm_GivesTheAnswersOfPredict()
    {
        string[] lines = DemoProgram.Run(s_folder, ["predict", "--model", "model.zip", "--format", "json", .. Photos]).AssertSuccess()
            .OutputLines;
        byte[][] files = [.. Photos.Select(File.ReadAllBytes)];
        string listed = $"[{string.Join(',', lines)}]";

        foreach ((string line, byte[] file) in lines.Zip(files))
        {
            JsonNode expected = JsonNode.Parse(line)!;
            expected["id"] = null;
            await AssertAnswerAsync(expected.ToJsonString(), Sent.Image(file));
        }

        await AssertAnswerAsync(listed, Sent.Form([.. Photos.Zip(files)]));
        string[] objects = [.. Photos.Zip(files, (id, file) => new JsonObject { ["id"] = id, ["image"] = Convert.ToBase64String(file) }
            .ToJsonString())];
        await AssertAnswerAsync(listed, Sent.Json($"[{string.Join(',', objects)}]"));
        await AssertAnswerAsync(lines[0], Sent.Json(objects[0]));
    }

    [TestMethod]
    public async Task Recognize_NotAskedWhy_LeavesReasonsOut()
    {
        JsonNode told = await (await s_served.Client.PostAsync($"{Sent.Recognize}?explain=true", Photograph())).AnswerAsync();
        JsonNode answer = await (await s_served.Client.PostAsync(Sent.Recognize, Photograph())).AnswerAsync();

        Assert.IsNotEmpty(told["neighbors"]!.AsArray());
        Assert.IsNotEmpty(told["nonLandmarkNeighbors"]!.AsArray());
        (told["neighbors"], told["nonLandmarkNeighbors"], told["queryPenalty"]) = (new JsonArray(), new JsonArray(), null);
        Assert.AreEqual(told.ToJsonString(), answer.ToJsonString());
        HttpResponseMessage mistaken = await s_served.Client.PostAsync($"{Sent.Recognize}?explain=maybe", Photograph());
        await mistaken.AssertProblemAsync(HttpStatusCode.BadRequest, "explain is 'maybe'; it must be true or false.");
    }

    [TestMethod]
    public async Task Recognize_NoPhotograph_SaysWhyAndWhatItIs()
    {
        byte[] heic = [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8], torn = File.ReadAllBytes(Photos[0])[..1000];
        await AssertUnreadableAsync(Sent.Image(heic), "HEIC", "a file of 24 bytes is not a readable image.");
        await AssertUnreadableAsync(Sent.Image([0, 0, 0, 24, .. "ftypcrx \0\0\0\u0001crx isom"u8]), "CR3",
            "a file of 24 bytes: CR3 is not supported; convert it to JPEG.");
        await AssertUnreadableAsync(Sent.Image(torn), "JPEG", "a file of 1000 bytes is not a readable image.");
        await AssertUnreadableAsync(Sent.Image("plain"u8.ToArray()), null, "a file of 5 bytes is not a readable image.");
        await AssertUnreadableAsync(Sent.Form(("page", "<html><body>"u8.ToArray())), "a web page (HTML)",
            "a file of 12 bytes: a web page (HTML) is not supported; download the photograph itself.");
        await AssertUnreadableAsync(Sent.Form(("nothing", [])), null, "there is no image.");

        JsonNode problem = await (await s_served.Client.PostAsync(Sent.Recognize, Sent.Form(("a", heic), ("b", torn))))
            .ProblemAsync(HttpStatusCode.BadRequest);
        Assert.AreEqual("None of the photographs can be read.", (string?)problem["title"]);
        Assert.AreSequenceEqual(["a HEIC", "b JPEG"],
            problem["photographs"]!.AsArray().Select(photograph => $"{photograph!["id"]} {photograph["kind"]}"));
    }

    [TestMethod]
    public async Task Recognize_SomeCanBeRead_AnswersThese()
    {
        JsonNode answers = await (await s_served.Client.PostAsync(Sent.Recognize,
            Sent.Form(("good", File.ReadAllBytes(Photos[0])), ("bad", [1])))).AnswerAsync();
        Assert.IsNotNull((string?)answers[0]!["landmark"]);
        Assert.AreEqual(("bad", "a file of 1 bytes is not a readable image.", null),
            ((string?)answers[1]!["id"], (string?)answers[1]!["error"], (string?)answers[1]!["landmark"]));
    }

    [TestMethod]
    public async Task Recognize_ImageOfTooManyPixels_IsRefusedBeforeItIsDecoded()
    {
        // A GIF that promises 2,000 x 1,000 pixels and has none.
        byte[] large = [.. "GIF89a"u8, 0xd0, 7, 0xe8, 3, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0, 0xd0, 7, 0xe8, 3, 0, 2, 2,
            0x44, 1, 0, 0x3b];
        await AssertUnreadableAsync(Sent.Image(large), "GIF",
            $"a file of {large.Length} bytes has 2000 x 1000 pixels, more than 1000000. Shrink it, or allow more by --max-megapixels.");
    }

    [TestMethod]
    public async Task Recognize_OtherForms_AreRefusedWithTheWayOut()
    {
        const string Types = " Send a photograph as image/jpeg or of another image type, several as multipart/form-data, or in base64 as "
            + "application/json.";
        await AssertRefusedAsync(new StringContent("a=b", new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
            HttpStatusCode.UnsupportedMediaType, "The Content-Type is application/x-www-form-urlencoded." + Types);
        await AssertRefusedAsync(new ByteArrayContent([1]), HttpStatusCode.UnsupportedMediaType,
            "The request has no Content-Type." + Types);
        await AssertRefusedAsync(Sent.Image(), HttpStatusCode.BadRequest, "The request is empty. Send a photograph in it.");
        await AssertRefusedAsync(Sent.Json("[]"), HttpStatusCode.BadRequest, "The request is empty. Send a photograph in it.");
        await AssertRefusedAsync(Sent.Json("[{\"image\": \"AAAA\"}, {\"id\": \"x\"}]"), HttpStatusCode.BadRequest,
            "Photograph 1 has no 'image'. Send the bytes of its file in base64.");
        await AssertRefusedAsync(new MultipartFormDataContent { { new StringContent("text"), "field" } }, HttpStatusCode.BadRequest,
            "The form has no file. Send each photograph as a part with a file name.");
        await AssertRefusedAsync(new ByteArrayContent([1]) { Headers = { ContentType = new("multipart/form-data") } },
            HttpStatusCode.BadRequest, "The form can't be read: its Content-Type names no boundary of 1 to 200 characters. Send it whole, "
                + "as multipart/form-data.");
        foreach ((string json, string place) in ((string, string)[])
        [
            ("3", "$"), ("{\"image\": 3}", "$.image"), ("[{\"id\": 3}]", "$[0].id"),
            ("{\"id\": \"\\ud800\"}", "$.id"),
        ])
        {
            await AssertRefusedAsync(Sent.Json(json), HttpStatusCode.BadRequest, $"The JSON can't be read: {place} does not have the right "
                + "form. Send an object with 'image' in base64, or a list of such.");
        }

        foreach (string json in (string[])["", "{", "{\"image\": \"AAAA\"} more"])
        {
            JsonNode problem = await (await s_served.Client.PostAsync(Sent.Recognize, Sent.Json(json)))
                .ProblemAsync(HttpStatusCode.BadRequest);
            StringAssert.StartsWith((string?)problem["detail"], "The JSON can't be read: ");
        }
    }

    [TestMethod]
    public async Task Recognize_TooMuch_IsRefused()
    {
        const string TooLarge = "The request has more than 4000000 bytes. Send a smaller photograph, or fewer at once.";
        await AssertRefusedAsync(Sent.Image(new byte[4_000_001]), HttpStatusCode.RequestEntityTooLarge, TooLarge);
        await AssertRefusedAsync(Sent.Form(("a", new byte[3_000_000]), ("b", new byte[2_000_000])), HttpStatusCode.RequestEntityTooLarge,
            TooLarge);
        // Its length is not told beforehand.
        using HttpClient client = new() { BaseAddress = s_served.Url, DefaultRequestHeaders = { TransferEncodingChunked = true } };
        await (await client.PostAsync(Sent.Recognize, Sent.Image(new byte[4_000_001])))
            .AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, TooLarge);
        await AssertRefusedAsync(Sent.Form([.. Enumerable.Range(0, 41).Select(i => ($"{i}", new byte[] { 1 }))]),
            HttpStatusCode.RequestEntityTooLarge, "The request has more than 40 photographs. Send fewer at once.");
    }

    [TestMethod]
    public async Task AnyRoute_WhatIsNotThere_IsAProblem()
    {
        await (await s_served.Client.GetAsync("/nothing")).ProblemAsync(HttpStatusCode.NotFound);
        await (await s_served.Client.GetAsync(Sent.Recognize)).ProblemAsync(HttpStatusCode.MethodNotAllowed);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nothing") { Headers = { Accept = { new("text/html") } } };
        await (await s_served.Client.SendAsync(request)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [TestMethod]
    public async Task Landmarks_AreThoseOfTheModel()
    {
        JsonArray landmarks = (await (await s_served.Client.GetAsync("/landmarks")).AnswerAsync()).AsArray();
        JsonNode info = await (await s_served.Client.GetAsync("/info")).AnswerAsync();

        int[] expected = [.. SampleFiles.Rows("train.csv").Take(6).GroupBy(row => row.Split(',')[1]).Select(rows => rows.Count())];
        Assert.AreSequenceEqual(expected, landmarks.Select(landmark => (int)landmark!["rowCount"]!));
        Assert.AreEqual(landmarks.ToJsonString(), info["landmarks"]!.ToJsonString());
        Assert.AreEqual(6, (int)info["landmarkRowCount"]!);
        Assert.AreEqual(64, ((string)info["landmarkFingerprint"]!).Length);
    }

    [TestMethod]
    public async Task Metrics_TellWhatBecameOfPhotographs()
    {
        await s_served.Client.PostAsync(Sent.Recognize, Sent.Form(("good", File.ReadAllBytes(Photos[0])), ("bad", "%PDF"u8.ToArray())));
        string[] names = ["landmarks_queue_duration_seconds_bucket", "landmarks_decode_duration_seconds_bucket",
            "landmarks_network_duration_seconds_bucket", "landmarks_search_duration_seconds_bucket", "landmarks_batch_size_bucket",
            "landmarks_answers_total", "landmarks_unreadable_total", "http_server_request_duration_seconds_bucket"];
        string metrics = "";
        await Waiting.UntilAsync(async () =>
        {
            metrics = await s_served.Client.GetStringAsync("/metrics");
            return Array.TrueForAll(names, name => metrics.Contains($"\n{name}{{", StringComparison.Ordinal));
        });
        StringAssert.Contains(metrics, "kind=\"PDF\"");
        StringAssert.Contains(metrics, "verdict=\"unjudged\"");
    }

    [TestMethod]
    public async Task Metrics_WhereACollectorIsNamed_AreSentThere()
    {
        var received = new ConcurrentQueue<string>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using WebApplication collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue($"{context.Request.Path} {Encoding.Latin1.GetString(body.ToArray())}");
        });
        await collector.StartAsync();
        await using ServedProgram served = await ServedProgram.StartAsync(s_folder, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.Single(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_SERVICE_NAME"] = "towers",
        }, "--model", "model.zip");

        await (await served.Client.PostAsync(Sent.Recognize, Photograph())).AnswerAsync();

        await Waiting.UntilAsync(() => received.Any(sent => sent.StartsWith("/v1/metrics ", StringComparison.Ordinal)
            && sent.Contains("landmarks.batch.size", StringComparison.Ordinal) && sent.Contains("towers", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task OpenApi_DescribesEachRouteWithExamples()
    {
        JsonNode document = await (await s_served.Client.GetAsync("/openapi/v1.json")).AnswerAsync();
        ReadResult read = OpenApiDocument.Parse(document.ToJsonString(), "json");
        Assert.IsEmpty(read.Diagnostic!.Errors.Concat(read.Diagnostic.Warnings));

        Assert.AreEqual("landmarks", (string?)document["info"]!["title"]);
        CollectionAssert.AreEquivalent(
            (string[])["/recognize", "/landmarks", "/info", "/health/live", "/health/ready", "/admin/reload"],
            document["paths"]!.AsObject().Select(path => path.Key).ToArray());
        JsonNode recognize = document["paths"]!["/recognize"]!["post"]!;
        CollectionAssert.AreEquivalent((string[])["image/*", "multipart/form-data", "application/json"],
            recognize["requestBody"]!["content"]!.AsObject().Select(form => form.Key).ToArray());
        JsonNode example = recognize["responses"]!["200"]!["content"]!["application/json"]!["example"]!;
        JsonNode answer = await (await s_served.Client.PostAsync(Sent.Recognize, Photograph())).AnswerAsync();
        Assert.AreSequenceEqual(answer.AsObject().Select(member => member.Key), example.AsObject().Select(member => member.Key));
    }

    [TestMethod]
    [DataRow("/landmarks")]
    [DataRow("/info")]
    [DataRow("/health/ready")]
    [DataRow("/recognize")]
    public async Task OpenApi_Answers_AreAsItSays(string route)
    {
        JsonNode document = await (await s_served.Client.GetAsync("/openapi/v1.json")).AnswerAsync();
        bool isPost = route == Sent.Recognize;
        JsonNode answer = await (isPost ? await s_served.Client.PostAsync($"{route}?explain=true", Photograph())
            : await s_served.Client.GetAsync(route)).AnswerAsync();

        JsonNode described = document["paths"]![route]![isPost ? "post" : "get"]!["responses"]!["200"]!["content"]!["application/json"]!;

        Assert.IsNull(DescribedJson.Deviation(document, described["schema"]!, answer, "$"));
        if (described["example"] is { } example)
            Assert.IsNull(DescribedJson.Deviation(document, described["schema"]!, example, "$"));
    }

    [TestMethod]
    public async Task Reload_WithoutTheKey_IsRefused()
    {
        HttpResponseMessage response = await s_served.Client.PostAsync("/admin/reload", null);
        await response.AssertProblemAsync(HttpStatusCode.Unauthorized,
            "This takes the key of the service. Send it in the header Authorization, after Bearer.");
        Assert.AreEqual("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        foreach (string other in (string[])["Bearer", "Bearer no", $"Basic {Key}", Key])
            await (await ReloadAsync(s_served, other)).ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [TestMethod]
    public async Task Reload_AnotherFile_IsServedAndABrokenOneIsNot()
    {
        using var folder = new WorkFolder();
        File.Copy(Model, folder["served.zip"]);
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "served.zip", "--admin-key", Key);
        Assert.AreEqual((1, 6), await StateAsync(served));
        SmallModel.Fit(s_folder, "other.zip", landmarks: 9);
        File.Copy(s_folder["other.zip"], folder["served.zip"], overwrite: true);

        Assert.AreEqual(2, (int)(await (await ReloadAsync(served, $"Bearer {Key}")).AnswerAsync())["model"]!);

        Assert.AreEqual((2, 9), await StateAsync(served));
        File.WriteAllBytes(folder["served.zip"], File.ReadAllBytes(Model)[..1000]);
        await (await ReloadAsync(served, $"Bearer {Key}")).AssertProblemAsync(HttpStatusCode.Conflict, "'served.zip' is no landmark model: "
            + "it is of another kind, or only a part of one. Name a file that fit wrote. The model before it goes on.");
        Assert.AreEqual((2, 9), await StateAsync(served));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Reload_PipeInPlaceOfTheFile_IsRefusedAndTheNextFileIsServed()
    {
        const string Refused = "'served.zip' is a pipe, a socket or a device, which is read once: a service reads its model again. Name a "
            + "file.";
        using var folder = new WorkFolder();
        File.Copy(Model, folder["served.zip"]);
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "served.zip", "--admin-key", Key, "--watch",
            "--writable");
        File.Delete(folder["served.zip"]);
        DemoProgram.RunOther("mkfifo", folder, "served.zip").AssertSuccess();

        await (await ReloadAsync(served, $"Bearer {Key}")).AssertProblemAsync(HttpStatusCode.Conflict,
            $"{Refused} The model before it goes on.");
        using var removal = new HttpRequestMessage(HttpMethod.Delete, "/landmarks/1") { Headers = { Authorization = new("Bearer", Key) } };
        await (await served.Client.SendAsync(removal)).AssertProblemAsync(HttpStatusCode.Conflict,
            $"{Refused} The model before it goes on.");

        DemoProgram.Run(folder, "serve", "--model", "served.zip", "--urls", "http://127.0.0.1:0").AssertError(1, Refused);
        File.Copy(Model, folder["next.zip"]);
        File.Move(folder["next.zip"], folder["served.zip"], overwrite: true);
        await Waiting.UntilAsync(async () => await StateAsync(served) == (2, 6));
    }

    [TestMethod]
    public async Task Watch_FileIsDeletedAndPutBack_GoesOn()
    {
        using var folder = new WorkFolder();
        File.Copy(Model, folder["served.zip"]);
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "served.zip", "--watch", "--admin-key", Key);
        File.Delete(folder["served.zip"]);
        await (await ReloadAsync(served, $"Bearer {Key}")).AssertProblemAsync(HttpStatusCode.Conflict,
            "'served.zip' does not exist. The model before it goes on.");
        Assert.AreEqual((1, 6), await StateAsync(served));

        File.Copy(Model, folder["served.zip"]);

        await Waiting.UntilAsync(async () => await StateAsync(served) == (2, 6));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Serve_SocketOfAKilledService_IsTakenAndALiveOneIsNot()
    {
        using var folder = new WorkFolder();
        // Paths of sockets are short.
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock"), url = $"http://unix:{path}";
        using (var killed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            killed.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + "2");
        }

        File.Move(path + "2", path);

        await using (ServedProgram served = await ServedProgram.StartAsync(folder, "--model", Model, "--urls", url))
        {
            Assert.AreEqual(HttpStatusCode.OK, (await served.Client.GetAsync("/health/ready")).StatusCode);
            DemoProgram.Run(folder, "serve", "--model", Model, "--urls", url).AssertError(1, $"Can't listen on {url}: another program "
                + $"listens on the socket '{path}'. Name an address of this machine by --urls that no other program has taken.");
            Assert.AreEqual(HttpStatusCode.OK, (await served.Client.GetAsync("/health/ready")).StatusCode);
            served.Signal("TERM");
            await served.EndAsync();
        }

        Assert.IsFalse(File.Exists(path));
        File.WriteAllText(path, "notes");
        DemoProgram.Run(folder, "serve", "--model", Model, "--urls", url).AssertError(1, $"Can't listen on {url}: '{path}' is there "
            + "already, and no socket. Name an address of this machine by --urls that no other program has taken.");
        Assert.AreEqual("notes", File.ReadAllText(path));
        File.Delete(path);
        DemoProgram.Run(folder, "serve", "--model", Model, "--urls", $"{url}/x").AssertError(1, $"Can't listen on {url}/x: The folder "
            + $"'{path}' does not exist. Name an address of this machine by --urls that no other program has taken.");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("key ")]
    [DataRow("k\u00e9y")]
    [DataRow("k\ny")]
    public void Serve_KeyThatNobodyCanSend_IsAMistake(string key) => DemoProgram
        .Run(s_folder, "serve", "--model", "model.zip", "--admin-key", key).AssertError(2, "--admin-key can't be sent in a header; it must "
            + "be of ASCII's letters, digits and signs, without a space at its ends.");

    [TestMethod]
    public async Task Watch_FileIsReplaced_ServesIt()
    {
        using var folder = new WorkFolder();
        File.Copy(Model, folder["served.zip"]);
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "served.zip", "--watch");
        await (await ReloadAsync(served, $"Bearer {Key}")).ProblemAsync(HttpStatusCode.NotFound);
        SmallModel.Fit(s_folder, "watched.zip", landmarks: 7);
        File.WriteAllBytes(folder["served.zip"], File.ReadAllBytes(Model)[..1000]);
        await Waiting.UntilAsync(() => served.Error.Contains("goes on", StringComparison.Ordinal));
        Assert.AreEqual((1, 6), await StateAsync(served));

        File.Copy(s_folder["watched.zip"], folder["next.zip"]);
        File.Move(folder["next.zip"], folder["served.zip"], overwrite: true);

        await Waiting.UntilAsync(async () => await StateAsync(served) == (2, 7));
    }

    [TestMethod]
    [DataRow("TERM")]
    [DataRow("INT")]
    public async Task Signal_WithoutWork_EndsAtOnceAndLeavesNothing(string signal)
    {
        using var folder = new WorkFolder();
        File.Copy(Model, folder["model.zip"]);
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "model.zip");
        await (await served.Client.PostAsync(Sent.Recognize, Photograph())).AnswerAsync();

        served.Signal(signal);
        ProgramResult result = await served.EndAsync();

        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.AreEqual("Ending; 0 photographs waiting.", result.OutputLines[^1]);
        folder.AssertFiles("model.zip");
        StringAssert.Contains(result.Error, "\"Message\":\"POST /recognize answered 200 in ");
        Assert.IsTrue(result.ErrorLines.All(line => JsonNode.Parse(line) is not null), "Each line of the log is an object.");
    }

    [TestMethod]
    public async Task Signal_WhileTheModelIsLoaded_EndsWithoutAnError()
    {
        using var folder = new WorkFolder();
        File.Copy(Model, folder["model.zip"]);
        await using ServedProgram served = await ServedProgram.ListenAsync(folder, "--model", "model.zip");

        served.Signal("TERM");
        ProgramResult result = await served.EndAsync();

        Assert.AreEqual((0, ""), (result.ExitCode, result.Error));
        Assert.AreEqual("Ending; 0 photographs waiting.", result.OutputLines[^1]);
    }

    [TestMethod]
    public void Serve_WhatCantBeServed_EndsWithALineThatSaysWhy()
    {
        DemoProgram.Run(s_folder, "serve", "--model", "missing.zip", "--urls", "http://127.0.0.1:0")
            .AssertError(1, "'missing.zip' does not exist.");
        s_folder.WriteText("no.zip", "no model");
        DemoProgram.Run(s_folder, "serve", "--model", "no.zip", "--urls", "http://127.0.0.1:0").AssertError(1, "'no.zip' is no landmark "
            + "model: it is of another kind, or only a part of one. Name a file that fit wrote.");
        DemoProgram.Run(s_folder, "serve", "--model", "model.zip", "--urls", s_served.Url.ToString())
            .AssertError(1, $"Can't listen on {s_served.Url}: Failed to bind to address {s_served.Url.ToString().TrimEnd('/')}: address "
                + "already in use. Name an address of this machine by --urls that no other program has taken.");
        ProgramResult rate = DemoProgram.Run(s_folder, "serve", "--model", "model.zip", "--urls", "http://127.0.0.1:0", "--false-alarms",
            "5%");
        Assert.AreEqual((1, 1), (rate.ExitCode, rate.ErrorLines.Length), rate.Error);
    }

    [TestMethod]
    [DataRow("ftp://127.0.0.1")]
    [DataRow("https://127.0.0.1:5081")]
    [DataRow("127.0.0.1:5080")]
    [DataRow("http://127.0.0.1:99999")]
    [DataRow("http://127.0.0.1:5080/path")]
    [DataRow("http://127.0.0.1:5080;nothing")]
    [DataRow("http://256.1.1.1:5080")]
    [DataRow("http://towers.example:5080")]
    [DataRow("http://me@127.0.0.1:5080")]
    [DataRow("http://127.0.0.1:5080?a=b")]
    [DataRow("http://unix:landmarks.sock")]
    [DataRow(";")]
    public void Serve_AddressThatIsNone_IsAMistake(string url) => DemoProgram.Run(s_folder, "serve", "--model", "model.zip", "--urls", url)
        .AssertError(2, $"--urls is {url}; it must be an address as http://127.0.0.1:5080, http://localhost:5080 or "
            + "http://unix:/run/landmarks.sock, with * for all of this machine, or several by a semicolon. For HTTPS put a proxy before "
            + "it.");

    [TestMethod]
    [DataRow("0")]
    [DataRow("20 million")]
    [DataRow("-1MB")]
    [DataRow("1GB")]
    [DataRow("999")]
    public void Serve_SizeThatIsNone_IsAMistake(string size) => DemoProgram
        .Run(s_folder, "serve", "--model", "model.zip", "--max-bytes", size)
        .AssertError(2, $"--max-bytes is {size}; it must be from 1000 to 500000000 bytes, as 20MB or 500KB.");

    [TestMethod]
    public void Serve_AddressThatOthersReach_Warns()
    {
        // One that is no machine's, so that nobody reaches the test.
        ProgramResult result = DemoProgram.Run(s_folder, "serve", "--model", "model.zip", "--urls", "http://192.0.2.1:5080");
        Assert.AreEqual("warning: http://192.0.2.1:5080 is open to other machines: whoever reaches it may ask, and nothing is encrypted. "
            + "Put a proxy before it that decides who may, or leave --urls out.", result.ErrorLines[0]);
        Assert.AreEqual(1, result.ExitCode);
    }

    [TestMethod]
    [DataRow("http://127.0.0.1:80", true)]
    [DataRow("http://127.8.9.1:80", true)]
    [DataRow("http://[::1]:80", true)]
    [DataRow("http://LocalHost:80", true)]
    [DataRow("http://unix:/run/landmarks.sock", true)]
    [DataRow("http://0.0.0.0:80", false)]
    [DataRow("http://[::]:80", false)]
    [DataRow("http://*:80", false)]
    [DataRow("http://+:80", false)]
    [DataRow("http://192.168.0.1:80", false)]
    public void Parse_Address_KnowsWhetherOthersReachIt(string url, bool isLoopback)
        => Assert.AreEqual(isLoopback, ServedAddress.Parse(url)!.IsLoopback);

    private static ByteArrayContent Photograph() => Sent.Image(File.ReadAllBytes(Photos[0]));

    private static async Task AssertAnswerAsync(string expected, HttpContent content)
    {
        using HttpResponseMessage response = await s_served.Client.PostAsync($"{Sent.Recognize}?explain=true", content);
        Assert.AreEqual(JsonNode.Parse(expected)!.ToJsonString(), (await response.AnswerAsync()).ToJsonString());
    }

    private static async Task AssertUnreadableAsync(HttpContent content, string? kind, string reason)
    {
        JsonNode problem = await (await s_served.Client.PostAsync(Sent.Recognize, content)).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.AreEqual(("The photograph can't be read.", reason, kind),
            ((string?)problem["title"], (string?)problem["detail"], (string?)problem["kind"]));
    }

    private static async Task AssertRefusedAsync(HttpContent content, HttpStatusCode status, string detail)
        => await (await s_served.Client.PostAsync(Sent.Recognize, content)).AssertProblemAsync(status, detail);

    private static async Task<HttpResponseMessage> ReloadAsync(ServedProgram served, string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/reload");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return await served.Client.SendAsync(request);
    }

    /// <summary>The number of the model that is served, and how many rows with a landmark it has.</summary>
    private static async Task<(int Number, int Rows)> StateAsync(ServedProgram served)
    {
        HttpResponseMessage response = await served.Client.GetAsync("/info");
        return (int.Parse(response.Headers.GetValues(AnswersResult.ModelHeader).Single(), CultureInfo.InvariantCulture),
            (int)(await response.AnswerAsync())["landmarkRowCount"]!);
    }
}
