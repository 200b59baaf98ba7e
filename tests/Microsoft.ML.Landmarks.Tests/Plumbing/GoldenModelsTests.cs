using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>
/// Models that older builds saved, by <c>Golden/models/make_models.cs</c>, load and answer with the bits of then. Their files never change;
/// a newer format brings files of its own.
/// </summary>
[TestClass]
public sealed class GoldenModelsTests
{
    private static readonly MLContext s_mlContext = new(seed: 1);

    [TestMethod]
    [DataRow("images-format1")]
    [DataRow("embeddings-of-photographs-format1")]
    [DataRow("embeddings-of-photographs-format2")]
    [DataRow("fit-chain")]
    [DataRow("fit-sizes-chain")]
    [DataRow("fit-recognition-chain")]
    [DataRow("fit-recognition-sizes-chain")]
    public void Transform_ModelOfPhotographs_GivesTheBitsOfThen(string name)
    {
        string[] photos = ["alpha.png", "orientation6.jpg", "odd_301x320.jpg", "progressive.jpg"];
        AssertAnswers(name, s_mlContext.Data.LoadFromEnumerable(
            photos.Select(photo => new Photo { ImagePath = TestFiles.Golden("images", photo) })));
    }

    [TestMethod]
    [DataRow("embeddings-format1")]
    [DataRow("embeddings-format2")]
    public void Transform_ModelOfPixels_GivesTheBitsOfThen(string name) => AssertAnswers(name, s_mlContext.Data.LoadFromEnumerable(
        Enumerable.Range(1, 3).Select(seed
        => new Image { Pixels = [.. Integers(seed, 3 * 8 * 8).Select((value, i) => value * (seed + i / 64))] })));

    [TestMethod]
    [DataRow("whitening-format1")]
    [DataRow("knn-format2")]
    [DataRow("knn-format3")]
    [DataRow("knn-format4")]
    [DataRow("knn-format5")]
    [DataRow("recognition-format1")]
    [DataRow("recognition-format2")]
    public void Transform_ModelOfFeatures_GivesTheBitsOfThen(string name)
        => AssertAnswers(name, s_mlContext.Data.LoadFromEnumerable(Integers(9, 6 * 40).Chunk(6).Append([float.NaN, 0, 0, 0, 0, 0])
        .Select(features => new Row { Features = features })));

    [TestMethod]
    public void EveryModel_IsAsked()
    {
        string[] expected =
        [
            "embeddings-format1", "embeddings-format2", "embeddings-of-photographs-format1", "embeddings-of-photographs-format2",
            "fit-chain", "fit-recognition-chain", "fit-recognition-sizes-chain", "fit-sizes-chain", "images-format1", "knn-format1",
            "knn-format2", "knn-format3", "knn-format4", "knn-format5", "recognition-format1", "recognition-format2", "whitening-format1",
        ];

        CollectionAssert.AreEqual(expected, Directory.GetFiles(TestFiles.Golden("models"), "*.zip").Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal).ToArray());
    }

    private static void AssertAnswers(string name, IDataView asked)
    {
        string[] expected = File.ReadAllLines(TestFiles.Golden("models", name + ".txt"));

        IDataView answers = s_mlContext.Model.Load(TestFiles.Golden("models", name + ".zip"), out _).Transform(asked);

        DataViewSchema.Column[] columns = [.. expected[0].Split('|').Select(column => answers.Schema[column])];
        using DataViewRowCursor cursor = answers.GetRowCursor(columns);
        Func<object[]> read = ViewReader.CreateReader(cursor, columns);
        for (int row = 1; row < expected.Length; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(expected[row], string.Join('|', read().Select(Describe)), $"row {row - 1}");
        }

        Assert.IsFalse(cursor.MoveNext());
    }

    private static string Describe(object value) => value is Array values ? string.Join(' ', values.Cast<object>().Select(Describe))
        : value is float single ? BitConverter.SingleToUInt32Bits(single).ToString("x8", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    // As the program has it that made the models.
    private static float[] Integers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";
    }

    private sealed class Image
    {
        [VectorType(3, 8, 8)]
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];
    }
}
