using System.Text;
using Microsoft.ML.Landmarks.Embeddings.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Landmarks.Tests.Embeddings.Onnx;

/// <summary>Networks whose weights lie in other files, and those that take more than images.</summary>
[TestClass]
public sealed class NetworkContentTests
{
    // Of external.onnx; another location must be as long to stand in its place.
    private const string Location = "external.onnx.data";

    // The mean of each channel is 1, 2 and 3.
    private static readonly float[] s_image = [.. Enumerable.Range(0, 12).Select(i => i / 4 + 1f)];

    [TestMethod]
    public void Read_WeightsInOtherFiles_IsTheNetworkInOneFile()
    {
        CollectionAssert.AreEqual((float[])[0, 2, 6], Run(Read("external")));
        CollectionAssert.AreEqual((float[])[111, 224, 339], Run(Read("external_parts")));
    }

    [TestMethod]
    public void Read_NetworkInOneFile_IsTheBytesOfTheFile()
        => CollectionAssert.AreEqual(File.ReadAllBytes(TestFiles.Network), NetworkContent.Read(TestFiles.Network, "", null, null).Bytes);

    [TestMethod]
    public void Save_WeightsInOtherFiles_ArePartOfTheModel()
    {
        using var folder = new TemporaryFolder();
        string network = Copy("external", folder);
        var mlContext = new MLContext();
        IDataView view = View(mlContext);
        using (ImageEmbeddingTransformer step = mlContext.Transforms.EmbedImages("Features", "Pixels", network).Fit(view))
        {
            File.Delete(network);
            File.Delete(folder[Location]);
            mlContext.Model.Save(step, view.Schema, folder["model.zip"]);
        }

        float[] embedding = new MLContext().Model.Load(folder["model.zip"], out _).Transform(view).Vectors("Features").Single();

        CollectionAssert.AreEqual((float[])[0, 2, 6], embedding);
    }

    [TestMethod]
    public void Read_WeightsThatAreMissing_NamesTheirFile()
    {
        using var folder = new TemporaryFolder();
        string network = Copy("external", folder);
        File.Delete(folder[Location]);
        AssertMissing("does not exist");

        Directory.CreateDirectory(folder[Location]);
        AssertMissing("is no file");

        void AssertMissing(string why)
        {
            var error = Assert.ThrowsExactly<FileNotFoundException>(
                () => new MLContext().Transforms.EmbedImages("Features", "Pixels", network));
            Assert.AreEqual($"'{network}' keeps weights in '{Location}', and '{folder[Location]}' {why}. Put that file beside the network.",
                error.Message);
            Assert.AreEqual(folder[Location], error.FileName);
        }
    }

    [TestMethod]
    public void Read_WeightsThatEndEarly_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string network = Copy("external", folder);
        File.WriteAllBytes(folder[Location], new byte[11]);

