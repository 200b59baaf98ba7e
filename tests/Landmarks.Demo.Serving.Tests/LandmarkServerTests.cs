using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>The service with a model whose batches end when a test says so.</summary>
[TestClass]
public sealed class LandmarkServerTests
{
    private const string Loading = "The model is being loaded. Ask again.";

    [TestMethod]
    public async Task Start_WithoutAModel_IsLiveAndNotReady()
    {
        await using TestServer server = await TestServer.StartAsync();

        Assert.AreEqual(HttpStatusCode.OK, (await server.Client.GetAsync("/health/live")).StatusCode);
        await (await server.Client.GetAsync("/health/ready")).AssertProblemAsync(HttpStatusCode.ServiceUnavailable, Loading);
        HttpResponseMessage refused = await server.Client.PostAsync(Sent.Recognize, Sent.Image(1));
        await refused.AssertProblemAsync(HttpStatusCode.ServiceUnavailable, Loading);
        Assert.AreEqual(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        await (await server.Client.GetAsync("/landmarks")).AssertProblemAsync(HttpStatusCode.ServiceUnavailable, Loading);

        server.Serve(new FakeModel(isGated: false));

        Assert.AreEqual("ready", (string?)(await (await server.Client.GetAsync("/health/ready")).AnswerAsync())["status"]);
        Assert.AreEqual(7, (float)(await (await server.Client.PostAsync(Sent.Recognize, Sent.Image(7))).AnswerAsync())["score"]!);
    }

    [TestMethod]
    public async Task Recognize_QueueIsFull_SaysWhenToAskAgain()
    {
        await using TestServer server = await TestServer.StartAsync(settings => settings with { MaxQueue = 2 });
        var model = new FakeModel();
        server.Serve(model);
        Task<HttpResponseMessage> first = server.Client.PostAsync(Sent.Recognize, Sent.Image(1));
        await model.BegunAsync();
        Task<HttpResponseMessage> second = server.Client.PostAsync(Sent.Recognize, Sent.Form(("a", [2]), ("b", [3])));
        await Waiting.UntilAsync(() => server.WaitingCount == 2);

        HttpResponseMessage refused = await server.Client.PostAsync(Sent.Recognize, Sent.Image(5));

        await refused.AssertProblemAsync(HttpStatusCode.TooManyRequests,
            "2 photographs wait already, and there is no room for more. Ask again when the header Retry-After says.");
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta!.Value);
        model.End(10);
        Assert.AreEqual(1, (float)(await (await first).AnswerAsync())["score"]!);
        Assert.AreEqual(2, (await (await second).AnswerAsync()).AsArray().Count);
    }

    [TestMethod]
    public async Task Recognize_ClientGoesAway_FreesItsPlaceAndEndsTheWork()
    {
        await using TestServer server = await TestServer.StartAsync(settings => settings with { MaxQueue = 1 });
        var model = new FakeModel();
        server.Serve(model);
        using CancellationTokenSource atWork = new(), waiting = new();
        Task<HttpResponseMessage> first = server.CreateClient().PostAsync(Sent.Recognize, Sent.Image(1), atWork.Token);
        await model.BegunAsync();
        Task<HttpResponseMessage> second = server.CreateClient().PostAsync(Sent.Recognize, Sent.Image(2), waiting.Token);
        await Waiting.UntilAsync(() => server.WaitingCount == 1);

        await waiting.CancelAsync();
        await Waiting.UntilAsync(() => server.WaitingCount == 0);
        await atWork.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAsync<OperationCanceledException>(() => second);
        await Waiting.UntilAsync(() => model.Cancelled == 1);
        model.End(10);
        Assert.AreEqual(4, (float)(await (await server.Client.PostAsync(Sent.Recognize, Sent.Image(4))).AnswerAsync())["score"]!);
    }

