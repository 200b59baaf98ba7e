using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>What is in a saved model, and what becomes of a damaged one.</summary>
[TestClass]
public sealed class ModelFileTests
{
    private const string Knn = "LMKNNLMK", Images = "LMIMAGES", Embeddings = "LMEMBEDS", Whitening = "LMWHITEN";

    // Where numbers of a whitening step stand: after two names of 8 letters with their lengths, and then after a checksum.
    private const int InputDimension = 2 * 9, OutputDimension = InputDimension + sizeof(int) + 32;

    // A damaged model is refused at a cost that does not depend on the numbers in it.
    private const long MostBytesToRefuse = 50_000_000;

    private static readonly MLContext s_mlContext = new(seed: 1);

    // All entries that a KnnLandmark model can have: keys with text key values, and ids.
    private static readonly byte[] s_model = Save(Fit(threads: null), Training);
    private static readonly ModelZip s_zip = new(s_model);
    private static readonly string s_main = s_zip.MainEntry(Knn);
    private static readonly string s_expected = Predict(s_model);

    // Images to landmarks, as a chain.
    private static readonly Lazy<byte[]> s_chain = new(() => SaveChain(batchSize: 32, threads: null));

    [TestMethod]
    public void Save_KnnLandmark_WritesTheEntriesThatTheseTestsDamage()
    {
        string[] expected =
        [
            "Ids", "KeyValues", "Labels", "LandmarkOfRow", "Landmarks", "NearestCosines", "NearestNonLandmarks", "NonLandmarkIds",
            "NonLandmarks", "Penalties", "Unsmoothed",
        ];

        CollectionAssert.AreEqual(expected, s_zip.EntriesBeside(s_main).Select(NameOf).ToArray());
        Assert.IsTrue(s_zip.EntriesBeside(s_main).All(e => s_zip[e].Length > 0));
    }

    [TestMethod]
    public void Save_Entries_AreStoredAsTheyAre()
    {
        using var archive = new ZipArchive(new MemoryStream(s_model));
        foreach (ZipArchiveEntry entry in s_zip.EntriesBeside(s_main).Select(name => archive.GetEntry(name)!))
            Assert.AreEqual(entry.Length, entry.CompressedLength, entry.FullName);
    }

    [TestMethod]
    public void Save_ToAStreamThatCannotSeek_Loads()
    {
        using var file = new MemoryStream();
        // As a pipe or an upload.
        using (var written = new GZipStream(file, CompressionLevel.NoCompression, leaveOpen: true))
            s_mlContext.Model.Save(Fit(threads: null), Training.Schema, written);
        file.Position = 0;
        using var model = new MemoryStream();
        using (var read = new GZipStream(file, CompressionMode.Decompress))
            read.CopyTo(model);

        Assert.AreEqual(s_expected, Predict(model.ToArray()));
    }

    [TestMethod]
    public void Load_LengthThatTheZipOverstates_ThrowsBeforeMemoryIsTaken()
    {
        byte[] zip = [.. s_model];
        int landmarks = DirectoryEntries(zip).First(entry => NameInDirectory(zip, entry).EndsWith("Landmarks", StringComparison.Ordinal));
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(landmarks + 24), int.MaxValue);

