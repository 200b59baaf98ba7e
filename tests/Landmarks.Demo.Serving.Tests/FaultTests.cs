using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Landmarks.Demo.Tests;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>What others do wrong, by mistake or on purpose, harms nobody else.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class FaultTests
{
    private const int Many = 200;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [TestMethod]
    public async Task Recognize_ManyWhoStopCrawlOrDontRead_LetsGoOfThemAndAnswersOthers()
    {
        await using TestServer server = await TestServer.StartAsync(settings => settings with { MaxQueue = 2 * Many });
        server.Serve(new FakeModel(isGated: false));
        byte[] half = [.. Head(length: 100_000), .. new byte[50_000]], whole = [.. Head(length: 1), 7];
        List<NetworkStream> stopped = await ConnectAsync(server, half), crawling = await ConnectAsync(server, half),
            deaf = await ConnectAsync(server, [.. Enumerable.Repeat(whole, 3).SelectMany(request => request)]);
        Task crawl = Task.WhenAll(crawling.Select(CrawlAsync));

        Assert.AreEqual(5, await AskAsync(server, 5));
        foreach (NetworkStream client in stopped)
        {
            string answer = await new StreamReader(client).ReadToEndAsync();
            StringAssert.StartsWith(answer, "HTTP/1.1 408 ");
            StringAssert.Contains(answer, "Fewer than 1200 bytes of the request came in 5 seconds. Send it without pauses.");
        }

        await crawl;
        await Waiting.UntilAsync(() => server.WaitingCount == 0);
        Assert.AreEqual(6, await AskAsync(server, 6));
        stopped.Concat(crawling).Concat(deaf).ToList().ForEach(client => client.Dispose());
    }

    [TestMethod]
    public async Task Recognize_BodyIsGivenUp_IsNoErrorInTheLog()
    {
        using var folder = new WorkFolder();
        SmallModel.Fit(folder, "model.zip");
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "model.zip");
        using NetworkStream stopped = await ConnectAsync(served.Url), inChunks = await ConnectAsync(served.Url);
        await stopped.WriteAsync((byte[])[.. Head(length: 1_000), 1]);
        await inChunks.WriteAsync((byte[])[.. "POST /recognize HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n"u8,
            .. "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"u8]);

        foreach (NetworkStream client in (NetworkStream[])[stopped, inChunks])
            Assert.AreEqual("HTTP/1.1 408 Request Timeout", await new StreamReader(client).ReadLineAsync());

        served.Signal("TERM");
        ProgramResult result = await served.EndAsync();
        Assert.AreEqual(2, result.ErrorLines.Count(line => line.Contains("answered 408", StringComparison.Ordinal)), result.Error);
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", result.Error);
    }

    [TestMethod]
    public async Task AnyRoute_Garbage_IsRefusedAndOthersAreAnswered()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false));
        var random = new Random(1);
        byte[] tls = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], noise = new byte[1_000];
        List<byte[]> sent = [tls, [.. Head(length: -1)], [.. Head(length: long.MaxValue)], "GET / HTTP/9.9\r\n\r\n"u8.ToArray(),
            "POST /recognize HTTP/1.1\r\nno header\r\n\r\n"u8.ToArray(),
            [.. "POST /recognize HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"u8],
            [.. "POST /recognize HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"u8,
                .. "ffffffffffff\r\n"u8]];
        for (int i = 0; i < Many; i++)
        {
            random.NextBytes(noise);
            sent.Add([.. noise]);
        }

        foreach (byte[] garbage in sent)
        {
            using NetworkStream client = await ConnectAsync(server.Url);
            await client.WriteAsync(garbage);
            client.Socket.Shutdown(SocketShutdown.Send);
            string answer = await ReadToEndAsync(client);
            Assert.IsTrue(answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal)
                || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), answer);
        }

        Assert.AreEqual(7, await AskAsync(server, 7));
    }

    [TestMethod]
    public async Task Recognize_ChunkOfNoLength_SaysThatItCantBeRead()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false));
        using NetworkStream client = await ConnectAsync(server.Url);
        await client.WriteAsync((byte[])[.. "POST /recognize HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\n"u8,
            .. "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n"u8]);

        string answer = await ReadToEndAsync(client);

        StringAssert.StartsWith(answer, "HTTP/1.1 400");
        StringAssert.Contains(answer, "\"The request can't be read: Bad chunk size data. Send it whole.\"");
    }

    [TestMethod]
    public async Task Recognize_PartsWithoutContent_AreToldApart()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Serve(new FakeModel(isGated: false));

        JsonNode answers = await (await server.Client.PostAsync(Sent.Recognize, Sent.Form(("none", []), ("some", [9]), ("nil", []))))
            .AnswerAsync();

        Assert.AreSequenceEqual((string?[])["there is no image.", null, "there is no image."],
            answers.AsArray().Select(answer => (string?)answer!["error"]));
        Assert.AreEqual(9, (float)answers[1]!["score"]!);
        // Forms of nothing but ends, of parts without heads, and JSON that is nothing but depth.
        foreach (string form in (string[])["", "--x--\r\n", "--x\r\n\r\n\r\n--x--\r\n", "--x\r\n", "\r\n\r\n"])
        {
            var content = new ByteArrayContent(Encoding.ASCII.GetBytes(form));
            content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
            await (await server.Client.PostAsync(Sent.Recognize, content)).ProblemAsync(HttpStatusCode.BadRequest);
        }

        await (await server.Client.PostAsync(Sent.Recognize, Sent.Json(new string('[', 100_000)))).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [TestMethod]
    public async Task Recognize_ManyAtOnceForAFullQueue_AnswersWhatHasRoomAndRefusesTheRest()
    {
        const int Room = 10;
        await using TestServer server = await TestServer.StartAsync(settings => settings with { MaxQueue = Room });
        var model = new FakeModel();
        server.Serve(model);
        Task<HttpResponseMessage> first = server.Client.PostAsync(Sent.Recognize, Sent.Image(1));
        await model.BegunAsync();

        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, Many)
            .Select(i => server.Client.PostAsync(Sent.Recognize, Sent.Image((byte)i)))];
        await Waiting.UntilAsync(() => asked.Count(request => request.IsCompleted) == Many - Room);
        model.End(Many);

        HttpResponseMessage[] responses = await Task.WhenAll(asked);
        ILookup<HttpStatusCode, HttpResponseMessage> all = responses.ToLookup(response => response.StatusCode);
        Assert.AreEqual((Room, Many - Room), (all[HttpStatusCode.OK].Count(), all[HttpStatusCode.TooManyRequests].Count()));
        Assert.IsTrue(all[HttpStatusCode.TooManyRequests].All(response => response.Headers.RetryAfter is not null));
        Assert.AreEqual(HttpStatusCode.OK, (await first).StatusCode);
    }

    [TestMethod]
    public async Task Signal_DuringWork_AnswersWhatItTookWhoeverHoldsOn()
    {
        const int Asked = 60;
        using var folder = new WorkFolder();
        string photo = SmallModel.Fit(folder, "model.zip");
        await using ServedProgram served = await ServedProgram.StartAsync(folder, "--model", "model.zip");
        string expected = await (await served.Client.PostAsync(Sent.Recognize, Photograph(photo))).Content.ReadAsStringAsync();
        using NetworkStream stopped = await ConnectAsync(served.Url), deaf = await ConnectAsync(served.Url);
        await stopped.WriteAsync((byte[])[.. Head(length: 1_000), 1]);
        await deaf.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(
            Enumerable.Repeat("GET /openapi/v1.json HTTP/1.1\r\nHost: a\r\n\r\n", Many))));
        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, Asked)
            .Select(_ => served.Client.PostAsync(Sent.Recognize, Photograph(photo)))];
        await Task.WhenAny(asked);

        served.Signal("TERM");
        ProgramResult result = await served.EndAsync();

        Assert.AreEqual(0, result.ExitCode, result.Error);
        int answered = 0;
        foreach (Task<HttpResponseMessage> request in asked)
        {
            // Who comes once it listens no more is not even connected.
            if (await Task.WhenAny(request) is { IsFaulted: true })
                continue;
            HttpResponseMessage response = await request;
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                Assert.AreEqual(expected, await response.Content.ReadAsStringAsync());
                answered++;
            }
        }

        int waiting = int.Parse(result.OutputLines[^1].Split(' ')[1]);
        Assert.IsGreaterThanOrEqualTo(waiting + 1, answered);
    }

    // A disk that has no room for the log, and no log at all.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("2>/dev/full")]
    [DataRow("2>&-")]
    public async Task Log_CantBeWritten_AnswersAndEndsAllTheSame(string redirection)
    {
        using var folder = new WorkFolder();
        string photo = SmallModel.Fit(folder, "model.zip");
        await using ServedProgram served = await ServedProgram.StartAsync(redirection, folder, "--model", "model.zip");

        for (int i = 0; i < 3; i++)
            await (await served.Client.PostAsync(Sent.Recognize, Photograph(photo))).AnswerAsync();

        served.Signal("TERM");
        ProgramResult result = await served.EndAsync();
        Assert.AreEqual((0, ""), (result.ExitCode, result.Error));
    }

    // A program that starts the service, and lets its log run into a pipe that is full.
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task Log_NobodyReadsIt_AnswersAndEndsAllTheSame()
    {
        const int Capacity = 1 << 16;
        using var folder = new WorkFolder();
        string photo = SmallModel.Fit(folder, "model.zip");
        DemoProgram.RunOther("mkfifo", folder, "log").AssertSuccess();
        using FileStream log = new(folder["log"], FileMode.Open, FileAccess.ReadWrite);
        log.Write(new byte[Capacity]);
        await using ServedProgram served = await ServedProgram.StartAsync("2>log", folder, "--model", "model.zip");

        for (int i = 0; i < 3; i++)
            await (await served.Client.PostAsync(Sent.Recognize, Photograph(photo))).AnswerAsync();

        served.Signal("TERM");
        Assert.AreEqual(0, (await served.EndAsync()).ExitCode);
    }

    private static byte[] Head(long length) => Encoding.ASCII.GetBytes(
        $"POST {Sent.Recognize} HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n");

    private static ByteArrayContent Photograph(string path) => Sent.Image(File.ReadAllBytes(path));

    private static async Task<float> AskAsync(TestServer server, byte photograph)
        => (float)(await (await server.Client.PostAsync(Sent.Recognize, Sent.Image(photograph))).AnswerAsync())["score"]!;

    private static async Task<NetworkStream> ConnectAsync(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(url.Host, url.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Many clients that send something, and then nothing.</summary>
    private static async Task<List<NetworkStream>> ConnectAsync(TestServer server, byte[] sent)
    {
        List<NetworkStream> clients = [];
        for (int i = 0; i < Many; i++)
        {
            clients.Add(await ConnectAsync(server.Url));
            await clients[^1].WriteAsync(sent);
        }

        return clients;
    }

    /// <summary>Sends a byte a second until the service has enough of it.</summary>
    private static async Task CrawlAsync(NetworkStream client)
    {
        Task<string> answer = ReadToEndAsync(client);
        while (await Task.WhenAny(answer, Task.Delay(s_second)) != answer)
        {
            try
            {
                await client.WriteAsync(new byte[1]);
            }
            catch (IOException)
            {
                break;
            }
        }

        await answer;
    }

    // A service that hangs up while something is sent leaves no answer.
    private static async Task<string> ReadToEndAsync(NetworkStream client)
    {
        try
        {
            return await new StreamReader(client).ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