    [TestMethod]
    public async Task Serve_AnotherModelDuringARequest_AnswersItByOne()
    {
        await using TestServer server = await TestServer.StartAsync();
        FakeModel old = new(1), next = new(2, isGated: false);
        server.Serve(old);
        (string, byte[])[] files = [.. Enumerable.Range(0, 50).Select(i => ($"{i}", new[] { (byte)i }))];
        Task<HttpResponseMessage> asked = server.Client.PostAsync(Sent.Recognize, Sent.Form(files));
        await old.BegunAsync();

        server.Serve(next);
        Task<HttpResponseMessage> askedLater = server.Client.PostAsync(Sent.Recognize, Sent.Image(1));
        old.End(10);

        Assert.AreEqual("2", (string?)(await (await askedLater).AnswerAsync())["landmark"]);
        HttpResponseMessage response = await asked;
        JsonArray answers = (await response.AnswerAsync()).AsArray();
        Assert.AreSequenceEqual(Enumerable.Repeat("1", 50), answers.Select(answer => (string)answer!["landmark"]!));
        Assert.AreSequenceEqual(Enumerable.Range(0, 50).Select(i => $"{i}"), answers.Select(answer => (string)answer!["id"]!));
        Assert.AreEqual("1", response.Headers.GetValues(AnswersResult.ModelHeader).Single());
        await Waiting.UntilAsync(() => old.IsFreed);
    }

