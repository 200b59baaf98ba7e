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

    // Those of the network of the sample.
    private const string NetworkInput = "input", NetworkOutput = "embedding";
    private const int NetworkSide = 320;

    /// <summary>Measures one in this process, and prints its cost, a number a line, latencies last.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="model">The model's file; of a chain of ML.NET's own steps, the network's.</param>
    /// <param name="photos">The photographs.</param>
    /// <param name="clients">How many threads ask.</param>
    /// <param name="engines">How many prediction engines they take turns with.</param>
    public static void Run(ServingPeer kind, string model, string[] photos, int clients, int engines)
    {
        using IDisposable? _ = Create(kind, model, engines, out Action<string> answer);
        foreach (string photo in photos.Take(Math.Max(WarmUps, engines)))
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
    public static async Task<Cost> MeasureAsync(ServingPeer kind, string model, string[] photos, int clients, int engines,
        CancellationToken cancellation)
    {
        string[] lines = await MeasuredProcess.ReadLinesAsync([typeof(ServingPeers).Assembly.Location, "serve-peer", $"{kind}", "--model",
            model, "--clients", clients.ToString(CultureInfo.InvariantCulture), "--engines",
            engines.ToString(CultureInfo.InvariantCulture), .. photos], cancellation);
        double[] numbers = [.. lines.Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
        return new Cost((int)numbers[0], numbers[1], numbers[2], (long)numbers[3], numbers[4..]);
    }

    private static IDisposable? Create(ServingPeer kind, string file, int engines, out Action<string> answer)
    {
        var ml = new MLContext();
        if (kind == ServingPeer.Single)
        {
            var recognizer = LandmarkRecognizer.Load(ml, file);
            answer = photo => recognizer.Recognize(photo);
            return recognizer;
        }

        ITransformer model = kind is ServingPeer.StockEngines or ServingPeer.StockTransform
            ? CreateStock(ml, file) : ml.Model.Load(file, out _);
        answer = kind switch
        {
            ServingPeer.Transform => photo => _ = Transform(ml, model, photo).GetColumn<float>(nameof(Answer.Score)).Single(),
            ServingPeer.StockTransform => photo => _ = Transform(ml, model, photo).GetColumn<float[]>(NetworkOutput).Single(),
            ServingPeer.StockEngines => TakingTurns<Embedding>(ml, model, engines),
            _ => TakingTurns<Answer>(ml, model, engines),
        };
        return model as IDisposable;
    }

    private static IDataView Transform(MLContext ml, ITransformer model, string photo)
        => model.Transform(ml.Data.LoadFromEnumerable([new Photograph { ImagePath = photo }]));

    private static Action<string> TakingTurns<TAnswer>(MLContext ml, ITransformer model, int count) where TAnswer : class, new()
    {
        var engines = new BlockingCollection<PredictionEngine<Photograph, TAnswer>>();
        for (int i = 0; i < count; i++)
        {
            engines.Add(ml.Model.CreatePredictionEngine<Photograph, TAnswer>(model,
                new PredictionEngineOptions { OwnsTransformer = false }));
        }

        return photo =>
        {
            PredictionEngine<Photograph, TAnswer> engine = engines.Take();
            engine.Predict(new Photograph { ImagePath = photo });
            engines.Add(engine);
        };
    }

    // Without a search, which takes next to no time. The scale is the inverse of a usual standard deviation.
    private static ITransformer CreateStock(MLContext ml, string network)
    {
        IDataView none = ml.Data.LoadFromEnumerable<Photograph>([]);
        return ml.Transforms.LoadImages("Image", imageFolder: "", nameof(Photograph.ImagePath))
            .Append(ml.Transforms.ResizeImages("Image", NetworkSide, NetworkSide))
            .Append(ml.Transforms.ExtractPixels(NetworkInput, "Image", offsetImage: 127.5f, scaleImage: 1 / 58f))
            .Append(ml.Transforms.ApplyOnnxModel(NetworkOutput, NetworkInput, network,
                new Dictionary<string, int[]> { [NetworkInput] = [1, 3, NetworkSide, NetworkSide] })).Fit(none);
    }

    private sealed class Photograph
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Embedding
    {
        [ColumnName(NetworkOutput)]
        public float[] Values { get; set; } = [];
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }
}
