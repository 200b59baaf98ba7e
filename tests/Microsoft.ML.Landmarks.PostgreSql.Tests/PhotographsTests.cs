using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests;
using Npgsql;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>Models that take photographs.</summary>
[TestClass]
public sealed class PhotographsTests
{
    private static readonly MLContext s_ml = new(seed: 1);
    private static readonly KnnLandmarkEstimator.Options s_options = new() { IdColumnName = "Id" };
    private static readonly Photograph[] s_photographs = Photographs(360, 1);

    [TestMethod]
    [DataRow(LandmarkMethod.Plain)]
    [DataRow(LandmarkMethod.Whitened)]
    public async Task LandmarkRecognizer_RowsInAnIndex_AnswersAsInMemory(LandmarkMethod method)
    {
        using var folder = new TemporaryFolder();
        IDataView rows = s_ml.Data.LoadFromEnumerable(s_photographs);
        ITransformer model = Embedding().Append(s_ml.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            IdColumnName = "Id",
            Method = method,
        })).Fit(rows);
        s_ml.Model.Save(model, rows.Schema, folder["with.zip"]);
        NpgsqlDataSource[] sources = await SharedServer.SourcesAsync(2);
        using PostgresLandmarkIndex index = await TestIndex.LoadAsync(model, sources);
        s_ml.Model.Save(model.WithIndex(index), rows.Schema, folder["without.zip"]);

        foreach (string file in (string[])["without.zip", "with.zip"])
        {
            using LandmarkRecognizer expected = LandmarkRecognizer.Load(folder["with.zip"]);
            using LandmarkRecognizer recognizer = LandmarkRecognizer.Load(folder[file], index);
            byte[][] asked = [.. Photographs(40, 2).Concat(s_photographs[..10]).Select(photograph => photograph.Image)];
            AssertSame(expected.Recognize(asked), recognizer.Recognize(asked));
        }

        await index.AddAsync(s_ml.Model.Load(folder["without.zip"], out _), s_ml.Data.LoadFromEnumerable(Photographs(20, 3, "new")));
        Assert.IsTrue((await index.CheckAsync()).IsSound);
        Assert.StartsWith("The rows of the model are not in its file: they are in PostgreSql, ",
            Assert.ThrowsExactly<InvalidOperationException>(() => LandmarkRecognizer.Load(folder["without.zip"])).Message);
    }

    [TestMethod]
    public async Task WithIndex_AMachineThatMakesSomethingElseOfAPhotograph_IsRefused()
    {
        IDataView rows = s_ml.Data.LoadFromEnumerable(s_photographs);
        ITransformer model = Embedding().Append(s_ml.Transforms.KnnLandmark(s_options)).Fit(rows);
        NpgsqlDataSource source = await SharedServer.Source;
        using PostgresLandmarkIndex loaded = await TestIndex.LoadAsync(model);

        // As by a device that rounds otherwise, and by one that computes something else.
        string update = $"update \"{loaded.Schema}\".probe set features[7] = features[7] + ";
        await PostgresServer.RunAsync(source, $"{update}0.005 where number = 1");
        using PostgresLandmarkIndex near = await PostgresLandmarkIndex.AttachAsync([source], loaded.Schema);
        _ = model.WithIndex(near);
        await PostgresServer.RunAsync(source, $"{update}0.02 where number = 2");
        using PostgresLandmarkIndex far = await PostgresLandmarkIndex.AttachAsync([source], loaded.Schema);
        string message = await Refusal.OfAsync<InvalidOperationException>(() => Task.FromResult(model.WithIndex(far)));

        Assert.AreEqual($"The rows in PostgreSql, '{loaded.Schema}', were made by the same steps and yet by another machine: of a picture, "
            + "the model's features are 0.02 from those that it has made, and 0.01 is the most. Ask with the versions of ONNX Runtime and "
            + "of this library, and on a device, by which the rows were made; or load this model's rows into an index of its own.",
            message);
        Assert.AreEqual(message, await Refusal.OfAsync<InvalidOperationException>(() => far.AddAsync(model, rows)));
    }

    [TestMethod]
    public async Task WithIndex_PhotographsPreparedOtherwise_IsRefused()
    {
        IDataView rows = s_ml.Data.LoadFromEnumerable(s_photographs);
        ITransformer model = Embedding().Append(s_ml.Transforms.KnnLandmark(s_options)).Fit(rows);
        ITransformer mirrored = Embedding(mirror: true).Append(s_ml.Transforms.KnnLandmark(s_options)).Fit(rows);
        using PostgresLandmarkIndex index = await TestIndex.LoadAsync(model);

        Assert.StartsWith($"The rows in PostgreSql, '{index.Schema}', were made by other steps than the model's",
            await Refusal.OfAsync<InvalidOperationException>(() => Task.FromResult(mirrored.WithIndex(index))));
    }

    private static EstimatorChain<ImageEmbeddingTransformer> Embedding(bool mirror = false)
        => s_ml.Transforms.PrepareImages("Pixels", "Image", imageSize: 8).Append(s_ml.Transforms.EmbedImages(
            new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Features",
                InputColumnName = "Pixels",
                ModelFile = TestFiles.Repository("tests", "Landmarks.Demo.Tests", "Networks", "flatten_8.onnx"),
                AverageMirror = mirror,
            }));

    private static void AssertSame(IReadOnlyList<LandmarkAnswer> expected, IReadOnlyList<LandmarkAnswer> actual)
    {
        Assert.HasCount(expected.Count, actual);
        foreach ((LandmarkAnswer one, LandmarkAnswer other) in expected.Zip(actual))
        {
            Assert.AreEqual((one.Landmark, one.Score, one.IsLandmark, one.FalseAlarmProbability, one.UnknownLandmarkProbability,
                one.QueryPenalty), (other.Landmark, other.Score, other.IsLandmark, other.FalseAlarmProbability,
                other.UnknownLandmarkProbability, other.QueryPenalty));
            CollectionAssert.AreEqual(one.Top.ToArray(), other.Top.ToArray());
            CollectionAssert.AreEqual(one.Neighbors.ToArray(), other.Neighbors.ToArray());
            CollectionAssert.AreEqual(one.NonLandmarkNeighbors.ToArray(), other.NonLandmarkNeighbors.ToArray());
        }
    }

    private static Photograph[] Photographs(int count, int seed, string prefix = "photograph")
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int label = i % 3 == 2 ? -1 : i % 10;
            return new Photograph { Id = $"{prefix}{i}", Label = label, Image = Draw(label, random) };
        })];
    }

    // A bitmap of 8 x 8 pixels, of a color for each landmark.
    private static byte[] Draw(int label, Random random)
    {
        byte[] file = new byte[54 + 3 * 64];
        ((byte[])[(byte)'B', (byte)'M', (byte)file.Length, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 1, 0, 24])
            .CopyTo(file, 0);
        for (int i = 54; i < file.Length; i++)
            file[i] = (byte)(random.Next(90) + (label < 0 ? random.Next(160) : (label * 37 + (i % 3 * 71)) % 160));
        return file;
    }

    private sealed class Photograph
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }

        public byte[] Image { get; set; } = [];
    }
}