    [TestMethod]
    public async Task Recognize_Answered_TellsTheRateOfTheVerdict()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false, falseAlarmRate: 0.05));
        HttpResponseMessage judged = await server.Client.PostAsync(Sent.Recognize, Sent.Image(1));
        Assert.AreEqual("0.05", judged.Headers.GetValues(AnswersResult.FalseAlarmsHeader).Single());

        server.Serve(new FakeModel(2, isGated: false));
        HttpResponseMessage unjudged = await server.Client.PostAsync(Sent.Recognize, Sent.Image(1));
        Assert.IsFalse(unjudged.Headers.Contains(AnswersResult.FalseAlarmsHeader));
    }

    [TestMethod]
    [DataRow("/")]
    [DataRow("/page.js")]
    [DataRow("/health/live")]
    [DataRow("/health/ready")]
    [DataRow("/landmarks")]
    [DataRow("/info")]
    [DataRow("/metrics")]
    [DataRow("/openapi/v1.json")]
    [DataRow("/nothing")]
    [DataRow(Sent.Recognize)]
    public async Task AnyRoute_Head_AnswersAsGetWithoutABody(string route)
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpResponseMessage got = await server.Client.GetAsync(route);

        HttpResponseMessage head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, route));

        Assert.AreEqual((got.StatusCode, got.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.IsEmpty(await head.Content.ReadAsByteArrayAsync());
    }

    [TestMethod]
    [DataRow("{\"image\": \"data:image/png;base64,Bwg=\"}")]
    [DataRow("{\"image\": \"data:image\\/png;name=a%20b;base64,Bw\\ng=\"}")]
    [DataRow("{\"image\": \"data:;base64,Bwg=\"}")]
    [DataRow("\ufeff{\"image\": \"Bwg=\"}")]
    [DataRow(" {\"image\": \"B\\u0077g=\\r\\n\"}")]
    public async Task Recognize_JsonAsProgramsWriteIt_IsRead(string json)
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false));
        Assert.AreEqual(7, (float)(await (await server.Client.PostAsync(Sent.Recognize, Sent.Json(json))).AnswerAsync())["score"]!);
    }

    [TestMethod]
    [DataRow("Bwg")]
    [DataRow("Bwg=x")]
    [DataRow("_-8=")]
    [DataRow("data:image/png,Bwg=")]
    [DataRow("data:image/png;base64,Bwg")]
    [DataRow("http://127.0.0.1/a.png")]
    public async Task Recognize_JsonWithoutBase64_SaysSo(string image)
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false));
        HttpResponseMessage response = await server.Client.PostAsync(Sent.Recognize, Sent.Json($"[{{\"image\": \"{image}\"}}]"));
        await response.AssertProblemAsync(HttpStatusCode.BadRequest,
            "The JSON can't be read: $[0].image is no base64. Send an object with 'image' in base64, or a list of such.");
    }

    [TestMethod]
    public async Task Recognize_OtherEncodings_AreRefused()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false));
        ByteArrayContent content = Sent.Image(7);
        content.Headers.ContentEncoding.Add("gzip");

        HttpResponseMessage refused = await server.Client.PostAsync(Sent.Recognize, content);

        await refused.AssertProblemAsync(HttpStatusCode.UnsupportedMediaType,
            "The Content-Encoding is gzip. Send the request as it is, without one: photographs hardly become smaller.");
        Assert.AreEqual("identity", refused.Headers.GetValues("Accept-Encoding").Single());
        content.Headers.ContentEncoding.Clear();
        content.Headers.ContentEncoding.Add("identity");
        await (await server.Client.PostAsync(Sent.Recognize, content)).AnswerAsync();
        StringContent utf16 = new("{\"image\": \"Bwg=\"}", Encoding.Unicode, "application/json");
        await (await server.Client.PostAsync(Sent.Recognize, utf16)).AssertProblemAsync(HttpStatusCode.UnsupportedMediaType,
            "The Content-Type is application/json; charset=utf-16. Send JSON as UTF-8.");
        StringContent utf8 = new("{\"image\": \"Bwg=\"}", new MediaTypeHeaderValue("application/json", "\"UTF-8\""));
        await (await server.Client.PostAsync(Sent.Recognize, utf8)).AnswerAsync();
    }

    [TestMethod]
    [DataRow("filename=\"a b.jpg\"", "a b.jpg")]
    [DataRow("filename=a.jpg", "a.jpg")]
    [DataRow("filename=\"the \\\"a\\\".jpg\"", "the \"a\".jpg")]
    [DataRow("filename=\"the %22a%22.jpg\"", "the \"a\".jpg")]
    [DataRow("filename=\"100%25.jpg\"", "100%25.jpg")]
    [DataRow("filename=\"C:\\dir\\a.jpg\"", "C:\\dir\\a.jpg")]
    [DataRow("filename=\"Turm é.jpg\"", "Turm é.jpg")]
    [DataRow("filename=\"x.jpg\"; filename*=UTF-8''%e2%82%ac.jpg", "€.jpg")]
    public async Task Recognize_NameInAForm_IsWhatWasMeant(string sent, string meant)
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false));
        var form = new ByteArrayContent(
            Encoding.UTF8.GetBytes($"--x\r\nContent-Disposition: form-data; name=\"a\"; {sent}\r\n\r\n1\r\n--x--\r\n"));
        form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");

        JsonNode answers = await (await server.Client.PostAsync(Sent.Recognize, form)).AnswerAsync();

        Assert.AreEqual(meant, (string?)answers[0]!["id"]);
    }

    [TestMethod]
    public async Task Recognize_ModelFails_IsAProblem()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false) { Failure = new InvalidOperationException("broken") });
        JsonNode problem = await (await server.Client.PostAsync(Sent.Recognize, Sent.Image(1)))
            .ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.IsNull(problem["detail"]);
    }

    [TestMethod]
    public async Task Landmarks_ModelThatTellsNothing_IsAProblem()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel());
        foreach (string route in (string[])["/landmarks", "/info"])
        {
            await (await server.Client.GetAsync(route)).AssertProblemAsync(HttpStatusCode.NotFound,
                "The step of the model that names landmarks is another library's, and tells nothing of them.");
        }
    }

    [TestMethod]
    public async Task Stop_DuringWork_AnswersWhatItTookAndRefusesTheRest()
    {
        await using TestServer server = await TestServer.StartAsync();
        var model = new FakeModel();
        server.Serve(model);
        Task<HttpResponseMessage> atWork = server.Client.PostAsync(Sent.Recognize, Sent.Image(1));
        await model.BegunAsync();
        Task<HttpResponseMessage> waiting = server.Client.PostAsync(Sent.Recognize, Sent.Image(2));
        await Waiting.UntilAsync(() => server.WaitingCount == 1);
        using var half = new TcpClient(server.Url.Host, server.Url.Port);
        await half.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {Sent.Recognize} HTTP/1.1\r\nHost: a\r\n"
            + "Content-Type: image/jpeg\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\nhalf"));
        using var reader = new StreamReader(half.GetStream());
        // The service reads the photograph from here on.
        Assert.AreEqual("HTTP/1.1 100 Continue", await reader.ReadLineAsync());
        await reader.ReadLineAsync();

        Task stopping = server.StopAsync();

        string refused = await reader.ReadToEndAsync();
        StringAssert.StartsWith(refused, "HTTP/1.1 503 ");
        StringAssert.Contains(refused, "The service is ending and takes no request any more. Ask again.");
        Assert.IsFalse(stopping.IsCompleted);
        model.End(2);
        Assert.AreEqual(1, (float)(await (await atWork).AnswerAsync())["score"]!);
        Assert.AreEqual(2, (float)(await (await waiting).AnswerAsync())["score"]!);
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => server.CreateClient().GetAsync("/health/live"));
        await server.DisposeAsync();
        Assert.IsTrue(model.IsFreed);
    }
}
