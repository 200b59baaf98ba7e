using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>Answers each photograph once, as a program without the service would.</summary>
internal static class ServingPeers
{
    // What the first ones compile and load is no part of it.
    private const int WarmUps = 4;

    /// <summary>Measures one in this process, and prints its cost, a number a line, latencies last.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="photos">The photographs.</param>
    /// <param name="clients">How many threads ask.</param>
    public static void Run(ServingPeer kind, string model, string[] photos, int clients)
    {
        using IDisposable? _ = Create(kind, model, out Action<string> answer);
        foreach (string photo in photos.Take(WarmUps))
            answer(photo);
        ConcurrentBag<double> latencies = [];
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        // Threads, so that as many ask as are told, whatever the pool thinks of it.
        var waiting = new ConcurrentQueue<string>(photos);
        Thread[] threads = [.. Enumerable.Range(0, clients).Select(_ => new Thread(Ask))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double used = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        foreach (double number in (IEnumerable<double>)[photos.Length, seconds, used, self.PeakWorkingSet64, .. latencies.Order()])
            Console.WriteLine(number.ToString(CultureInfo.InvariantCulture));

        void Ask()
        {
            while (waiting.TryDequeue(out string? photo))
            {
                long asked = Stopwatch.GetTimestamp();
                answer(photo);
                latencies.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
            }
        }
    }

    /// <summary>Measures one in a process of its own.</summary>
    /// <exception cref="PeerFailedException">It failed.</exception>
    /// <inheritdoc cref="Run"/>
    public static async Task<Cost> MeasureAsync(ServingPeer kind, string model, string[] photos, int clients,
        CancellationToken cancellation)
    {
        string[] lines = await MeasuredProcess.ReadLinesAsync([typeof(ServingPeers).Assembly.Location, "serve-peer", $"{kind}", "--model",
            model, "--clients", clients.ToString(CultureInfo.InvariantCulture), .. photos], cancellation);
        double[] numbers = [.. lines.Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        return new Cost((int)numbers[0], numbers[1], numbers[2], (long)numbers[3], numbers[4..]);
    }

    private static IDisposable? Create(ServingPeer kind, string file, out Action<string> answer)
    {
        var ml = new MLContext();
        if (kind == ServingPeer.Single)
        {
            var recognizer = LandmarkRecognizer.Load(ml, file);
            answer = photo => recognizer.Recognize(photo);
            return recognizer;
        }

        ITransformer model = ml.Model.Load(file, out _);
        if (kind == ServingPeer.Transform)
        {
            answer = photo => _ = model.Transform(ml.Data.LoadFromEnumerable([new Photograph { ImagePath = photo }]))
                .GetColumn<float>(nameof(Answer.Score)).Single();
        }
        else
        {
            var engines = new BlockingCollection<PredictionEngine<Photograph, Answer>>();
            for (int i = 0; i < Environment.ProcessorCount; i++)
            {
                engines.Add(ml.Model.CreatePredictionEngine<Photograph, Answer>(model,
                    new PredictionEngineOptions { OwnsTransformer = false }));
            }

            answer = photo =>
            {
                PredictionEngine<Photograph, Answer> engine = engines.Take();
                engine.Predict(new Photograph { ImagePath = photo });
                engines.Add(engine);
            };
        }

        return model as IDisposable;
    }

    private sealed class Photograph
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }
}
