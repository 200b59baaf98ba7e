using System.Net;
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
