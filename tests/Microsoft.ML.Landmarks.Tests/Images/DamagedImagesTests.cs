using System.Globalization;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>Files that are broken by accident or on purpose.</summary>
[TestClass]
[DoNotParallelize]
public sealed class DamagedImagesTests
{
    private const long MostMemory = 300L << 20;

    // Decoders of JPEG 2000 and JPEG XL take up to 20 bytes for each pixel that a header promises.
    private const int MostPixels = 1 << 22;

    // More on demand: LANDMARKS_FUZZ_FILES=10000.
    private static readonly int s_mutatedFiles =
        int.Parse(Environment.GetEnvironmentVariable("LANDMARKS_FUZZ_FILES") ?? "1500", CultureInfo.InvariantCulture);


    [TestMethod]
    public void Transform_MutatedFiles_NeverCrashHangOrTakeMuchMemory()
    {
        byte[][] files = [.. Directory.EnumerateFiles(TestFiles.Golden("kinds"))
            .Where(f => !f.EndsWith(".u8", StringComparison.Ordinal) && !f.EndsWith(".py", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(TestFiles.Golden("images"), "*.jpg"))
            .Concat(Directory.EnumerateFiles(TestFiles.Golden("images"), "*.png")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        AssertNeverCrashes(files, s_mutatedFiles, ImagePreparingEstimator.Defaults.MaxPixels);
    }

    [TestMethod]
    [DataRow("*.heic")]
    [DataRow("*.avif")]
    [DataRow("*.tif")]
    [DataRow("*.jxl")]
    [DataRow("*.j*2*")]
    public void Transform_MutatedFilesForMagick_NeverCrashHangOrTakeMuchMemory(string names)
        => AssertNeverCrashes([.. Directory.EnumerateFiles(TestFiles.Golden("pictures"), names).Order(StringComparer.Ordinal)
            .Where(f => !f.EndsWith(".u8", StringComparison.Ordinal)).Select(File.ReadAllBytes)], s_mutatedFiles / 3, MostPixels);

    [TestMethod]
    [DataRow("baseline_420.jpg")]
    [DataRow("rgb.png")]
    [DataRow("lossless.webp")]
    [DataRow("first.gif")]
    [DataRow("rgb.bmp")]
    public void Transform_Truncated_ThrowsUnlessAccepted(string name)
    {
        byte[] whole = File.ReadAllBytes(TestFiles.Golden("kinds", name));
        // Within the first frame of two; elsewhere behind the headers.
        byte[] half = whole[..(name.EndsWith("gif", StringComparison.Ordinal) ? whole.Length / 3 : whole.Length * 2 / 3)];
        ImagePreparingEstimator.Options Options(bool accept)
            => new() { OutputColumnName = "Pixels", InputColumnName = "File", ImageSize = 16, AcceptTruncated = accept };

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => Prepare(half, Options(false)));
        float[] accepted = Prepare(half, Options(true)), again = Prepare(half, Options(true)), expected = Prepare(whole, Options(true));

        Assert.AreEqual($"Row 0: a file of {half.Length} bytes is not a readable image.", error.Message);
        CollectionAssert.AreEqual(accepted, again);
        Assert.IsTrue(accepted.All(float.IsFinite));
        // What was there of the file is there of the image.
        CollectionAssert.AreEqual(expected[..16], name.EndsWith("bmp", StringComparison.Ordinal) ? expected[..16] : accepted[..16]);
        CollectionAssert.AreNotEqual(expected, accepted);
    }

    [TestMethod]
    public void Transform_MoreThanMaxPixels_IsRefusedBeforeMemoryIsTaken()
    {
        // A PNG whose header promises 60,000 x 60,000 pixels, and nothing else.
        byte[] bomb = Convert.FromHexString("89504E470D0A1A0A0000000D494844520000EA600000EA6008020000000FB0E215"
            + "0000000C49444154789C6360A00C000000400001B7347CEF0000000049454E44AE426082");
        long before = Environment.WorkingSet;

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(()
            => Prepare(bomb, new() { OutputColumnName = "Pixels", InputColumnName = "File", ImageSize = 8 }));

        Assert.AreEqual($"Row 0: a file of {bomb.Length} bytes has 60000 x 60000 pixels; 536870897 are the most that can be decoded. "
            + "Shrink it.", error.Message);
        Assert.IsLessThan(MostMemory, Environment.WorkingSet - before);
    }

    [TestMethod]
    public void Transform_MaxPixels_IsTheMostAllowed()
    {
        byte[] file = File.ReadAllBytes(TestFiles.Golden("images", "square_320x320.jpg"));
        ImagePreparingEstimator.Options Options(int maxPixels)
            => new() { OutputColumnName = "Pixels", InputColumnName = "File", ImageSize = 8, MaxPixels = maxPixels };

        Assert.IsTrue(Prepare(file, Options(320 * 320)).All(float.IsFinite));
        Assert.ThrowsExactly<InvalidDataException>(() => Prepare(file, Options(320 * 320 - 1)));
    }

    private static void AssertNeverCrashes(byte[][] files, int count, int maxPixels)
    {
        var random = new Random(20_260);
        long before = Environment.WorkingSet, most = 0;
        using var done = new CancellationTokenSource();
        Task sampler = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, Environment.WorkingSet);
                Thread.Sleep(1);
            }
        });
        int readable = 0;

        for (int i = 0; i < count; i++)
        {
            float[] pixels = Prepare(Mutate(files[i % files.Length], random),
                new()
                {
                    OutputColumnName = "Pixels",
                    InputColumnName = "File",
                    ImageSize = 8,
                    BadImages = BadImageHandling.Skip,
                    AcceptTruncated = i % 3 == 0,
                    DecodeScaling = i % 2 == 0 ? DecodeScaling.Exact : DecodeScaling.Fast,
                    MaxPixels = maxPixels,
                });
            bool isMissing = float.IsNaN(pixels[0]);
            Assert.IsTrue(isMissing ? pixels.All(float.IsNaN) : pixels.All(float.IsFinite), $"file {i}");
            readable += isMissing ? 0 : 1;
        }

        done.Cancel();
        sampler.Wait();
        Assert.IsTrue(readable > 0 && readable < count, $"{readable} of {count} could be read");
        Assert.IsLessThan(MostMemory, most - before);
    }

    private static byte[] Mutate(byte[] file, Random random)
    {
        byte[] mutated = [.. file];
        for (int n = random.Next(1, 8); n > 0; n--)
        {
            // Half of the changes hit the headers, where they do most.
            int place = random.Next(2) == 0 ? random.Next(Math.Min(mutated.Length, 200)) : random.Next(mutated.Length);
            mutated[place] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(mutated[place] ^ 1 << random.Next(8)),
                _
                => 0xff
            };
        }

        return random.Next(5) == 0 ? mutated[..random.Next(mutated.Length)] : mutated;
    }

    private static float[] Prepare(byte[] file, ImagePreparingEstimator.Options options)
    {
        var mlContext = new MLContext();
        IDataView view = mlContext.Data.LoadFromEnumerable([new FileRow { File = file }]);
        return mlContext.Transforms.PrepareImages(options).Fit(view).Transform(view).Vectors("Pixels").Single();
    }
}
