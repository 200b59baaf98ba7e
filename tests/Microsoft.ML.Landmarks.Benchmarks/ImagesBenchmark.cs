using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Resampling;
using SkiaSharp;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>
/// Photographs of one megapixel to the input of a network on one thread, against Pillow and OpenCV on the same files: both processes take
/// turns, so that both meet the same load of the machine, and the fastest time of each step of each file counts.
/// </summary>
internal static class ImagesBenchmark
{
    private const double Megapixel = 1e6;
    private const int Turns = 4;
    private const int PassesPerTurn = 8;
    private const int MostPhotos = 16;

    private static readonly string[] s_steps = ["decode, resize, crop, normalise", "decode alone", "resize and crop alone"];
    // OpenCV's cubic is the one of the steps.
    private static readonly ImageResampling[] s_resamplings
        = [.. Enum.GetValues<ImageResampling>().Except([ImagePreparingEstimator.Defaults.Resampling])];

    private static readonly ImageBuffers s_buffers = new();
    private static readonly ImagePreparationOptions s_preparation = new();

    public static void Run(string[] photos, int imageSize, string python, string? json)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-images-").FullName;
        try
        {
            string[] files = [.. photos.Take(MostPhotos).Select((photo, i) => AsMegapixel(photo, Path.Combine(folder, $"{i}.jpg")))];
            double[][] own = [], peer = [];
            string peerName = "";
            string? missing = null;
            long allocated = 0;
            for (int turn = 0; turn < Turns; turn++)
            {
                own = Fastest(own, Measure(files, imageSize, out allocated));
                missing ??= TryMeasurePeer(python, files, imageSize, ref peer, ref peerName);
            }

            Report(files.Length, imageSize, Means(own), Means(peer), peerName, missing, allocated, json);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string AsMegapixel(string photo, string target)
    {
        using SKBitmap bitmap = SKBitmap.Decode(photo)
            ?? throw new WrongInputException($"'{photo}' is not a readable image. Take it out of the folder, or name another by --photos.");
        double scale = Math.Sqrt(Megapixel / ((double)bitmap.Width * bitmap.Height));
        if (scale is > 0.95 and < 1.05)
            return photo;
        using SKBitmap resized = bitmap.Resize(
            new SKImageInfo((int)Math.Round(bitmap.Width * scale), (int)Math.Round(bitmap.Height * scale)), SKFilterQuality.High);
        using SKData encoded = resized.Encode(SKEncodedImageFormat.Jpeg, quality: 85);
        using FileStream file = File.Create(target);
        encoded.SaveTo(file);
        return target;
    }

    /// <summary>Milliseconds of each file: the whole path, decoding alone, resampling alone, and that by each other filter.</summary>
    private static double[][] Measure(string[] files, int size, out long allocatedPerImage)
    {
        var preparer = new ImagePreparer(s_preparation, [size]);
        var pixels = new float[3 * size * size];
        using var file = new FileBytes(s_buffers.Files);
        PixelImage[] images = [.. files.Select(path => Decode(file, path))];
        // A file many times over, as the peer takes it: what is in the cache is the same.
        double[][] fastest = [
            [.. files.Select(path => Fastest(() => Prepare(file, path, preparer, pixels)))],
            [.. files.Select(path => Fastest(() => Drain(file, path)))],
            [.. images.Select(image => Fastest(() => Resample(image, size, s_preparation.Resampling)))],
            .. s_resamplings.Select(resampling
                => images.Select(image => Fastest(() => Resample(image, size, resampling))).ToArray())];

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string path in files)
            Prepare(file, path, preparer, pixels);
        allocatedPerImage = (GC.GetAllocatedBytesForCurrentThread() - before) / files.Length;
        foreach (PixelImage image in images)
            image.Dispose();
        return fastest;
    }

    private static void Prepare(FileBytes file, string path, ImagePreparer preparer, float[] pixels)
    {
        file.Read(path);
        using PixelRows rows = ImageDecoder.Open(file, s_preparation, s_buffers.Pixels);
        preparer.Prepare(rows, [pixels]);
    }

    private static void Drain(FileBytes file, string path)
    {
        file.Read(path);
        using PixelRows rows = ImageDecoder.Open(file, s_preparation, s_buffers.Pixels);
        rows.Row(rows.Height - 1);
    }

    private static PixelImage Decode(FileBytes file, string path)
    {
        file.Read(path);
        using PixelRows rows = ImageDecoder.Open(file, s_preparation, s_buffers.Pixels);
        var image = new PixelImage(rows.Width, rows.Height, s_buffers.Files);
        for (int y = 0; y < rows.Height; y++)
            rows.Row(y).CopyTo(image.Pixels[(y * rows.Width * PixelRows.BytesPerPixel)..]);
        return image;
    }

