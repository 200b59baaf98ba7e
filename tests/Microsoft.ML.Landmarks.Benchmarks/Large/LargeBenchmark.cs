using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Landmarks.Benchmarks.Serving;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Benchmarks.Large;

/// <summary>
/// Large photographs to the input of a network on one thread, all their pixels and scaled by the decoder, beside Pillow, with and without
/// its <c>draft</c>, and OpenCV: processor time, the least of turns that the two processes take.
/// </summary>
internal static class LargeBenchmark
{
    private const int Turns = 3;

    private static readonly ImageBuffers s_buffers = new();

    /// <param name="photos">Small photographs, of which large ones are made.</param>
    /// <param name="imageSize">Side of the network's input.</param>
    /// <param name="passes">Times over in a turn.</param>
    /// <param name="python">The Python of the peers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="WrongInputException">The photographs can't be made.</exception>
    /// <exception cref="PeerFailedException">A process failed.</exception>
    public static async Task RunAsync(string[] photos, int imageSize, int passes, string python, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-large-").FullName;
        try
        {
            string[] files = LargePhotographs.Make(python, folder, photos);
            double[] exact = [], fast = [], all = [], draft = [];
            string peer = "";
            for (int turn = 0; turn < Turns; turn++)
            {
                exact = Fastest(exact, Measure(files, imageSize, passes, DecodeScaling.Exact));
                fast = Fastest(fast, Measure(files, imageSize, passes, DecodeScaling.Fast));
                PeerResult result = JsonSerializer.Deserialize<PeerResult>(PythonScript.Run(python, LargePhotographs.Script,
                    ["measure", $"{imageSize}", $"{passes}", .. files]), JsonSerializerOptions.Web)!;
                (all, draft, peer) = (Fastest(all, result.Milliseconds[0]), Fastest(draft, result.Milliseconds[1]), result.Name);
            }

            Console.WriteLine($"{Processor.Name}, one thread. .NET {Environment.Version}; {peer}.");
            Console.WriteLine($"To {imageSize} x {imageSize}, the least processor time of {Turns * passes} runs. Memory is what preparing "
                + "the photograph adds to the most that its process had before, the file included.");
            Console.WriteLine();
            Console.WriteLine("| photograph | all pixels, ms | scaled, ms | over all pixels | Pillow + cv2.resize, ms | Pillow's draft + "
                + "cv2.resize, ms | scaled over draft | memory, MB | scaled, MB |");
            Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
            for (int i = 0; i < files.Length; i++)
            {
                double memory = await MeasureMemoryAsync(files[i], imageSize, DecodeScaling.Exact, photos[0], cancellation),
                    scaledMemory = await MeasureMemoryAsync(files[i], imageSize, DecodeScaling.Fast, photos[0], cancellation);
                string name = Path.GetFileNameWithoutExtension(files[i]);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {exact[i]:F1} | "
                    + $"{fast[i]:F1} | {fast[i] / exact[i]:F2} | {all[i]:F1} | {draft[i]:F1} | {fast[i] / draft[i]:F2} | {memory:F1} | "
                    + $"{scaledMemory:F1} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Prints the bytes that preparing one photograph adds to the most memory of this process.</summary>
    /// <param name="file">The photograph.</param>
    /// <param name="imageSize">Side of the network's input.</param>
    /// <param name="scaling">Whether the decoder scales it.</param>
    /// <param name="small">One that is prepared before, so that all that needs none of its pixels is there.</param>
    public static void PrintMemory(string file, int imageSize, DecodeScaling scaling, string small)
    {
        Prepare(small, imageSize, scaling);
        long before = Peak();
        Prepare(file, imageSize, scaling);
        Console.WriteLine(Peak() - before);

        static long Peak()
        {
            using var self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }
    }

    private static double[] Measure(string[] files, int imageSize, int passes, DecodeScaling scaling)
        => [.. files.Select(file => Enumerable.Range(0, passes).Min(_ =>
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Prepare(file, imageSize, scaling);
            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }))];

    private static void Prepare(string path, int imageSize, DecodeScaling scaling)
    {
        var preparation = new ImagePreparationOptions { DecodeScaling = scaling };
        var preparer = new ImagePreparer(preparation, [imageSize]);
        using var file = new FileBytes(s_buffers.Files);
        file.Read(path);
        using PixelRows rows = ImageDecoder.Open(file, preparation, s_buffers.Pixels, preparer.ResizedSidesOf);
        preparer.Prepare(rows, [new float[ImagePreparer.LengthOf(imageSize)]]);
    }

    private static async Task<double> MeasureMemoryAsync(string file, int imageSize, DecodeScaling scaling, string small,
        CancellationToken cancellation)
    {
        string[] lines = await MeasuredProcess.ReadLinesAsync([typeof(LargeBenchmark).Assembly.Location, LargeCommand.MemoryName, file,
            small, "--image-size", $"{imageSize}", "--scaling", $"{scaling}"], cancellation);
        return long.Parse(lines[0], CultureInfo.InvariantCulture) / (double)(1 << 20);
    }

    private static double[] Fastest(double[] a, double[] b) => a.Length == 0 ? b : [.. a.Zip(b, Math.Min)];

    private sealed record PeerResult(string Name, double[][] Milliseconds);
}