        AssertRefused(zip, "with a length of 2 GB");
    }

    [TestMethod]
    public void Load_FileTruncatedAnywhere_Throws()
    {
        for (int length = 0; length < s_model.Length; length += 37)
            AssertRefused(s_model[..length], $"the first {length} of {s_model.Length} bytes");
        AssertRefused(s_model[..^1], "all but the last byte");
    }

    [TestMethod]
    public void Load_FlippedByteInAnEntry_ThrowsWithTheNameOfTheEntry()
    {
        foreach (string entry in s_zip.EntriesBeside(s_main))
        {
            foreach (int place in Places(0, s_zip[entry].Length))
            {
                string message = AssertDamaged(s_zip.With(entry, bytes => Flip(bytes, place)));
                // A flipped length of a text runs over the end before the checksum is known.
                Assert.IsTrue(message.Contains($"its entry '{NameOf(entry)}' has another checksum", StringComparison.Ordinal)
                    || message.Contains("it ends too early", StringComparison.Ordinal)
                    || message.Contains($"its entry '{NameOf(entry)}' is too long", StringComparison.Ordinal)
                    || message.Contains($"its entry '{NameOf(entry)}' has a text that can't be read", StringComparison.Ordinal),
                    $"{entry}, byte {place}: {message}");
            }
        }
    }

    [TestMethod]
    public void Load_FlippedByteInTheMainPart_Throws()
    {
        int start = s_zip.PartStart(s_main),
            length = sizeof(int) + 32 + BinaryPrimitives.ReadInt32LittleEndian(s_zip[s_main].AsSpan(start));
        foreach (int place in Places(start, length))
        {
            string message = AssertDamaged(s_zip.With(s_main, bytes => Flip(bytes, place)));
            Assert.IsTrue(message.Contains("its checksum differs", StringComparison.Ordinal)
                || message.Contains("it ends too early", StringComparison.Ordinal), $"byte {place}: {message}");
        }
    }

    [TestMethod]
    public void Load_FlippedByteAroundTheMainPart_ThrowsOrChangesNoAnswer()
    {
        // ML.NET's header and tail have fields that nothing reads, so some damage there is harmless.
        int refused = 0;
        foreach (int place in Enumerable.Range(0, s_zip[s_main].Length))
        {
            try
            {
                Assert.AreEqual(s_expected, Predict(s_zip.With(s_main, bytes => Flip(bytes, place))), $"byte {place}");
            }
            catch (Exception e) when (e is not AssertFailedException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(s_zip[s_main].Length / 2, refused, "Hardly any damage was noticed, so the damage went elsewhere.");
    }

    [TestMethod]
    public void Load_MissingEntry_ThrowsWithItsName()
    {
        foreach (string entry in s_zip.EntriesBeside(s_main))
            Assert.AreEqual($"The model is damaged: in 'KnnLandmark', its entry '{NameOf(entry)}' is missing. Take another copy of it, or "
                + "fit and save it anew.", AssertDamaged(s_zip.With(entry, _ => null)));
        AssertRefused(s_zip.With(s_main, _ => null), "without its main entry");
    }

    [TestMethod]
    public void Load_EntryOfAnotherLength_Throws()
    {
        foreach (string entry in s_zip.EntriesBeside(s_main))
        {
            AssertDamaged(s_zip.With(entry, bytes => bytes[..^1]));
            AssertDamaged(s_zip.With(entry, bytes => []));
            AssertDamaged(s_zip.With(entry, bytes => [.. bytes, 0]));
            AssertDamaged(s_zip.With(entry, bytes => [.. bytes, .. bytes]));
        }

        for (int length = 0; length < s_zip[s_main].Length; length += 31)
            AssertRefused(s_zip.With(s_main, bytes => bytes[..length]), $"the first {length} bytes of the main entry");
    }

    [TestMethod]
    [DataRow("Landmarks", "has 79 bytes where 80 are expected")]
    [DataRow("Penalties", "has 39 bytes where 40 are expected")]
    [DataRow("LandmarkOfRow", "has 19 bytes where 20 are expected")]
    public void Load_EntryOneByteShort_ThrowsWithBothLengths(string name, string what)
        => Assert.AreEqual($"The model is damaged: in 'KnnLandmark', its entry '{name}' {what}. Take another copy of it, or fit and save "
        + "it anew.",
            AssertDamaged(s_zip.With(s_zip.EntriesBeside(s_main).Single(e => NameOf(e) == name), bytes => bytes[..^1])));

    [TestMethod]
    public void Load_AbsurdLengthOfTheMainPart_ThrowsWithoutTakingMemoryForIt()
    {
        foreach (int length in new[] { int.MaxValue, 1_000_000_000, -1, int.MinValue })
        {
            byte[] damaged = s_zip.With(s_main, bytes =>
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(s_zip.PartStart(s_main)), length);
                return bytes;
            });
            Assert.AreEqual("The model is damaged: in 'KnnLandmark', it ends too early. Take another copy of it, or fit and save it anew.",
                AssertDamaged(damaged));
        }
    }

    [TestMethod]
    [DataRow("dimension", int.MaxValue, "its entry 'Landmarks' has 80 bytes where 42949672940 are expected")]
    [DataRow("dimension", 0, "the number of dimensions is 0")]
    [DataRow("dimension", -4, "the number of dimensions is -4")]
    [DataRow("landmarks", int.MaxValue, "its entry 'Landmarks' has 80 bytes where 34359738352 are expected")]
    [DataRow("landmarks", 0, "the number of landmark rows is 0")]
    [DataRow("nonLandmarks", int.MaxValue, "its entry 'NonLandmarks' has 32 bytes where 34359738352 are expected")]
    [DataRow("nonLandmarks", -1, "the number of non-landmark rows is -1")]
    [DataRow("neighbors", 0, "the number of neighbors is 0")]
    [DataRow("neighbors", int.MaxValue, "the number of neighbors is 2147483647")]
    [DataRow("queryExpansion", -1, "the query expansion is -1")]
    [DataRow("topLandmarks", -1, "the number of top landmarks is -1")]
    [DataRow("topLandmarks", 0, "the number of top landmarks is 0")]
    [DataRow("topLandmarks", 16777217, "the number of top landmarks is 16777217")]
    [DataRow("queryPenaltyNeighbors", int.MaxValue, "the number of query penalty neighbors is 2147483647")]
    [DataRow("labelCount", int.MaxValue, "the number of landmarks is 2147483647")]
    [DataRow("labelCount", 6, "the number of landmarks is 6")]
    [DataRow("labelCount", 5, "its entry 'Labels' has 32 bytes where 40 are expected")]
    [DataRow("labelCount", -1, "the number of landmarks is -1")]
    [DataRow("labelType", 0, "the number of keys is 5")]
    [DataRow("keyCount", 0, "the number of keys is 0")]
    [DataRow("keyCount", 4, "its entry 'Labels' has one that is no Key<UInt32, 0-3>")]
    [DataRow("keyCount", 6, "its entry 'KeyValues' has 5 values for 6 keys")]
    [DataRow("fingerprintCount", -1, "the number of fingerprints is -1")]
    [DataRow("fingerprintCount", int.MaxValue, "a text can't be read")]
    [DataRow("changes", -1, "the number of changes is -1")]
    [DataRow("changes", int.MaxValue, "it ends too early")]
    [DataRow("landmarksOfFit", -1, "the number of landmark rows of Fit is -1")]
    [DataRow("nonLandmarksOfFit", int.MaxValue, "the number of non-landmark rows of Fit is 2147483647")]
    [DataRow("labelType", 99, "the type of labels is 99")]
    [DataRow("keyValueType", -1, "the type of key values is -1")]
    [DataRow("keyValueCount", int.MaxValue, "its entry 'KeyValues' has 12 bytes for 2147483647 texts")]
    public void Load_AbsurdNumberWithTheRightChecksum_ThrowsWithoutTakingMemoryForIt(string field, int value, string what)
    {
        byte[] damaged = s_zip.WithValues(s_main, values
            => BinaryPrimitives.WriteInt32LittleEndian(values.AsSpan(FieldPlaces(values)[field]), value));

        Assert.AreEqual($"The model is damaged: in 'KnnLandmark', {what}. Take another copy of it, or fit and save it anew.",
            AssertDamaged(damaged));
    }

    [TestMethod]
    [DataRow("trainingPenaltyWeight", -0.5, "the training penalty weight is -0.5")]
    [DataRow("trainingPenaltyWeight", 1e39, "the training penalty weight is 1E+39")]
    [DataRow("queryPenaltyWeight", double.NaN, "the query penalty weight is NaN")]
    [DataRow("queryPenaltyWeight", double.PositiveInfinity, "the query penalty weight is Infinity")]
    [DataRow("similarityExponent", double.NaN, "the similarity exponent is NaN")]
    [DataRow("similarityExponent", 0d, "the similarity exponent is 0")]
    [DataRow("similarityExponent", 50.5, "the similarity exponent is 50.5")]
    [DataRow("smoothing", 10.5, "the smoothing is 10.5")]
    public void Load_AbsurdWeightWithTheRightChecksum_Throws(string field, double value, string what)
    {
        byte[] damaged = s_zip.WithValues(s_main, values
            => BinaryPrimitives.WriteDoubleLittleEndian(values.AsSpan(FieldPlaces(values)[field]), value));

        Assert.AreEqual($"The model is damaged: in 'KnnLandmark', {what}. Take another copy of it, or fit and save it anew.",
            AssertDamaged(damaged));
    }

    [TestMethod]
    [DataRow("Penalties", double.NaN, "has the value NaN at 2")]
    [DataRow("Penalties", double.NegativeInfinity, "has the value -Infinity at 2")]
    [DataRow("Penalties", 1.01, "has the value 1.01 at 2")]
    [DataRow("Penalties", -2d, "has the value -2 at 2")]
    [DataRow("Landmarks", float.NaN, "has a row that is not of unit length, number 0")]
    [DataRow("Landmarks", 2f, "has a row that is not of unit length, number 0")]
    [DataRow("NonLandmarks", float.PositiveInfinity, "has a row that is not of unit length, number 0")]
    [DataRow("NonLandmarks", 0.1f, "has a row that is not of unit length, number 0")]
    [DataRow("Unsmoothed", 2f, "has a row that is not of unit length, number 0")]
    [DataRow("NearestNonLandmarks", 2, "has the value 2 at 2")]
    [DataRow("NearestNonLandmarks", -1, "has the value -1 at 2")]
    [DataRow("NearestCosines", double.NaN, "has the value NaN at 2")]
    [DataRow("NearestCosines", 1.01, "has the value 1.01 at 2")]
    [DataRow("NearestCosines", -1d, "has those of row 1 out of order")]
    [DataRow("LandmarkOfRow", 4, "names landmarks beyond the 4 that there are")]
    [DataRow("LandmarkOfRow", -1, "names landmarks beyond the 4 that there are")]
    [DataRow("Labels", 0L, "has one that is no Key<UInt32, 0-4>")]
    [DataRow("Labels", 6L, "has one that is no Key<UInt32, 0-4>")]
    [DataRow("Labels", -1L, "has one that is no Key<UInt32, 0-4>")]
    [DataRow("Labels", 1L, "has the same one twice")]
    public void Load_AbsurdValueOfAnEntryWithTheRightChecksum_Throws(string name, object value, string what)
        => Assert.AreEqual($"The model is damaged: in 'KnnLandmark', its entry '{name}' {what}. Take another copy of it, or fit and save "
        + "it anew.", AssertDamaged(WithValue(s_zip, Knn, name, 2, value)));

    [TestMethod]
    [DataRow("Mean", double.NaN, "has the value NaN at 2")]
    [DataRow("Projection", float.NegativeInfinity, "has the value -Infinity at 2")]
    public void Load_AbsurdValueOfAWhiteningStep_Throws(string name, object value, string what)
        => Assert.AreEqual($"The model is damaged: in 'LandmarkWhitening', its entry '{name}' {what}. Take another copy of it, or fit and "
        + "save it anew.",
            AssertDamaged(WithValue(new ModelZip(s_chain.Value), Whitening, name, 2, value), "LandmarkWhitening"));

    // After two names of 6 and 9 letters with their lengths, the size, a Boolean and an Int32: three means and three standard deviations.
    [TestMethod]
    [DataRow(2, float.NaN, "a mean is NaN")]
    [DataRow(0, float.PositiveInfinity, "a mean is Infinity")]
    [DataRow(3, 0f, "a standard deviation is 0")]
    [DataRow(4, -0.5f, "a standard deviation is -0.5")]
    [DataRow(5, float.NaN, "a standard deviation is NaN")]
    public void Load_AbsurdValueOfAPreparingStep_Throws(int index, float value, string what)
    {
        var zip = new ModelZip(s_chain.Value);
        int place = 7 + 10 + sizeof(int) + sizeof(bool) + sizeof(int) + index * sizeof(float);

        byte[] damaged = zip.WithValues(zip.MainEntry(Images), values
            => BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(place), value));

        Assert.AreEqual($"The model is damaged: in 'LandmarkImagePreparing', {what}. Take another copy of it, or fit and save it anew.",
            AssertDamaged(damaged, "LandmarkImagePreparing"));
    }

    [TestMethod]
    public void Load_TextsThatAreNone_Throw()
    {
        Assert.Contains("its entry 'Ids' has a text that can't be read", AssertDamaged(WithText(bytes => bytes[1] = 0xFF)));
        Assert.Contains("its entry 'Ids' has a text that can't be read", AssertDamaged(WithText(bytes => bytes.AsSpan().Fill(0xFF))));
        Assert.Contains("the name of a column is empty", AssertDamaged(s_zip.WithValues(s_main, values => values[0] = 0)));

        byte[] WithText(Action<byte[]> change)
            => s_zip.WithEntry(s_main, s_zip.EntriesBeside(s_main).Single(e => NameOf(e) == "Ids"), bytes =>
        {
            change(bytes);
            return bytes;
        });
    }

    [TestMethod]
    public void Load_KeyValueThatIsNoNumber_Throws()
    {
        IDataView rows = s_mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 5)
            .Select(i => new NumberedRow { Label = i - 1, Features = [i, 1, 0, 2] }));
        IDataView keys = s_mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var zip = new ModelZip(Save(s_mlContext.Transforms.KnnLandmark().Fit(keys), keys));
        string main = zip.MainEntry(Knn), entry = zip.EntriesBeside(main).Single(e => NameOf(e) == "KeyValues");

        string message = AssertDamaged(zip.WithEntry(main, entry, bytes =>
        {
            bytes[^1] = (byte)'x';
            return bytes;
        }));

        Assert.Contains("its entry 'KeyValues' has one that is no Int32", message);
    }

    [TestMethod]
    public void Load_ForeignZip_Throws()
    {
        AssertRefused([], "an empty file");
        AssertRefused("id,landmark_id\n"u8.ToArray(), "a text file");
        AssertRefused(new byte[100_000], "zeros");
    }

    [TestMethod]
    public void Load_NewerFormat_SaysToUpdate()
    {
        Exception error = Innermost(Assert.Throws<Exception>(() => Load(s_zip.WithVersion(s_main, written: 7, readable: 7))));

        Assert.IsInstanceOfType<FormatException>(error);
        Assert.AreEqual("The model has format 7; this version reads 1 to 6. Update Microsoft.ML.Landmarks.", error.Message);
    }

    [TestMethod]
    public void Load_NewerFormatThatOlderVersionsCanRead_IsRead()
        => Assert.AreEqual(s_expected, Predict(s_zip.WithVersion(s_main, written: 7, readable: 6)));

    [TestMethod]
    public void Load_FormatOlderThanTheOldest_SaysToFitAnew()
    {
        Exception error = Innermost(Assert.Throws<Exception>(() => Load(s_zip.WithVersion(s_main, written: 0, readable: 0))));

        Assert.IsInstanceOfType<FormatException>(error);
        Assert.AreEqual("The model has format 0; this version reads 1 to 6. Fit and save the model anew.", error.Message);
    }

    /// <summary>
    /// The file was made by this class when format 1 was the newest: <c>File.WriteAllBytes("knn-format1.zip", s_model)</c>, and the lines
    /// are <c>s_expected</c> of that time. It stays as it is when the format moves on.
    /// </summary>
    [TestMethod]
    public void Load_ModelOfFormat1_PredictsWhatItDid()
    {
        var model = (KnnLandmarkTransformer)Load(File.ReadAllBytes(TestFiles.Golden("models", "knn-format1.zip")));
        Assert.AreEqual((1.0, 1.0, 1.0), (model.TrainingPenaltyWeight, model.QueryPenaltyWeight, model.SimilarityExponent));
        Assert.IsNull(model.TuningResult);
        string[] expected = File.ReadAllLines(TestFiles.Golden("models", "knn-format1.txt"));
        string[] actual = Predict(File.ReadAllBytes(TestFiles.Golden("models", "knn-format1.zip"))).TrimEnd('\n').Split('\n');

        Assert.HasCount(5, expected);
        Assert.HasCount(expected.Length, actual);
        foreach ((string[] wanted, string[] found) in expected.Select(l => l.Split('|')).Zip(actual.Select(l => l.Split('|'))))
        {
            Assert.AreEqual(wanted[0], found[0]);
            Assert.AreEqual(wanted[1], found[1]);
            // The unit length of a query is summed in the order of the machine's vectors.
            foreach ((string a, string b) in wanted[2].Split(' ').Zip(found[2].Split(' ')))
                Assert.AreEqual(float.Parse(a, CultureInfo.InvariantCulture), float.Parse(b, CultureInfo.InvariantCulture), 1e-6f);
        }
    }

    [TestMethod]
    public void Load_SavedModel_PredictsWhatTheFittedModelDid()
        => Assert.AreEqual(Describe(Fit(threads: null).Transform(Queries)), s_expected);

    [TestMethod]
    public void Save_SameModelTwice_GivesTheSameBytes()
    {
        ITransformer model = Fit(threads: null);

        AssertSameEntries(Save(model, Training), Save(model, Training));
        AssertSameEntries(s_model, Save(model, Training));
        AssertSameEntries(s_model, Save(Load(s_model), Training));
    }

    [TestMethod]
    public void Save_NumberOfThreads_IsNotInTheModel()
        => AssertSameEntries(s_model, Save(Fit(threads: 1), Training));

    [TestMethod]
    public void Save_Chain_HoldsNoFolderThreadsOrBatchSize()
    {
        string[] folders = [TestFiles.Repository(), AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar),
            Path.GetTempPath().TrimEnd(Path.DirectorySeparatorChar)];
        var zip = new ModelZip(s_chain.Value);

        foreach (string entry in zip.Names)
        {
            foreach (string folder in folders)
            {
                foreach (Encoding encoding in new[] { Encoding.UTF8, Encoding.Unicode })
                    Assert.AreEqual(-1, zip[entry].AsSpan().IndexOf(encoding.GetBytes(folder)), $"'{entry}' holds '{folder}'.");
            }
        }

        AssertSameEntries(s_chain.Value, SaveChain(batchSize: 3, threads: 1));
    }

    [TestMethod]
    [DataRow(Images, "LandmarkImagePreparing", "1 to 2")]
    [DataRow(Embeddings, "LandmarkImageEmbedding", "1 to 3")]
    [DataRow(Whitening, "LandmarkWhitening", "1 to 2")]
    [DataRow(Knn, "KnnLandmark", "1 to 6")]
    public void Load_DamagedStepOfAChain_ThrowsWithTheNameOfTheStep(string signature, string name, string readable)
    {
        var zip = new ModelZip(s_chain.Value);
        string main = zip.MainEntry(signature);
        int start = zip.PartStart(main);

        foreach (int place in new[] { start + 10, start + 40 })
            Assert.AreEqual($"The model is damaged: in '{name}', its checksum differs. Take another copy of it, or fit and save it anew.",
                AssertDamaged(zip.With(main, bytes => Flip(bytes, place)), name));
        Exception error = Innermost(Assert.Throws<Exception>(() => Load(zip.WithVersion(main, written: 7, readable: 7))));
        Assert.AreEqual($"The model has format 7; this version reads {readable}. Update Microsoft.ML.Landmarks.", error.Message);
    }

    [TestMethod]
    public void Load_DamagedNetworkOfAChain_ThrowsBeforeItIsRun()
    {
        var zip = new ModelZip(s_chain.Value);
        string network = zip.EntriesBeside(zip.MainEntry(Embeddings)).Single();

        foreach (int place in new[] { 0, zip[network].Length / 2, zip[network].Length - 1 })
            Assert.Contains("its entry 'Network.onnx' has another checksum",
                AssertDamaged(zip.With(network, bytes => Flip(bytes, place)), "LandmarkImageEmbedding", mostBytes: 100_000_000));
        Assert.Contains("its entry 'Network.onnx' is missing", AssertDamaged(zip.With(network, _ => null), "LandmarkImageEmbedding"));
    }

    [TestMethod]
    [DataRow(InputDimension, int.MaxValue, "its entry 'Mean' has 10240 bytes where 17179869176 are expected")]
    [DataRow(InputDimension, 0, "the number of input values is 0")]
    [DataRow(OutputDimension, 1281, "the number of output values is 1281")]
    [DataRow(OutputDimension, 7, "its entry 'Projection' has 5120 bytes where 35840 are expected")]
    public void Load_AbsurdNumberInAWhiteningStep_ThrowsWithoutTakingMemoryForIt(int place, int value, string what)
    {
        var zip = new ModelZip(s_chain.Value);
        byte[] damaged = zip.WithValues(zip.MainEntry(Whitening), values
            => BinaryPrimitives.WriteInt32LittleEndian(values.AsSpan(place), value));

        Assert.AreEqual($"The model is damaged: in 'LandmarkWhitening', {what}. Take another copy of it, or fit and save it anew.",
            AssertDamaged(damaged, "LandmarkWhitening"));
    }

    private static IDataView Training
    {
        get
        {
            IDataView rows = s_mlContext.Data.LoadFromEnumerable<Row>([
                new() { Id = "r1", Label = "a", Features = [1, 0, 0, 0.5f] },
                new() { Id = "r2", Label = "b", Features = [0, 1, 0, 0.25f] },
                new() { Id = "n1", Label = "-1", Features = [0, 0, 1, 1] },
                new() { Id = "r3", Label = "a", Features = [1, 0.5f, 0, 0] },
                new() { Id = "r4", Label = "c", Features = [-1, 0, 0.5f, 0] },
                new() { Id = "n2", Label = "-1", Features = [0, 0.25f, 0, -1] },
                new() { Id = "r5", Label = "ç", Features = [0.1f, -1, 0.3f, 0] }]);
            return s_mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        }
    }

    private static IDataView Queries => s_mlContext.Data.LoadFromEnumerable<Query>([
        new() { Features = [1, 0.25f, 0, 0] },
        new() { Features = [0, 1, 0.5f, 0] },
        new() { Features = [0.2f, -1, 0, 0] },
        new() { Features = [-3, 0, 0, 3] },
        new() { Features = [float.NaN, 0, 0, 0] }]);

    private static KnnLandmarkTransformer Fit(int? threads) => s_mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
    {
        IdColumnName = "Id",
        NeighborsColumnName = "Neighbors",
        NumberOfNeighbors = 2,
        QueryPenaltyColumnName = "Penalty",
        NonLandmarkNeighborsColumnName = "Others",
        NumberOfTopLandmarks = 2,
        SameLandmarkSmoothing = 0.5,
        MaxDegreeOfParallelism = threads,
    }).Fit(Training);

    private static byte[] SaveChain(int batchSize, int? threads)
    {
        IDataView photos = s_mlContext.Data.LoadFromEnumerable([
            new Photo(TestFiles.Golden("images", "landscape_320x213.jpg"), 1),
            new Photo(TestFiles.Golden("images", "square_320x320.jpg"), -1)]);
        var pipeline = s_mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 320)
            .Append(s_mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network, batchSize: batchSize))
            .Append(s_mlContext.Transforms.WhitenFeatures(
            new WhiteningEstimator.Options { OutputColumnName = "Features", MaxDegreeOfParallelism = threads }))
            .Append(s_mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { MaxDegreeOfParallelism = threads }));
        using TransformerChain<KnnLandmarkTransformer> model = pipeline.Fit(photos);
        return Save(model, photos);
    }

    private static byte[] Save(ITransformer model, IDataView input)
    {
        using var stream = new MemoryStream();
        s_mlContext.Model.Save(model, input.Schema, stream);
        return stream.ToArray();
    }

    private static ITransformer Load(byte[] zip) => s_mlContext.Model.Load(new MemoryStream(zip, writable: false), out _);

    private static string Predict(byte[] zip) => Describe(Load(zip).Transform(Queries));

    /// <summary>A line for each row: label, neighbors, score and penalty.</summary>
    private static string Describe(IDataView predicted)
    {
        IDataView mapped = s_mlContext.Transforms.Conversion.MapKeyToValue("Landmark", "PredictedLabel").Fit(predicted)
            .Transform(predicted);
        string[] labels = mapped.Texts("Landmark");
        string[] neighbors = [.. mapped.Values<VBuffer<ReadOnlyMemory<char>>>("Neighbors").Select(v => string.Join(' ', v.DenseValues()))];
        float[] scores = mapped.Values<float>("Score"), penalties = mapped.Values<float>("Penalty");
        return string.Concat(labels.Select((label, i)
            => string.Create(CultureInfo.InvariantCulture, $"{label}|{neighbors[i]}|{scores[i]:R} {penalties[i]:R}\n")));
    }

    /// <summary>Where the numbers of a KnnLandmark step stand among its values.</summary>
    private static Dictionary<string, int> FieldPlaces(byte[] values)
    {
        const int HashLength = 32;
        using var reader = new BinaryReader(new MemoryStream(values));
        Dictionary<string, int> places = [];
        for (int i = 0; i < 3; i++)
            reader.ReadString();
        for (int i = 0; i < 3; i++)
        {
            if (reader.ReadBoolean())
                reader.ReadString();
        }

        foreach (string name in new[] { "neighbors", "trainingPenaltyNeighbors", "queryPenaltyNeighbors" })
            Mark(name);
        foreach (string name in new[] { "trainingPenaltyWeight", "queryPenaltyWeight", "similarityExponent" })
            Mark(name, sizeof(double));
        Mark("queryExpansion");
        for (int i = 0; i < 7; i++)
        {
            if (reader.ReadBoolean())
                reader.ReadString();
        }

        Mark("topLandmarks");
        // The rows are in the file.
        Assert.IsFalse(reader.ReadBoolean());
        foreach (string name in new[] { "dimension", "landmarks", "nonLandmarks" })
            Mark(name);
        Skip(3 * HashLength);
        for (int i = 0; i < 2; i++)
        {
            if (reader.ReadBoolean())
                Skip(HashLength);
        }

        Mark("labelType");
        Mark("keyCount", sizeof(long));
        Mark("labelCount");
        Skip(2 * HashLength);
        Assert.IsTrue(reader.ReadBoolean());
        Mark("keyValueType");
        Mark("keyValueCount");
        Skip(HashLength);
        Assert.IsFalse(reader.ReadBoolean());
        Mark("fingerprintCount");
        reader.ReadString();
        for (int i = 0; i < 2; i++)
        {
            Assert.IsTrue(reader.ReadBoolean());
            reader.ReadString();
        }

        Assert.IsTrue(reader.ReadBoolean());
        Mark("smoothing", sizeof(double));
        Skip(HashLength);
        Assert.IsFalse(reader.ReadBoolean());
        Assert.IsTrue(reader.ReadBoolean());
        Skip(2 * HashLength);
        Mark("changes");
        Mark("landmarksOfFit");
        Mark("nonLandmarksOfFit");
        Assert.AreEqual(values.Length, reader.BaseStream.Position, "The format has changed.");
        return places;

        void Mark(string name, int length = sizeof(int))
        {
            places.Add(name, (int)reader.BaseStream.Position);
            Skip(length);
        }

        void Skip(int count) => reader.BaseStream.Position += count;
    }

    /// <summary>Some 40 places, the first and the last among them.</summary>
    // Where the headers of the central directory begin (APPNOTE.TXT, 4.3.12).
    private static IEnumerable<int> DirectoryEntries(byte[] zip)
        => Enumerable.Range(0, zip.Length - 46).Where(at => BinaryPrimitives.ReadUInt32LittleEndian(zip.AsSpan(at)) == 0x02014b50);

    private static string NameInDirectory(byte[] zip, int entry)
        => Encoding.UTF8.GetString(zip, entry + 46, BinaryPrimitives.ReadUInt16LittleEndian(zip.AsSpan(entry + 28)));

    private static IEnumerable<int> Places(int start, int length)
        => Enumerable.Range(0, 40).Select(i => start + (int)((length - 1) * (long)i / 39)).Distinct();

    private static byte[] Flip(byte[] bytes, int place)
    {
        bytes[place] ^= (byte)(1 << (place % 8));
        return bytes;
    }

    /// <summary>The file with one value of an entry changed, and checksums that agree.</summary>
    private static byte[] WithValue(ModelZip zip, string signature, string name, int index, object value)
    {
        string main = zip.MainEntry(signature);
        return zip.WithEntry(main, zip.EntriesBeside(main).Single(e => NameOf(e) == name), bytes =>
        {
            byte[] written = value switch
            {
                int number => BitConverter.GetBytes(number),
                long number => BitConverter.GetBytes(number),
                float number => BitConverter.GetBytes(number),
                _ => BitConverter.GetBytes((double)value),
            };
            written.CopyTo(bytes, index * written.Length);
            return bytes;
        });
    }

    private static string NameOf(string entry) => entry[(entry.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>The load fails with an error that tells of a damaged file.</summary>
    private static void AssertRefused(byte[] zip, string what)
    {
        Exception error = Innermost(AssertThrows(zip, MostBytesToRefuse));
        Assert.IsTrue(error is FormatException or InvalidDataException or InvalidOperationException or IOException, $"{what}: {error}");
    }

    /// <summary>The load fails with our own error, whose message is given back.</summary>
    private static string AssertDamaged(byte[] zip, string name = "KnnLandmark", long mostBytes = MostBytesToRefuse)
    {
        Exception thrown = AssertThrows(zip, mostBytes);
        Exception? error = Chain(thrown).FirstOrDefault(e => e is FormatException
            && e.Message.StartsWith($"The model is damaged: in '{name}', ", StringComparison.Ordinal));
        Assert.IsNotNull(error, $"{thrown}");
        return error.Message;
    }

    private static Exception AssertThrows(byte[] zip, long mostBytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception error = Assert.Throws<Exception>(() => Load(zip));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsLessThan(mostBytes, allocated, $"{allocated} bytes were taken to refuse a model.");
        return error;
    }

    private static void AssertSameEntries(byte[] expected, byte[] actual)
    {
        ModelZip wanted = new(expected), found = new(actual);
        CollectionAssert.AreEqual(wanted.Names.ToArray(), found.Names.ToArray());
        foreach (string entry in wanted.Names)
            Assert.IsTrue(wanted[entry].AsSpan().SequenceEqual(found[entry]), $"'{entry}' differs.");
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
            yield return e;
    }

    private static Exception Innermost(Exception error) => Chain(error).Last();

    private sealed record Photo(string ImagePath, int Label);

    private sealed class Row
    {
        public string Id { get; set; } = "";

        public string Label { get; set; } = "";

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class NumberedRow
    {
        public int Label { get; set; }

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Query
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }
}
