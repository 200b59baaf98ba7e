using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Readmes;

/// <summary>The commands of the page on networks, run with stand-ins: the same inputs, outputs and axes, and random weights.</summary>
[TestClass]
public sealed partial class NetworkPageTests
{
    private const string OfSample = " Sample/";

    private static readonly string s_program = Path.Combine(TestFiles.ProgramFolder("Landmarks.Demo"), "landmarks.dll");

    private static readonly Readme s_page = Readme.Of("models");

    /// <summary>Networks whose published weights are at hand.</summary>
    private static readonly Dictionary<string, string> s_real = new()
    {
        ["ResNet18.onnx"] = TestFiles.DnnImageModel("ResNet18Onnx", "ResNet18.onnx"),
        ["efficientnet_lite0_gem.onnx"] = TestFiles.Network,
    };

    /// <summary>What stands for the files that the page's commands name.</summary>
    private static readonly Dictionary<string, string> s_files = new()
    {
        ["dinov2/model.onnx"] = Published("dinov2_tokens.onnx"),
        ["dinov2/preprocessor_config.json"] = Published("configs", "dinov2.json"),
        ["dinov2-registers/model.onnx"] = Published("dinov2_registers.onnx"),
        ["dinov2-registers/preprocessor_config.json"] = Published("configs", "dinov2.json"),
        ["siglip2/model.onnx"] = Published("siglip2_with_texts.onnx"),
        ["siglip2/preprocessor_config.json"] = Published("configs", "siglip2.json"),
        ["clip/model.onnx"] = Published("clip.onnx"),
        ["clip/preprocessor_config.json"] = Published("configs", "clip.json"),
        ["megaloc.onnx"] = Published("megaloc.onnx"),
        ["convnext/model.onnx"] = Published("convnext.onnx"),
        ["convnext/features.onnx"] = Published("convnext_features.onnx"),
        ["convnext/config.json"] = Published("configs", "convnext.json"),
        ["resnet34_384.onnx"] = Published("resnet34.onnx"),
        ["ResNet18.onnx"] = s_real["ResNet18.onnx"],
    };

    private static ILookup<bool, string> Commands => s_page.Commands()
        .Where(command => command.StartsWith("landmarks ", StringComparison.Ordinal))
        .ToLookup(command => command.Contains(OfSample, StringComparison.Ordinal));

    private static IEnumerable<string> OfNetworks => Commands[false];

    [TestMethod]
    public void Page_Networks_AreAllTried()
        => CollectionAssert.AreEquivalent(s_files.Keys.Where(file => file.EndsWith(".onnx", StringComparison.Ordinal)).ToArray(),
            OfNetworks.SelectMany(command => command.Split(' ')).Where(word => word.EndsWith(".onnx", StringComparison.Ordinal)).Distinct()
                .ToArray());

    [TestMethod]
    [DynamicData(nameof(OfNetworks))]
    public void Page_Command_Works(string command)
    {
        using var folder = new TemporaryFolder();
        ReadmeFiles.CopyTo(folder);
        foreach ((string file, string standIn) in s_files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
            File.Copy(standIn, folder[file]);
        }

        Run(folder, command);
        if (!File.Exists(folder["landmarks.zip"]))
            return;
        Run(folder, "landmarks predict --model landmarks.zip --format csv --output answers.csv holiday");

        Assert.HasCount(4, File.ReadAllLines(folder["answers.csv"]));
    }

    [TestMethod]
    public void Page_ResNet18_AnswersTheSampleAsItSays()
    {
        using var folder = new TemporaryFolder();
        File.Copy(s_real["ResNet18.onnx"], folder["ResNet18.onnx"]);

        string[] figures = [];
        foreach (string command in Commands[true])
            figures = Run(folder, command.Replace(OfSample, $" {TestFiles.Sample()}/", StringComparison.Ordinal));

        double told = double.Parse(Precision().Match(s_page.Text).Groups[1].Value, CultureInfo.InvariantCulture),
            found = double.Parse(figures[0].Split(' ')[1], CultureInfo.InvariantCulture);
        // Other processors round sums of products otherwise, and equal scores are few.
        Assert.AreEqual(told, found, 0.01);
    }

    [TestMethod]
    public void Page_StandIns_GiveWhatItSays()
    {
        string[][] rows = [.. s_page.TableRows().SkipWhile(row => row is not [_, _, "stand-in", ..]).Skip(1)
            .TakeWhile(row => row.Length == 5)];
        var mlContext = new MLContext();
        IDataView photograph = mlContext.Data.LoadFromEnumerable([new PathRow { ImagePath = GoldenCase.ReadAll()[0].Path }]);

        foreach (string[] row in rows)
        {
            string name = row[2].Trim('`'), file = s_real.GetValueOrDefault(name) ?? Published($"{name}.onnx");
            ImageEmbeddingEstimator network = Embed(null);
            Assert.AreEqual(row[3], network.ModelOutputName, name);
            if (row[4] == "to be said")
            {
                StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => Transform(Embed(null))).Message, "Pooling");
                Assert.HasCount(24, Transform(Embed(EmbeddingPooling.GeM())));
            }
            else
                Assert.IsNotEmpty(Transform(Embed(null), row[4]));

            ImageEmbeddingEstimator Embed(EmbeddingPooling? pooling) => mlContext.Transforms.EmbedPhotographs(
                new ImageEmbeddingEstimator.Options
                {
                    OutputColumnName = "Embedding",
                    InputColumnName = "ImagePath",
                    ModelFile = file,
                    ImageSizes = SizesOf(file),
                    Pooling = pooling,
                });

            float[] Transform(ImageEmbeddingEstimator estimator, string? pooling = null)
            {
                using ImageEmbeddingTransformer transformer = estimator.Fit(photograph);
                if (pooling is not null)
                    Assert.AreEqual(pooling, $"{transformer.Pooling}", name);
                return transformer.Transform(photograph).Vectors("Embedding").Single();
            }
        }

        CollectionAssert.AreEquivalent(
            Directory.GetFiles(Published(), "*.onnx").Select(Path.GetFileNameWithoutExtension).Concat(s_real.Keys).ToArray(),
            rows.Select(row => row[2].Trim('`')).ToArray());
    }

    /// <summary>Those that the network asks for, else those that nearly all of them are published with.</summary>
    private static int[] SizesOf(string network)
        => [new MLContext().Transforms.EmbedImages("Embedding", "Pixels", network).ImageSize ?? 224];

    private static string[] Run(TemporaryFolder folder, string command)
    {
        (int exitCode, string[] output, string errors) = ChildProcess.Run(s_program, folder["."],
            command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]);
        Assert.AreEqual(0, exitCode, $"{command}: {errors}");
        return output;
    }

    private static string Published(params string[] path) => TestFiles.Golden(["networks", "published", .. path]);

    [GeneratedRegex(@"global average precision of (\d\.\d+)")]
    private static partial Regex Precision();
}
