using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>Clients that ask a service for photographs, each as soon as it has an answer, and compare that with what it must be.</summary>
internal sealed class LoadGenerator
{
    private readonly (byte[] File, string Expected)[] _photographs;
    private int _next;

    /// <param name="photos">The photographs.</param>
    /// <param name="answers">The answers to them by <c>predict --format json</c>.</param>
    public LoadGenerator(string[] photos, string[] answers)
        => _photographs = [.. photos.Zip(answers, (photo, answer) => (File.ReadAllBytes(photo), Compared(answer)))];

    /// <summary>How many answers there were so far.</summary>
    public int Answers { get; private set; }

    /// <summary>What was not the answer that it had to be.</summary>
    public ConcurrentQueue<string> Wrong { get; } = [];

    /// <summary>Asks.</summary>
    /// <param name="served">The service.</param>
    /// <param name="clients">How many clients.</param>
    /// <param name="requests">How many requests at least.</param>
    /// <param name="meanwhile">They go on until this has ended; null: nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Cost> AskAsync(ServedLandmarks served, int clients, int requests, Task? meanwhile, CancellationToken cancellation)
    {
        ConcurrentBag<double> latencies = [];
        int left = requests;
        double processor = served.Processor;
        long start = Stopwatch.GetTimestamp();
        IEnumerable<Task> asking = Enumerable.Range(0, clients).Select(_ => Task.Run(AskManyAsync, cancellation));
        await Task.WhenAll([.. asking, meanwhile ?? Task.CompletedTask]);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Answers += latencies.Count;
        return new Cost(latencies.Count, seconds, served.Processor - processor, served.PeakMemory, [.. latencies.Order()]);

        async Task AskManyAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0 || meanwhile is { IsCompleted: false })
                latencies.Add(await AskAsync(served.Client, cancellation));
        }
    }

    private async Task<double> AskAsync(HttpClient client, CancellationToken cancellation)
    {
        (byte[] file, string expected) = _photographs[(int)((uint)Interlocked.Increment(ref _next) % _photographs.Length)];
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await client.PostAsync("/recognize?explain=true", content, cancellation);
        string answer = await response.Content.ReadAsStringAsync(cancellation);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (!response.IsSuccessStatusCode || Compared(answer) != expected)
            Wrong.Enqueue($"{(int)response.StatusCode} {answer}");
        return seconds;
    }

    // A photograph by itself has no id. Numbers stand as they were written.
    private static string Compared(string answer)
    {
        JsonNode json = JsonNode.Parse(answer)!;
        json["id"] = null;
        return json.ToJsonString();
    }
}
