using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>Messages that the tests of the single steps don't provoke.</summary>
[TestClass]
public sealed class ErrorsTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ImageTooLarge_HeaderOfAHugeBitmap_IsRefusedBeforeMemoryIsTaken()
    {
        File.WriteAllBytes(_folder["huge.bmp"], CreateBitmapHeader(width: 20_000, height: 20_000));

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Prepare(BadImageHandling.Throw, "huge.bmp").Vectors("Pixels"));

        Assert.AreEqual($"Row 0: '{_folder["huge.bmp"]}' has 20000 x 20000 pixels, more than 268435456. Shrink it, or allow more by "
            + "MaxPixels.", error.Message);
    }

    [TestMethod]
    public void ImageIsAddress_PhotographOfTheWeb_IsRefused()
    {
        IDataView paths = _mlContext.Data.LoadFromEnumerable([new Photo("https://example.org/photo.jpg")]);

        var error = Assert.ThrowsExactly<InvalidDataException>(()
            => _mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 2).Fit(paths).Transform(paths).Vectors("Pixels"));

        Assert.AreEqual("Row 0: 'https://example.org/photo.jpg' is an address, and photographs are read from files. Download it, and name "
            + "the file.", error.Message);
    }

    [TestMethod]
    public void SkippedImages_One_IsSaidInTheSingular()
    {
        List<string> warnings = _mlContext.CollectWarnings();

        Prepare(BadImageHandling.Skip, "none.jpg").Vectors("Pixels");

        CollectionAssert.AreEqual(new[] { $"1 photograph could not be read and became a missing row. The first: Row 0: "
            + $"'{_folder["none.jpg"]}' does not exist." }, warnings);
    }

    [TestMethod]
    public void MissingRows_One_IsSaidInTheSingular()
    {
        List<string> warnings = _mlContext.CollectWarnings();

        _mlContext.Transforms.KnnLandmark()
            .Fit(_mlContext.Data.LoadFromEnumerable<Row>(
            [new() { Label = 1, Features = [1, 0] }, new() { Label = -1, Features = [0, 1] },
            new() { Label = 2, Features = [float.PositiveInfinity, 1] }]));

        CollectionAssert.AreEqual(new[] { "1 row has a feature that is NaN or infinite and is left out." }, warnings);
    }

    [TestMethod]
    public void NetworkOutput_OneNumberAnImage_IsRefused()
    {
        File.WriteAllBytes(_folder["network.onnx"], CreateNetworkOfRankOne());

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => _mlContext.Transforms.EmbedImages("Features", "Pixels", _folder["network.onnx"]));

        Assert.AreEqual("The network's output 'mean' has the shape [1]; [batch, values] is needed.", error.Message);
    }

    [TestMethod]
    public void NetworkNodeMissing_Input_IsRefusedWithTheInputsThereAre()
    {
        File.WriteAllBytes(_folder["network.onnx"], CreateNetworkOfRankOne());

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => _mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "Pixels",
                ModelFile = _folder["network.onnx"],
                ModelInputName = "images",
            }));

        Assert.AreEqual("The network has no input 'images'; it has [pixels].", error.Message);
    }

    [TestMethod]
    public void ColumnType_NonLandmarksOfAnotherDimension_AreRefused()
    {
        IDataView train = _mlContext.Data.LoadFromEnumerable<Row>([new() { Label = 1, Features = [1, 0] }]);
        IDataView nonLandmarks = _mlContext.Data.LoadFromEnumerable<WideRow>([new() { Features = [1, 0, 0] }]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.Transforms.KnnLandmark(nonLandmarks: nonLandmarks)
            .Fit(train));

        Assert.AreEqual("Schema mismatch for feature column 'Features': expected Vector<Single, 2>, got Vector<Single, 3> (Parameter "
            + "'inputSchema')", error.Message);
    }

    private IDataView Prepare(BadImageHandling badImages, string file)
    {
        IDataView paths = _mlContext.Data.LoadFromEnumerable([new Photo(_folder[file])]);
        return _mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 2, badImages: badImages).Fit(paths).Transform(paths);
    }

    // BITMAPFILEHEADER and BITMAPINFOHEADER, with a few of the pixels that they promise.
    private static byte[] CreateBitmapHeader(int width, int height)
    {
        const int Headers = 54;
        var file = new byte[Headers + 100];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), Headers);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        return file;
    }

    /// <summary>An ONNX network pixels [1, 3, 2, 2] -> mean [1]: a ReduceMean, written field by field (onnx.proto3).</summary>
    private static byte[] CreateNetworkOfRankOne()
    {
        byte[] axes = Message(Text(1, "axes"), Number(8, 1), Number(8, 2), Number(8, 3), Number(20, 7));
        byte[] keepDims = Message(Text(1, "keepdims"), Number(3, 0), Number(20, 2));
        byte[] node = Message(Text(1, "pixels"), Text(2, "mean"), Text(4, "ReduceMean"), Field(5, axes), Field(5, keepDims));
        byte[] graph = Message(Field(1, node), Text(2, "graph"), Field(11, Tensor("pixels", 1, 3, 2, 2)), Field(12, Tensor("mean", 1)));
        return Message(Number(1, 7), Field(7, graph), Field(8, Message(Text(1, ""), Number(2, 11))));

        static byte[] Tensor(string name, params byte[] shape)
        {
            byte[] dimensions = Message([.. shape.Select(length => Field(1, Number(1, length)))]);
            return Message(Text(1, name), Field(2, Field(1, Message(Number(1, 1), Field(2, dimensions)))));
        }

        static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(f => f)];

        static byte[] Text(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

        static byte[] Number(int field, byte value) => [.. Varint(field << 3), .. Varint(value)];

        static byte[] Field(int field, byte[] bytes) => [.. Varint(field << 3 | 2), .. Varint(bytes.Length), .. bytes];

        static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
    }

    private sealed record Photo(string ImagePath);

    private sealed class Row
    {
        public int Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class WideRow
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
