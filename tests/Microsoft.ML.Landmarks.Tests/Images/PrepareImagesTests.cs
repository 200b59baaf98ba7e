using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Images;

[TestClass]
public sealed class PrepareImagesTests
{
    private static readonly string s_photo = TestFiles.Golden("images", "square_320x320.jpg");

    [TestMethod]
    public void Transform_OtherMeanAndStd_AppliesThemPerChannel()
    {
        var mlContext = new MLContext();
        float[] plain = Prepare(new()
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = 8,
            Mean = [0, 0, 0],
            Std = [1, 1, 1]
        });

        float[] pixels = Prepare(new()
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = 8,
            Mean = [0.1f, 0.2f, 0.3f],
            Std = [1, 2, 4]
        });

        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i / 64;
            Assert.AreEqual((plain[i] - 0.1f * (channel + 1)) / (1 << channel), pixels[i], 1e-6f);
        }

        float[] Prepare(ImagePreparingEstimator.Options options)
        {
            IDataView paths = Paths(mlContext, s_photo);
            return mlContext.Transforms.PrepareImages(options).Fit(paths).Transform(paths).Vectors("Pixels").Single();
        }
    }

    [TestMethod]
    public void Transform_MissingFile_ThrowsWithRowAndFile()
        => AssertThrows("missing.jpg", "Row 1: 'missing.jpg' does not exist.");

    [TestMethod]
    public void Transform_EmptyPath_ThrowsWithRow()
        => AssertThrows("", "Row 1: there is no image.");

    [TestMethod]
    public void Transform_NoImage_ThrowsWithRowAndFile()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("notes.jpg", "no image");
        AssertThrows(file, $"Row 1: '{file}' is not a readable image.");
    }

    [TestMethod]
    public void Transform_EmptyFile_ThrowsWithRowAndFile()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("empty.jpg", "");
        AssertThrows(file, $"Row 1: '{file}' is not a readable image.");
    }

    [TestMethod]
    public void Transform_TruncatedFile_ThrowsWithRowAndFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["half.jpg"], File.ReadAllBytes(s_photo)[..(int)(new FileInfo(s_photo).Length / 2)]);
        AssertThrows(folder["half.jpg"], $"Row 1: '{folder["half.jpg"]}' is not a readable image.");
    }

    [TestMethod]
    public void Transform_Folder_ThrowsWithRowAndFile()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["photo.jpg"]);
        var mlContext = new MLContext();

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(()
            => Prepare(mlContext, BadImageHandling.Throw, s_photo, folder["photo.jpg"]));

        Assert.StartsWith($"Row 1: '{folder["photo.jpg"]}' can't be read: it is a folder. Name a file in it.", error.Message);
    }

    [TestMethod]
    public void Transform_NulInAPath_ThrowsWithRow()
    {
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(()
            => Prepare(new MLContext(), BadImageHandling.Throw, s_photo, "a\0b.jpg"));
        Assert.StartsWith("Row 1: 'a\\u0000b.jpg' can't be read: ", error.Message);
    }

    [TestMethod]
    public void Transform_NoPermission_ThrowsWithRowAndFile()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Inconclusive("Needs a Unix user whom file permissions bind; the superuser may read everything.");
            return;
        }

        using var folder = new TemporaryFolder();
        string file = folder.Write("secret.jpg", "secret");
        File.SetUnixFileMode(file, UnixFileMode.None);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(()
            => Prepare(new MLContext(), BadImageHandling.Throw, s_photo, file));

        Assert.StartsWith($"Row 1: '{file}' can't be read: ", error.Message);
    }

    [TestMethod]
    public void Transform_FileThatChangesWhileItIsRead_IsReadOrRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] photo = File.ReadAllBytes(s_photo);
        string file = folder["changing.jpg"];
        File.WriteAllBytes(file, photo);
        float[] expected = Prepare(new MLContext(), BadImageHandling.Throw, file)[0];
        using var done = new CancellationTokenSource();
        Task writer = Task.Run(() =>
        {
            var random = new Random(1);
            while (!done.IsCancellationRequested)
            {
                try
                {
                    using FileStream stream = new(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                    stream.SetLength(random.Next(photo.Length));
                    stream.Position = 0;
                    stream.Write(photo);
                }
                catch (IOException)
                {
                    // The reader has it.
                }
            }
        });

        // A read may see any part of the file: whole, it has its pixels, and else it is a missing row.
        float[][] pixels = Prepare(new MLContext(), BadImageHandling.Skip, [.. Enumerable.Repeat(file, 200)]);
        done.Cancel();
        writer.Wait();

        foreach (float[] row in pixels.Where(row => !float.IsNaN(row[0])))
            Assert.HasCount(expected.Length, row);
        Assert.IsTrue(pixels.All(row => row.All(float.IsNaN) || row.All(float.IsFinite)));
        CollectionAssert.AreEqual(expected, Prepare(new MLContext(), BadImageHandling.Throw, file)[0]);
    }

    [TestMethod]
    public void Transform_BadBytes_ThrowsWithRow()
    {
        var mlContext = new MLContext();
        IDataView files = mlContext.Data.LoadFromEnumerable([new FileRow { File = [1, 2, 3] }]);
        ImagePreparingTransformer transformer = mlContext.Transforms.PrepareImages("Pixels", "File", 8).Fit(files);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => transformer.Transform(files).Vectors("Pixels"));

        Assert.AreEqual("Row 0: a file of 3 bytes is not a readable image.", error.Message);
    }

    [TestMethod]
    public void Transform_TwoBadImagesInABatch_NamesTheFirst()
    {
        var mlContext = new MLContext();

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => Prepare(mlContext, BadImageHandling.Throw, [.. Enumerable.Repeat(s_photo, 9), "a.jpg", s_photo, "b.jpg"]));

        Assert.AreEqual("Row 9: 'a.jpg' does not exist.", error.Message);
    }

    [TestMethod]
    public void Transform_BadImagesSkipped_GivesMissingRowsAndOneWarning()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();

        float[][] pixels = Prepare(mlContext, BadImageHandling.Skip, [s_photo, "a.jpg", s_photo, .. Enumerable.Repeat("b.jpg", 70)]);

        Assert.HasCount(73, pixels);
        CollectionAssert.AreEqual(pixels[0], pixels[2]);
        Assert.IsTrue(pixels[0].All(float.IsFinite));
        Assert.IsTrue(pixels[1].Concat(pixels[72]).All(float.IsNaN));
        CollectionAssert.AreEqual(new[] { "71 photographs could not be read and became missing rows. The first: Row 1: 'a.jpg' does not "
            + "exist." }, warnings);
    }

    [TestMethod]
    public void WithBadImages_Skip_ChangesThatAlone()
    {
        var mlContext = new MLContext();
        IDataView paths = Paths(mlContext, s_photo, "missing.jpg");
        var options = new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = 8,
            Mean = [1, 2, 3],
            Std = [4, 5, 6]
        };
        ImagePreparingTransformer throwing = mlContext.Transforms.PrepareImages(options).Fit(paths);

        ImagePreparingTransformer skipping = throwing.WithBadImages(BadImageHandling.Skip);

        Assert.AreEqual(BadImageHandling.Throw, throwing.BadImages);
        Assert.AreEqual(BadImageHandling.Skip, skipping.BadImages);
        IDataView good = Paths(mlContext, s_photo);
        CollectionAssert.AreEqual(throwing.Transform(good).Vectors("Pixels")[0], skipping.Transform(good).Vectors("Pixels")[0]);
        Assert.IsTrue(float.IsNaN(skipping.Transform(paths).Vectors("Pixels")[1][0]));
    }

    [TestMethod]
    public void BadImages_Changed_CountsForTheCursorsThatAreOpenedThen()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();
        IDataView paths = Paths(mlContext, s_photo, "missing.jpg", s_photo, "none.jpg");
        ImagePreparingTransformer transformer = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 8).Fit(paths);
        IDataView prepared = transformer.Transform(paths);

        Assert.AreEqual("Row 1: 'missing.jpg' does not exist.",
            Assert.ThrowsExactly<InvalidDataException>(() => prepared.Vectors("Pixels")).Message);
        var skipped = new SkippedImages();
        (transformer.BadImages, transformer.SkippedImages) = (BadImageHandling.Skip, skipped);
        Assert.AreSequenceEqual([true, false, true, false], prepared.Vectors("Pixels").Select(pixels => pixels.All(float.IsFinite)));
        Assert.AreSequenceEqual([new SkippedImage(1, "Row 1: 'missing.jpg' does not exist."),
            new SkippedImage(3, "Row 3: 'none.jpg' does not exist.")], skipped.All);
        Assert.IsEmpty(warnings);
        transformer.SkippedImages = null;
        prepared.Vectors("Pixels");
        Assert.AreEqual("2 photographs could not be read and became missing rows. The first: Row 1: 'missing.jpg' does not exist.",
            Assert.ContainsSingle(warnings));
        Assert.AreEqual("BadImages", Assert.ThrowsExactly<ArgumentException>(() => transformer.BadImages = (BadImageHandling)7).ParamName);
    }

    [TestMethod]
    public void MaxPixels_ChangedInALoadedModel_IsTheMostAllowed()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        IDataView paths = Paths(mlContext, s_photo);
        mlContext.Model.Save(mlContext.Transforms.PrepareImages(
            new() { OutputColumnName = "Pixels", InputColumnName = "ImagePath", ImageSize = 8, MaxPixels = 1_000 }).Fit(paths),
            paths.Schema, folder["model.zip"]);

        var loaded = (ImagePreparingTransformer)mlContext.Model.Load(folder["model.zip"], out _);

        Assert.AreEqual(1_000, loaded.MaxPixels);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => loaded.Transform(paths).Vectors("Pixels"));
        StringAssert.EndsWith(error.Message, " pixels, more than 1000. Shrink it, or allow more by MaxPixels.");
        loaded.MaxPixels = ImagePreparingEstimator.Defaults.MaxPixels;
        Assert.IsTrue(loaded.Transform(paths).Vectors("Pixels")[0].All(float.IsFinite));
        Assert.AreEqual("MaxPixels", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => loaded.MaxPixels = 0).ParamName);
    }

    [TestMethod]
    public void Options_EmptyInputColumnName_ThrowsWhereItIsSet()
        => Assert.AreEqual("InputColumnName",
        Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.PrepareImages("Pixels", "")).ParamName);

    [TestMethod]
    public void Options_OutOfRange_ThrowWhereTheyAreSet()
    {
        ArgumentOutOfRangeException size =
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", ImageSize = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", ImageSize = 16_385 });
        ArgumentException mean = Assert.ThrowsExactly<ArgumentException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", Mean = [1, float.NaN, 1] });
        ArgumentException std = Assert.ThrowsExactly<ArgumentException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", Std = [1, 0] });
        ArgumentException bad = Assert.ThrowsExactly<ArgumentException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", BadImages = (BadImageHandling)7 });

        ArgumentException fit = Assert.ThrowsExactly<ArgumentException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", Fit = (ImageFit)7 });
        ArgumentException rounding = Assert.ThrowsExactly<ArgumentException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", Rounding = (ImageRounding)7 });
        ArgumentException resampling = Assert.ThrowsExactly<ArgumentException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", Resampling = (ImageResampling)8 });
        ArgumentException scaling = Assert.ThrowsExactly<ArgumentException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", DecodeScaling = (DecodeScaling)7 });
        ArgumentOutOfRangeException shorterSide = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", ShorterSideTo = 16_385 });
        ArgumentOutOfRangeException multiple = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => new ImagePreparingEstimator.Options { OutputColumnName = "Pixels", SideMultiple = 0 });

        Assert.AreEqual("ImageSize", size.ParamName);
        Assert.AreEqual("ShorterSideTo", shorterSide.ParamName);
        Assert.AreEqual("SideMultiple", multiple.ParamName);
        Assert.AreEqual("Fit is 7; it must be CropCenter, Squash or PadCenter. (Parameter 'Fit')", fit.Message);
        Assert.AreEqual("Rounding is 7; it must be Albumentations, Torchvision or Transformers. (Parameter 'Rounding')", rounding.Message);
        Assert.AreEqual("Resampling is 8; it must be one of OpenCvCubic, OpenCvArea, PillowNearest, PillowBox, PillowBilinear, "
            + "PillowHamming, PillowBicubic, PillowLanczos. (Parameter 'Resampling')", resampling.Message);
        Assert.AreEqual("DecodeScaling is 7; it must be Exact or Fast. (Parameter 'DecodeScaling')", scaling.Message);
        Assert.AreEqual("Mean is [1, NaN, 1]; it must be three finite numbers, for R, G and B. (Parameter 'Mean')", mean.Message);
        Assert.AreEqual("Std is [1, 0]; it must be three numbers above 0, for R, G and B. (Parameter 'Std')", std.Message);
        Assert.AreEqual("BadImages is 7; it must be Throw or Skip. (Parameter 'BadImages')", bad.Message);
    }

    [TestMethod]
    public void Options_ShorterSideThatDoesNotFillTheSquare_Throws()
    {
        const string Message = "ShorterSideTo is 15, and the square has 16 pixels: it would not be filled. Make it at least 16, or set "
            + "none. (Parameter 'ShorterSideTo')";
        TransformsCatalog transforms = new MLContext().Transforms;

        Assert.AreEqual(Message, Assert.ThrowsExactly<ArgumentException>(() => transforms.PrepareImages(new()
        {
            OutputColumnName = "Pixels",
            ImageSize = 14,
            SideMultiple = 8,
            ShorterSideTo = 15,
        })).Message);
        Assert.AreEqual(Message, Assert.ThrowsExactly<ArgumentException>(() => transforms.EmbedPhotographs(new()
        {
            OutputColumnName = "Features",
            ModelFile = TestFiles.Golden("networks", "means.onnx"),
            ImageSizes = [16, 8],
            Preparation = new ImagePreparationOptions { ShorterSideTo = 15 },
        })).Message);
    }

    [TestMethod]
    [DataRow(384, 14, 378)]
    [DataRow(385, 14, 392)]     // the middle of two: to the even multiple
    [DataRow(3, 16, 16)]
    [DataRow(16_384, 10_000, 10_000)]
    [DataRow(224, 16, 224)]
    public void SideMultiple_AnySize_IsTheNearestMultiple(int imageSize, int multiple, int expected)
    {
        IDataView paths = Paths(new MLContext(), s_photo);
        var options = new ImagePreparingEstimator.Options
        {
            OutputColumnName = "Pixels",
            InputColumnName = "ImagePath",
            ImageSize = imageSize,
            SideMultiple = multiple,
        };

        DataViewSchema schema = new MLContext().Transforms.PrepareImages(options).Fit(paths).Transform(paths).Schema;

        Assert.AreSequenceEqual([3, expected, expected], ((VectorDataViewType)schema["Pixels"].Type).Dimensions);
    }

    private static void AssertThrows(string path, string message)
    {
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(()
            => Prepare(new MLContext(), BadImageHandling.Throw, s_photo, path));
        Assert.AreEqual(message, error.Message);
    }

    private static float[][] Prepare(MLContext mlContext, BadImageHandling badImages, params string[] paths)
    {
        IDataView rows = Paths(mlContext, paths);
        return mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 8, badImages: badImages).Fit(rows)
            .Transform(rows).Vectors("Pixels");
    }

    private static IDataView Paths(MLContext mlContext, params string[] paths)
        => mlContext.Data.LoadFromEnumerable(paths.Select(path => new PathRow { ImagePath = path }));
}