        AssertUnusable(network, "needs 12 bytes from byte 0 of 'external.onnx.data', which has 11: that file is cut off, or belongs to "
            + "another network. Download or export both anew.");
    }

    [TestMethod]
    [DataRow("../elsewhere/w.dat")]
    [DataRow("a/../elsewhere/w.d")]
    [DataRow("/etc/weights/w.dat")]
    public void Read_WeightsOutsideTheFolder_AreNotOpened(string location)
    {
        using var folder = new TemporaryFolder();
        string network = Copy("external", folder);
        Replace(network, Location, location);

        AssertUnusable(network, $"keeps weights in '{location}', outside its own folder, and files outside are not opened for it. Save it "
            + "again by the Python package onnx: onnx.save_model(..., save_as_external_data=True, location='weights.data').");
    }

    [TestMethod]
    public void Read_WeightsThatLinkElsewhere_AreOpenedOnlyBesideTheNetworkItself()
    {
        using TemporaryFolder folder = new(), cache = new();
        string network = Copy("external", cache);
        File.CreateSymbolicLink(folder[Location], cache[Location]);
        string copied = folder["copied.onnx"], linked = folder["linked.onnx"];
        File.Copy(network, copied);
        File.CreateSymbolicLink(linked, network);

        AssertUnusable(copied, "keeps weights in 'external.onnx.data', outside its own folder, and files outside are not opened for it. "
            + "Save it again by the Python package onnx: onnx.save_model(..., save_as_external_data=True, location='weights.data').");
        CollectionAssert.AreEqual((float[])[0, 2, 6], Run(NetworkContent.Read(linked, linked, null, null)));
    }

    [TestMethod]
    public void Read_PlaceThatIsNoNumber_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string network = Copy("external", folder);
        // The entry of the length: key and value.
        Replace(network, "length\u0012\u000212", "length\u0012\u0002-2");

        AssertUnusable(network, "says that weights in 'external.onnx.data' have the place or length '-2', which is no number of bytes. "
            + "Export it anew.");
    }

    [TestMethod]
    public void Read_MoreWeightsThanANetworkHolds_SaysTheLimitBeforeMemoryIsTaken()
    {
        using var folder = new TemporaryFolder();
        string network = folder["external_large.onnx"];
        File.Copy(Golden("external_large"), network);
        using (FileStream weights = File.Create(folder["external_large.data"]))
            weights.SetLength(2_200_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new MLContext().Transforms.EmbedImages("Features", "Pixels", network));

        Assert.MatchesRegex(@"^'.*' has 2200000\d\d\d bytes with all weights; 2147483591 are the most, since ONNX's format ends at 2 GB\. "
            + @"Export it in float16, or take a smaller network\.$", error.Message);
        Assert.IsLessThan(100_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_FileThatIsLargerThanANetwork_SaysTheLimit()
    {
        using var folder = new TemporaryFolder();
        using (FileStream file = File.Create(folder["large.onnx"]))
            file.SetLength(2_147_483_592);

        AssertUnusable(folder["large.onnx"], "has 2147483592 bytes with all weights; 2147483591 are the most, since ONNX's format ends at "
            + "2 GB. Export it in float16, or take a smaller network.");
    }

    [TestMethod]
    public void ModelBytes_WeightsInASecondFile_SaysTheWayOut()
    {
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            ModelFile = "network.onnx",
            ModelBytes = File.ReadAllBytes(Golden("external")),
        };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedImages(options));

        Assert.AreEqual("'network.onnx' keeps weights in a second file, 'external.onnx.data', which its bytes alone don't tell. Name its "
            + "file in ModelFile, without ModelBytes.", error.Message);
    }

    [TestMethod]
    public void Read_WeightsOfManyMegabytes_AreHeldOnce()
    {
        const int Bytes = 64 << 20;
        using var folder = new TemporaryFolder();
        string network = Copy("external", folder);
        Replace(network, "length\u0012\u000212", "lengtl\u0012\u000212");
        using (FileStream weights = File.OpenWrite(folder[Location]))
            weights.SetLength(Bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();

        NetworkContent content = NetworkContent.Read(network, network, null, null);

        Assert.IsGreaterThan(Bytes, content.Bytes.Length);
        Assert.IsLessThan(Bytes + (1 << 20), GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_TextsBesideTheImages_KeepsWhatImagesNeed()
    {
        NetworkContent content = Read("texts");

        using var session = new InferenceSession(content.Bytes);
        CollectionAssert.AreEqual((string[])["pixel_values"], session.InputMetadata.Keys.ToArray());
        CollectionAssert.AreEquivalent((string[])["image_embeds", "image_means"], session.OutputMetadata.Keys.ToArray());
        CollectionAssert.AreEqual((string[])["input_ids", "logits", "text_embeds", "inner_text"], content.LeftOut);
        CollectionAssert.AreEqual((float[])[1, 4, 9], Run(content, "image_embeds"));
        CollectionAssert.AreEqual((float[])[1, 2, 3], Run(content, "image_means"));
        Assert.DoesNotContain("text_weights", Encoding.Latin1.GetString(content.Bytes));
    }

    [TestMethod]
    public void EmbedImages_TextsBesideTheImages_TakesTheImagesAndSaysSo()
    {
        var mlContext = new MLContext();
        List<string> messages = [];
        mlContext.Log += (_, e) => messages.Add(e.RawMessage);
        IDataView view = View(mlContext);

        using ImageEmbeddingTransformer step = mlContext.Transforms.EmbedImages("Features", "Pixels", Golden("texts")).Fit(view);

        CollectionAssert.AreEqual((float[])[1, 4, 9], step.Transform(view).Vectors("Features").Single());
        Assert.Contains("What the network makes of 'pixel_values' alone is used, without [input_ids, logits, text_embeds, inner_text].",
            messages);
        Assert.Contains("The network's output 'image_embeds' is taken, and not [image_means]. Another may be named in the option "
            + "ModelOutputName.", messages);
    }

    [TestMethod]
    [DataRow("texts", null, "logits", "input_ids")]
    [DataRow("texts", null, "inner_text", "input_ids")]
    [DataRow("texts", "pixel_values", "text_embeds", "input_ids")]
    [DataRow("two_inputs", "left", null, "right")]
    public void EmbedImages_OutputThatNeedsMore_NamesTheInput(string network, string? input, string? output, string needed)
    {
        var options = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            ModelFile = Golden(network),
            ModelInputName = input,
            ModelOutputName = output,
        };

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedImages(options));

        Assert.AreEqual($"'{Golden(network)}' needs the input '{needed}' beside the images. Export it with the images as its only input.",
            error.Message);
    }

    [TestMethod]
    [DataRow("clip")]
    [DataRow("siglip2_with_texts")]
    public void Read_WholeExportOfImagesAndTexts_GivesTheSameEmbedding(string network)
    {
        string file = TestFiles.Golden("networks", "published", $"{network}.onnx");
        var random = new Random(1);
        float[] image = [.. Enumerable.Range(0, 3 * 224 * 224).Select(_ => random.NextSingle())];
        using var whole = new InferenceSession(file);
        using var pixels = OrtValue.CreateTensorValueFromMemory(image, [1, 3, 224, 224]);
        Dictionary<string, OrtValue> inputs = whole.InputMetadata.Keys.ToDictionary(name => name, name => name == "pixel_values"
            ? pixels : OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1L, 4).ToArray(), [1, 4]));
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> expected = whole.Run(run, inputs, ["image_embeds"]);

        float[] embedding = Run(NetworkContent.Read(file, file, null, null), "image_embeds", image, 224);

        CollectionAssert.AreEqual(expected[0].GetTensorDataAsSpan<float>().ToArray(), embedding);
    }

    [TestMethod]
    public void Of_BytesThatAreNoMessage_AreTakenAsTheyAre()
    {
        byte[] text = Encoding.ASCII.GetBytes("no network"), network = File.ReadAllBytes(Golden("texts"));
        Assert.AreSame(text, NetworkContent.Of(text, null, "text", null, null).Bytes);
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] mutant = [.. network];
            mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            Array.Resize(ref mutant, random.Next(4) == 0 ? random.Next(mutant.Length) : mutant.Length);
            try
            {
                NetworkContent.Of(mutant, null, "mutant", null, null);
            }
            catch (InvalidOperationException)
            {
                // What it says of itself is refused.
            }
        }
    }

    private static string Golden(string name) => TestFiles.Golden("networks", $"{name}.onnx");

    private static NetworkContent Read(string name) => NetworkContent.Read(Golden(name), name, null, null);

    private static string Copy(string name, TemporaryFolder folder)
    {
        File.Copy(Golden(name), folder[$"{name}.onnx"]);
        File.Copy($"{Golden(name)}.data", folder[$"{name}.onnx.data"]);
        return folder[$"{name}.onnx"];
    }

    private static void Replace(string file, string text, string other)
    {
        Assert.AreEqual(text.Length, other.Length);
        string bytes = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        Assert.Contains(text, bytes);
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(bytes.Replace(text, other, StringComparison.Ordinal)));
    }

    private static void AssertUnusable(string file, string problem) => Assert.AreEqual($"'{file}' {problem}",
        Assert.ThrowsExactly<InvalidOperationException>(() => new MLContext().Transforms.EmbedImages("Features", "Pixels", file)).Message);

    private static float[] Run(NetworkContent content, string? output = null, float[]? image = null, int size = 2)
    {
        using var session = new InferenceSession(content.Bytes);
        using var input = OrtValue.CreateTensorValueFromMemory(image ?? s_image, [1, 3, size, size]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [session.InputNames[0]], [input],
            [output ?? session.OutputNames[0]]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static IDataView View(MLContext mlContext) => PreparedRow.View(mlContext, new PreparedRow { Pixels = s_image });
}
