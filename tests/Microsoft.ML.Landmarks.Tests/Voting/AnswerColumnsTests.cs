using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Search;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>The columns that say what else a row may show, and why.</summary>
[TestClass]
public sealed class AnswerColumnsTests
{
    private const int Dimension = 12;

    // Keys of rows in memory count from 0, and what is beyond them is a missing one.
    private const uint MissingKey = uint.MaxValue;

    // Cosines of Singles of unit length against those of the rows themselves.
    private const double Rounding = 1e-6;

    private static readonly AnswerColumns s_all = new()
    {
        PredictedLabel = "PredictedLabel",
        Score = "Score",
        Neighbors = "Neighbors",
        NeighborScores = "NeighborScores",
        NeighborLabels = "NeighborLabels",
        NeighborPenalties = "NeighborPenalties",
        QueryPenalty = "QueryPenalty",
        NonLandmarkNeighbors = "NonLandmarkNeighbors",
        NonLandmarkNeighborScores = "NonLandmarkNeighborScores",
        TopLabels = "TopLabels",
        TopScores = "TopScores",
        NumberOfTopLandmarks = 3,
        Scores = "Scores",
    };

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(0.5, 2.5)]
    public void Transform_AllColumns_AreThoseOfThePlainVote(double weight, double exponent)
    {
        LabeledRow[] rows = FeatureView.Random(90, Dimension, seed: 3), queries = FeatureView.Random(30, Dimension, seed: 4);
        // Every landmark is asked for, so that the search goes to the end.
        var options = Options(top: 7, weight, exponent);
        var plain = new PlainVote(rows, options.NumberOfNeighbors, options.NumberOfTrainingPenaltyNeighbors,
            options.NumberOfQueryPenaltyNeighbors, weight, exponent);

        IDataView answers = Fit(rows, options).Transform(FeatureView.Create(new MLContext(), queries, Dimension));

        string[][] neighbors = Texts(answers, "Neighbors"), nonLandmarks = Texts(answers, "NonLandmarkNeighbors");
        int[][] labels = Lists<int>(answers, "NeighborLabels"), top = Lists<int>(answers, "TopLabels");
        float[][] scores = answers.Vectors("NeighborScores"), penalties = answers.Vectors("NeighborPenalties");
        float[][] cosines = answers.Vectors("NonLandmarkNeighborScores"), votes = answers.Vectors("TopScores");
        int[] predicted = answers.Values<int>("PredictedLabel");
        for (int i = 0; i < queries.Length; i++)
        {
            float[] query = queries[i].Features;
            List<PlainVote.Near> nearest = [.. plain.Nearest(query).Take(options.NumberOfNeighbors)];
            CollectionAssert.AreEqual(nearest.Select(near => near.Id).ToArray(), neighbors[i]);
            CollectionAssert.AreEqual(nearest.Select(near => near.Label).ToArray(), labels[i]);
            AssertNear(nearest.Select(near => near.Score), scores[i]);
            AssertNear(nearest.Select(near => near.Penalty), penalties[i]);
            AssertNear(nearest.Select(near => near.Cosine), [.. scores[i].Zip(penalties[i], (score, penalty) => score + penalty)]);
            CollectionAssert.AreEqual(plain.Likest(query).Select(other => other.Id).ToArray(), nonLandmarks[i]);
            AssertNear(plain.Likest(query).Select(other => other.Cosine), cosines[i]);
            CollectionAssert.AreEqual(plain.Ranking(query).Select(landmark => landmark.Label).ToArray(), top[i]);
            AssertNear(plain.Ranking(query).Select(landmark => landmark.Votes), votes[i]);
            Assert.AreEqual(predicted[i], top[i][0]);
        }
    }

    [TestMethod]
    public void Transform_FewerTopLandmarks_AreTheFirstOfMore()
    {
        LabeledRow[] rows = FeatureView.Random(90, Dimension, seed: 3);
        IDataView queries = FeatureView.Create(new MLContext(), FeatureView.Random(30, Dimension, seed: 4), Dimension);
        int[][] all = Lists<int>(Fit(rows, Options(top: 7)).Transform(queries), "TopLabels");

        foreach (int count in (int[])[1, 2, 5])
        {
            int[][] fewer = Lists<int>(Fit(rows, Options(top: count)).Transform(queries), "TopLabels");

            for (int i = 0; i < all.Length; i++)
                CollectionAssert.AreEqual(all[i][..count], fewer[i]);
        }
    }

    [TestMethod]
    public void Transform_MoreTopLandmarksThanThereAre_LeavesPlacesWithMissingValues()
    {
        LabeledRow[] rows = [.. FeatureView.Random(30, Dimension, seed: 5), new() { Features = new float[Dimension], Label = 3 }];
        IDataView queries = FeatureView.Create(new MLContext(), [rows[0], rows[^1]], Dimension);

        IDataView answers = Fit(rows, Options(top: 9)).Transform(queries);
        int[][] top = Lists<int>(answers, "TopLabels");
        float[][] votes = answers.Vectors("TopScores");

        CollectionAssert.AreEquivalent(new[] { 0, 1, 2, 3, 4, 5, 6 }, top[0][..7]);
        CollectionAssert.AreEqual(new[] { -1, -1 }, top[0][7..]);
        CollectionAssert.AreEqual(new[] { float.NaN, float.NaN }, votes[0][7..]);
        Assert.IsFalse(votes[0][..7].Any(float.IsNaN));
        // A missing row.
        CollectionAssert.AreEqual(Enumerable.Repeat(-1, 9).ToArray(), top[1]);
        foreach (string column in (string[])["TopScores", "NeighborPenalties", "NonLandmarkNeighborScores", "Scores"])
            Assert.IsTrue(answers.Vectors(column)[1].All(float.IsNaN), column);
        CollectionAssert.AreEqual(Enumerable.Repeat(-1, 4).ToArray(), Lists<int>(answers, "NeighborLabels")[1]);
        CollectionAssert.AreEqual(new[] { "", "", "" }, Texts(answers, "NonLandmarkNeighbors")[1]);
    }

    [TestMethod]
    public void Transform_LandmarkOfManyRows_IsSearchedPast()
    {
        // The others stand behind a thousand rows of the first, two of them alike: then the one that was fitted earlier comes first.
        LabeledRow[] rows =
        [
            new() { Label = 30, Features = [0, 1] },
            .. Enumerable.Range(0, 1000).Select(i => new LabeledRow { Label = 10, Features = [1, i * 1e-6f] }),
            new() { Label = 20, Features = [0, 1] }, new() { Label = 40, Features = [1, 1] }, new() { Label = -1, Features = [0, -1] },
        ];
        IDataView queries = FeatureView.Create(new MLContext(),
            [.. Enumerable.Range(0, 40).Select(_ => new LabeledRow { Features = [1, 0] })], 2);

        IDataView answers = Fit(rows, new KnnLandmarkEstimator.Options { NumberOfTopLandmarks = 4, TrainingPenaltyWeight = 0 })
            .Transform(queries);

        foreach (int[] top in Lists<int>(answers, "TopLabels"))
            CollectionAssert.AreEqual(new[] { 10, 40, 30, 20 }, top);
        foreach (float[] votes in answers.Vectors("TopScores"))
            AssertNear([5, Math.Sqrt(0.5), 0, 0], votes);
    }

    [TestMethod]
    public void TopScores_VotesBeyondSingles_AreFinite()
    {
        // Scores of some -1e6, whose power is beyond a Single.
        LabeledRow[] rows =
        [
            new() { Label = 1, Features = [1, 0] }, new() { Label = 2, Features = [1, 0.1f] }, new() { Label = -1, Features = [1, 0] },
        ];

        IDataView answers = Fit(rows, new KnnLandmarkEstimator.Options
        {
            NumberOfTopLandmarks = 2,
            NumberOfNeighbors = 1,
            TrainingPenaltyWeight = 1_000_000,
            SimilarityExponent = 50,
            ScoresColumnName = "Scores",
        }).Transform(FeatureView.Create(new MLContext(), [rows[0]], 2));

        CollectionAssert.AreEqual(new[] { float.MinValue, float.MinValue }, answers.Vectors("TopScores")[0]);
        CollectionAssert.AreEqual(new[] { 0f, 1f }, answers.Vectors("Scores")[0]);
    }

    [TestMethod]
    public void Scores_Numbers_AreTheSharesOfTheVotesInTheOrderOfTheLandmarks()
    {
        LabeledRow[] rows = FeatureView.Random(90, Dimension, seed: 3), queries = FeatureView.Random(30, Dimension, seed: 4);
        var options = Options(top: 0);
        var plain = new PlainVote(rows, options.NumberOfNeighbors, options.NumberOfTrainingPenaltyNeighbors,
            options.NumberOfQueryPenaltyNeighbors);
        int[] landmarks = [.. rows.Select(row => row.Label).Where(label => label >= 0).Distinct()];

        IDataView answers = Fit(rows, options).Transform(FeatureView.Create(new MLContext(), queries, Dimension));

        CollectionAssert.AreEqual(landmarks.Select(label => $"{label}").ToArray(), SlotNames(answers));
        float[][] scores = answers.Vectors("Scores");
        for (int i = 0; i < queries.Length; i++)
        {
            Dictionary<int, double> shares = plain.Shares(queries[i].Features);
            AssertNear(landmarks.Select(label => shares.GetValueOrDefault(label)), scores[i]);
            Assert.AreEqual(shares.Count, scores[i].Count(score => score > 0));
        }
    }

    [TestMethod]
    public void Scores_Texts_AreNamedByThem()
    {
        var mlContext = new MLContext();
        IDataView rows = mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.String)
            .Fit(View(FeatureView.Random(40, Dimension, seed: 1))).Transform(View(FeatureView.Random(40, Dimension, seed: 1)));

        IDataView answers = mlContext.Transforms.KnnLandmark(Options(top: 2)).Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new[] { "0", "1", "2", "4", "5", "6", "3" }, SlotNames(answers));
        Assert.AreEqual(new VectorDataViewType(TextDataViewType.Instance, 2), answers.Schema["TopLabels"].Type);
        CollectionAssert.AreEqual(answers.Texts("PredictedLabel"), Texts(answers, "TopLabels").Select(top => top[0]).ToArray());
        CollectionAssert.IsSubsetOf(Texts(answers, "NeighborLabels").SelectMany(l => l).Distinct().ToArray(), SlotNames(answers));
    }

    [TestMethod]
    public void Scores_Keys_HaveAPlaceForEachKeyValue()
    {
        var mlContext = new MLContext();
        IDataView rows = mlContext.Transforms.Conversion.MapValueToKey("Label", addKeyValueAnnotationsAsText: true)
            .Fit(View(FeatureView.Random(40, Dimension, seed: 1))).Transform(View(FeatureView.Random(40, Dimension, seed: 1)));

        IDataView answers = mlContext.Transforms.KnnLandmark(Options(top: 2)).Fit(rows).Transform(rows);
        uint[] predicted = answers.Values<uint>("PredictedLabel");
        float[][] scores = answers.Vectors("Scores");

        // The non-landmarks have one too.
        CollectionAssert.AreEqual(new[] { "0", "1", "2", "-1", "4", "5", "6", "3" }, SlotNames(answers));
        Assert.AreEqual(new VectorDataViewType((KeyDataViewType)rows.Schema["Label"].Type, 2), answers.Schema["TopLabels"].Type);
        VBuffer<ReadOnlyMemory<char>> keyValues = default;
        answers.Schema["TopLabels"].GetKeyValues(ref keyValues);
        Assert.AreEqual(8, keyValues.Length);
        for (int i = 0; i < predicted.Length; i++)
        {
            Assert.AreEqual(predicted[i] - 1, (uint)Array.IndexOf(scores[i], scores[i].Max()));
            Assert.AreEqual(predicted[i], Lists<uint>(answers, "TopLabels")[i][0]);
            Assert.AreEqual(0, scores[i][3]);
            Assert.AreEqual(1, scores[i].Sum(score => (double)score), Rounding);
        }
    }

    [TestMethod]
    public void Scores_KeysWithoutKeyValues_AreNamedAsMLNetWritesThem()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(KeyRow));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), 4);
        IDataView rows = new MLContext().Data.LoadFromEnumerable(
            [
                new KeyRow { Label = 1, Features = [1, 0] }, new KeyRow { Label = 3, Features = [0, 1] },
                new KeyRow { Label = MissingKey, Features = [1, 1] },
            ], definition);

        IDataView answers = new MLContext().Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { ScoresColumnName = "Scores" })
            .Fit(rows).Transform(rows);

        CollectionAssert.AreEqual(new[] { "0", "1", "2", "3" }, SlotNames(answers));
        float[] scores = answers.Vectors("Scores")[0];
        Assert.IsGreaterThan(scores[3], scores[1]);
        CollectionAssert.AreEqual(new[] { 0f, 0f }, new[] { scores[0], scores[2] });
    }

    [TestMethod]
    public void Fit_MoreKeysThanAVectorHolds_IsRefusedWhereScoresAreAskedFor()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(KeyRow));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), uint.MaxValue);
        IDataView rows = new MLContext().Data.LoadFromEnumerable(
            [new KeyRow { Label = 2, Features = [1, 0] }, new KeyRow { Label = MissingKey, Features = [0, 1] }], definition);

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => new MLContext().Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { ScoresColumnName = "Scores" }).Fit(rows));

        Assert.AreEqual("The label column 'Label' has 4294967295 keys or landmarks; with ScoresColumnName, which has a place for each, "
            + "16777216 are the most. Make keys by MapValueToKey, or leave that column out.", error.Message);
        new MLContext().Transforms.KnnLandmark().Fit(rows).Dispose();
    }

    [TestMethod]
    public void NonLandmarkNeighbors_SecondView_AreNamedByItsIdsWhereItHasThem()
    {
        LabeledRow[] rows = FeatureView.Random(40, Dimension, seed: 1), others = FeatureView.Random(20, Dimension, seed: 2);
        var mlContext = new MLContext();
        IDataView withIds = View(others), withoutIds = mlContext.Transforms.DropColumns("Id").Fit(withIds).Transform(withIds);
        // Each is likest to itself.
        string[][] Asked(IDataView nonLandmarks)
            => Texts(mlContext.Transforms.KnnLandmark(Options(top: 0), nonLandmarks).Fit(View(rows)).Transform(View([rows[3], others[5]])),
                "NonLandmarkNeighbors");

        string[][] named = Asked(withIds), unnamed = Asked(withoutIds);

        Assert.AreEqual(("row3", "row5"), (named[0][0], named[1][0]));
        Assert.AreEqual(("row3", ""), (unnamed[0][0], unnamed[1][0]));
    }

    [TestMethod]
    public void NonLandmarkNeighbors_IdOfTheSecondViewIsANumber_IsRefused()
    {
        var mlContext = new MLContext();
        IDataView rows = View(FeatureView.Random(40, Dimension, seed: 1));
        IDataView numbers = mlContext.Transforms.CopyColumns("Id", "Label").Fit(rows).Transform(rows);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => mlContext.Transforms.KnnLandmark(Options(top: 0), numbers).Fit(rows));

        Assert.StartsWith("Schema mismatch for id column 'Id': expected String, got Int32", error.Message);
    }

    [TestMethod]
    public void NonLandmarkNeighbors_NoIds_ArePositions()
    {
        LabeledRow[] rows = FeatureView.Random(40, Dimension, seed: 1);
        var options = new KnnLandmarkEstimator.Options { NonLandmarkNeighborsColumnName = "Others", NumberOfQueryPenaltyNeighbors = 12 };

        IDataView answers = Fit(rows, options).Transform(View([.. rows.Where(row => row.Label == -1)]));

        long[][] others = Lists<long>(answers, "Others");
        for (int i = 0; i < others.Length; i++)
        {
            Assert.AreEqual(i, others[i][0]);
            // There are ten.
            CollectionAssert.AreEqual(new[] { -1L, -1 }, others[i][10..]);
        }
    }

    [TestMethod]
    public void NumberOfTopLandmarks_None_AddsNoColumn()
    {
        LabeledRow[] rows = FeatureView.Random(40, Dimension, seed: 1);

        DataViewSchema schema = Fit(rows, new KnnLandmarkEstimator.Options { TopLabelsColumnName = "Top" }).Transform(View(rows)).Schema;

        CollectionAssert.AreEqual(new[] { "Id", "Label", "Features", "PredictedLabel", "Score" }, schema.Select(c => c.Name).ToArray());
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(16777217)]
    public void NumberOfTopLandmarks_OutOfRange_IsRefused(int count)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new KnnLandmarkEstimator.Options { NumberOfTopLandmarks = count });

        Assert.StartsWith($"NumberOfTopLandmarks is {count}; it must be from 0 to 16777216.", error.Message);
    }

    [TestMethod]
    public void KnnLandmark_TwoColumnsOfOneName_IsRefused()
    {
        (string[] Options, string Name, KnnLandmarkEstimator.Options Set)[] cases =
        [
            (["PredictedLabelColumnName", "ScoreColumnName"], "Score", new() { PredictedLabelColumnName = "Score" }),
            (["NeighborsColumnName", "NeighborLabelsColumnName"], "N", new() { NeighborsColumnName = "N", NeighborLabelsColumnName = "N" }),
            (["QueryPenaltyColumnName", "TopScoresColumnName", "ScoresColumnName"], "TopScores",
                new() { NumberOfTopLandmarks = 1, QueryPenaltyColumnName = "TopScores", ScoresColumnName = "TopScores" }),
        ];
        foreach ((string[] options, string name, KnnLandmarkEstimator.Options set) in cases)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.KnnLandmark(set));

            Assert.StartsWith($"The options [{string.Join(", ", options)}] name the same column, '{name}', and each adds one of its own. "
                + "Give them different names.", error.Message);
        }

        // Without top landmarks, no column has their names.
        new MLContext().Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { ScoresColumnName = "TopScores" });
    }

    [TestMethod]
    public void KnnLandmark_MoreListedNonLandmarksThanAColumnHolds_IsRefusedAtOnce()
    {
        (string Message, KnnLandmarkEstimator.Options Set)[] cases =
        [
            ("NumberOfQueryPenaltyNeighbors is 2147483647; with NonLandmarkNeighborScoresColumnName, which has so many places in each row",
                new() { NumberOfQueryPenaltyNeighbors = int.MaxValue, NonLandmarkNeighborScoresColumnName = "N" }),
            ("NumberOfNeighbors is 16777217; with NeighborLabelsColumnName, which has so many places in each row",
                new() { NumberOfNeighbors = 16777217, NeighborLabelsColumnName = "N" }),
        ];
        foreach ((string message, KnnLandmarkEstimator.Options set) in cases)
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => new MLContext().Transforms.KnnLandmark(set));

            Assert.StartsWith($"{message}, it must be at most 16777216. Lower it, or leave that column out.", error.Message);
        }
    }

    [TestMethod]
    public void Showing_AllColumns_AreThoseOfAModelThatWasFittedWithThem()
    {
        LabeledRow[] rows = FeatureView.Random(60, Dimension, seed: 6);
        IDataView queries = View(FeatureView.Random(20, Dimension, seed: 7));
        object[][] expected = Fit(rows, Options(top: 3)).Transform(queries).AllRows();
        KnnLandmarkTransformer model = Fit(rows, new KnnLandmarkEstimator.Options
        {
            PredictedLabelColumnName = "Landmark",
            IdColumnName = "Id",
            NumberOfNeighbors = 4,
            NumberOfTrainingPenaltyNeighbors = 2,
            NumberOfQueryPenaltyNeighbors = 3,
        });

        ITransformer shown = ((ILandmarkStep)model).Showing(s_all), again = ((ILandmarkStep)shown).Showing(s_all);

        ViewReader.AssertSameRows(expected, shown.Transform(queries).AllRows());
        ViewReader.AssertSameRows(expected, again.Transform(queries).AllRows());
        Assert.IsTrue(((ILandmarkStep)shown).KnowsIds);
        Assert.IsEmpty(((ILandmarkStep)shown).Names);
    }

    [TestMethod]
    public void Showing_ModelOfFormat3_HasAllButIdsOfNonLandmarks()
    {
        var model = (KnnLandmarkTransformer)new MLContext().Model.Load(TestFiles.Golden("models", "knn-format3.zip"), out _);
        IDataView query = FeatureView.Create(new MLContext(), [new() { Features = [1, 2, 3, 4, 5, 6] }], 6);

        IDataView answers = ((ILandmarkStep)model).Showing(s_all).Transform(query);

        Assert.StartsWith("row ", Texts(answers, "Neighbors")[0][0]);
        Assert.IsTrue(Lists<long>(answers, "NonLandmarkNeighbors")[0].All(row => row is >= 0 and < 10));
        Assert.AreEqual(answers.Values<int>("PredictedLabel")[0], Lists<int>(answers, "TopLabels")[0][0]);
    }

    [TestMethod]
    public void Showing_Disposed_LeavesTheRowsToTheirOwner()
    {
        var (model, engines) = FitOnCountedEngines();
        var shown = (KnnLandmarkTransformer)((ILandmarkStep)model).Showing(s_all);

        shown.Dispose();
        Assert.AreEqual(0, engines.Sum(engine => engine.Disposals));

        // While a pass of the other reads them, the owner's rows stay.
        IDataView answers = shown.Transform(View(FeatureView.Random(5, Dimension, seed: 1)));
        using (DataViewRowCursor cursor = answers.GetRowCursor(answers.Schema))
        {
            Assert.IsTrue(cursor.MoveNext());
            model.Dispose();
            Assert.AreEqual(0, engines.Sum(engine => engine.Disposals));
        }

        Assert.IsTrue(engines.All(engine => engine.Disposals == 1));
    }

    private static (KnnLandmarkTransformer Model, List<CountedEngine> Engines) FitOnCountedEngines()
    {
        List<CountedEngine> engines = [];
        var device = new SearchDevice("counted", (_, _, engine) =>
        {
            engines.Add(new CountedEngine(engine));
            return engines[^1];
        });
        var mlContext = new MLContext();
        KnnLandmarkTransformer model = new KnnLandmarkEstimator(mlContext, new KnnLandmarkEstimator.Options(), nonLandmarks: null, device)
            .Fit(View(FeatureView.Random(40, Dimension, seed: 1)));
        Assert.HasCount(2, engines);
        return (model, engines);
    }

    private static KnnLandmarkEstimator.Options Options(int top, double weight = 1, double exponent = 1) => new(AllAnswerColumns.Options)
    {
        IdColumnName = "Id",
        NumberOfNeighbors = 4,
        NumberOfTrainingPenaltyNeighbors = 2,
        NumberOfQueryPenaltyNeighbors = 3,
        TrainingPenaltyWeight = weight,
        SimilarityExponent = exponent,
        NumberOfTopLandmarks = top,
    };

    private static KnnLandmarkTransformer Fit(LabeledRow[] rows, KnnLandmarkEstimator.Options options)
        => new MLContext().Transforms.KnnLandmark(options).Fit(FeatureView.Create(new MLContext(), rows, rows[0].Features.Length));

    private static IDataView View(LabeledRow[] rows) => FeatureView.Create(new MLContext(), rows, Dimension);

    private static T[][] Lists<T>(IDataView view, string column)
        => [.. view.Values<VBuffer<T>>(column).Select(list => list.DenseValues().ToArray())];

    private static string[][] Texts(IDataView view, string column)
        => [.. Lists<ReadOnlyMemory<char>>(view, column).Select(list => list.Select(text => text.ToString()).ToArray())];

    private static string[] SlotNames(IDataView view)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        view.Schema["Scores"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    private static void AssertNear(IEnumerable<double> expected, float[] actual)
    {
        double[] values = [.. expected];
        Assert.HasCount(values.Length, actual);
        for (int i = 0; i < values.Length; i++)
            Assert.AreEqual(values[i], actual[i], Rounding * Math.Max(1, Math.Abs(values[i])), $"place {i}");
    }

    private sealed class KeyRow
    {
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class CountedEngine(INeighborEngine engine) : INeighborEngine, IDisposable
    {
        public int Disposals { get; private set; }

        public void Search(ReadOnlyMemory<float> queries, int numberOfNeighbors, Memory<Neighbor> best, ParallelOptions parallelism)
            => engine.Search(queries, numberOfNeighbors, best, parallelism);

        public INeighborEngine WithPenalties(double[] penalties) => new CountedEngine(engine.WithPenalties(penalties));

        public void Dispose() => Disposals++;
    }
}