    private static int Resample(PixelImage image, int size, ImageResampling resampling)
    {
        using Resampler resampler = Resampler.Create(image, ImageFrame.Of(image.Width, image.Height, size, size, s_preparation.Fit,
            s_preparation.Rounding).Crop, resampling);
        int sum = 0;
        for (int y = 0; y < image.Height; y++)
        {
            resampler.Read(image.Row(y));
            while (resampler.TryNext(out _, out ReadOnlySpan<byte> levels))
                sum += levels[0];
        }

        return sum;
    }

    private static double Fastest(Action action)
    {
        double fastest = double.PositiveInfinity;
        for (int pass = 0; pass < PassesPerTurn; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return fastest;
    }

    /// <returns>What is missing, null where nothing is.</returns>
    private static string? TryMeasurePeer(string python, string[] files, int size, ref double[][] fastest, ref string name)
    {
        try
        {
            PeerResult result = JsonSerializer.Deserialize<PeerResult>(
                PythonScript.Run(python, "images_peer.py", [$"{size}", $"{PassesPerTurn}", .. files]), JsonSerializerOptions.Web)!;
            name = result.Name;
            fastest = Fastest(fastest, result.Milliseconds);
            return null;
        }
        catch (PeerFailedException e)
        {
            return e.Message;
        }
    }

    private static double[][] Fastest(double[][] a, double[][] b)
        => a.Length == 0 ? b : [.. a.Zip(b, (x, y) => x.Zip(y, Math.Min).ToArray())];

    private static double[] Means(double[][] steps) => [.. steps.Select(files => files.Average())];

    private static void Report(int files, int size, double[] own, double[] peer, string peerName, string? missing, long allocated,
        string? json)
    {
        string processor = Processor.Name;
        Console.WriteLine($"{processor}, one thread. .NET {Environment.Version}, SkiaSharp "
            + $"{typeof(SKCodec).Assembly.GetName().Version!.ToString(2)}, "
            + $"{Resampler.Fastest}{(peerName.Length > 0 ? "; " : "")}{peerName}.");
        Console.WriteLine($"{files} JPEGs of one megapixel to {size} x {size}, the fastest of {Turns * PassesPerTurn} runs of each, their "
            + $"mean. {allocated} bytes allocated an image.");
        Console.WriteLine();
        if (missing is not null)
        {
            Console.WriteLine($"The peer is left out: {missing}.");
            Console.WriteLine();
        }

        string[] headings = peer.Length == 0 ? [] : ["Pillow + cv2.resize, ms", "ratio", "cv2.imread + cv2.resize, ms", "ratio"];
        Console.WriteLine($"| step | {string.Join(" | ", ["this library, ms", .. headings])} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", headings.Length + 1))}");
        for (int i = 0; i < s_steps.Length; i++)
        {
            string[] cells = peer.Length == 0 ? [] : [.. Against(peer[i], own[i]), .. Against(peer[i + s_steps.Length], own[i])];
            Console.WriteLine($"| {string.Join(" | ", [s_steps[i], $"{own[i]:F2}", .. cells])} |");
        }

        ReportResamplings(own[s_steps.Length..], peer.Length == 0 ? [] : peer[(2 * s_steps.Length)..]);

        if (json is not null)
        {
            IEnumerable<string> steps = s_steps.Concat(s_resamplings.Select(resampling => $"{resampling}"));
            File.WriteAllText(json, JsonSerializer.Serialize(new { processor, files, size, allocated, steps, own, peerName, peer },
                JsonSerializerOptions.Web));
        }
    }

    private static void ReportResamplings(double[] own, double[] peer)
    {
        string[] headings = peer.Length == 0 ? [] : ["the program of the name, ms", "ratio"];
        Console.WriteLine();
        Console.WriteLine($"| {string.Join(" | ", ["resize and crop alone", "this library, ms", .. headings])} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", headings.Length + 1))}");
        for (int i = 0; i < own.Length; i++)
        {
            string[] cells = peer.Length == 0 ? [] : Against(peer[i], own[i]);
            Console.WriteLine($"| {string.Join(" | ", [$"{s_resamplings[i]}", $"{own[i]:F2}", .. cells])} |");
        }
    }

    private static string[] Against(double peer, double own) => [$"{peer:F2}", $"{peer / own:F2}"];

    private sealed record PeerResult(string Name, double[][] Milliseconds);
}
