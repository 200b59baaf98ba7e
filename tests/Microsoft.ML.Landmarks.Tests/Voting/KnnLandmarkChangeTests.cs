using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>What a change of a fitted model refuses, tells and keeps; that the model is the one fitted anew is shown by
/// <see cref="ChangedLandmarksConformance"/>.</summary>
[TestClass]
public sealed class KnnLandmarkChangeTests : IDisposable
{
    private const int Dimension = 4;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void With_IdThatTheModelHas_NamesTheFirstAndCounts()
    {
        using KnnLandmarkTransformer model = Fit();

        Assert.AreEqual("The model has a row with the id 'b' already. Leave such rows out, or pass replace: true, so that they take the "
            + "place of those that it has. (Parameter 'rows')", MessageOf(() => model.With(Rows(("x", 7), ("b", 7)))));
        Assert.AreEqual("The model has a row with the id 'n1' already, and with 2 more of the ids to be added. Leave such rows out, or "
            + "pass replace: true, so that they take the place of those that it has. (Parameter 'rows')",
            MessageOf(() => model.With(Rows(("x", 7), ("n1", 7), ("b", 7), ("a", -1)))));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void With_IdTwiceAmongTheNewRows_NamesTheFirstAndCounts(bool replace)
    {
        using KnnLandmarkTransformer model = Fit();

        Assert.AreEqual("2 ids stand at several of the rows to be added: 'x' is the first. Give each row an id of its own. "
            + "(Parameter 'rows')", MessageOf(() => model.With(Rows(("y", 7), ("x", 7), ("x", 7), ("y", -1)), replace)));
        Assert.AreEqual("An id stands at several of the rows to be added: 'x'. Give each row an id of its own. (Parameter 'rows')",
            MessageOf(() => model.With(Rows(("x", 7), ("x", -1)), replace)));
    }

    [TestMethod]
    public void With_EmptyIds_AreOfRowsWithoutOne()
    {
        using KnnLandmarkTransformer model = Fit(), more = model.With(Rows(("", 7), ("", -1), ("", -1)));
        using KnnLandmarkTransformer most = more.With(Rows(("", 7)), replace: true);

        Assert.AreEqual((5, 4), (most.LandmarkRowCount, most.NonLandmarkRowCount));
        Assert.StartsWith("The model has no row with the id ''.", MessageOf(() => most.Without([""])));
    }

    [TestMethod]
    public void With_ReplacedRows_ChangesTheirKind()
    {
        using KnnLandmarkTransformer model = Fit(), changed = model.With(Rows(("a", -1), ("n1", 9), ("new", 9)), replace: true);

        CollectionAssert.AreEqual(new[] { "b", "c", "n1", "new" }, changed.Gallery.Ids);
        CollectionAssert.AreEqual(new[] { "n2", "a" }, changed.Gallery.NonLandmarkIds);
        CollectionAssert.AreEqual(new[] { "1", "2", "9" }, changed.Gallery.Labels.Texts.ToArray());
    }

    [TestMethod]
    public void With_NoRowOfAKindLeft_IsRefused()
    {
        using KnnLandmarkTransformer model = Fit();

        const string NoLandmark = "None of the 3 landmark rows would be left. Leave one in, or fit a model to other rows.",
            NoNonLandmark = "None of the 2 non-landmark rows would be left, and the penalties are made of them. Leave one in, add others "
            + "before, or fit a model with AllowNoNonLandmarks.";

        Assert.AreEqual(NoNonLandmark, MessageOf(() => model.With(Rows(("n1", 3), ("n2", 3)), replace: true)));
        Assert.AreEqual(NoLandmark, MessageOf(() => model.With(Rows(("a", -1), ("b", -1), ("c", -1)), replace: true)));
        Assert.AreEqual(NoNonLandmark, MessageOf(() => model.Without(["n2", "n1"])));
        Assert.AreEqual(NoLandmark, MessageOf(() => model.WithoutLandmarks(["1", "2"])));
    }

    [TestMethod]
    public void Without_UnknownIds_NamesTheFirstAndCounts()
    {
        using KnnLandmarkTransformer model = Fit();

        Assert.AreEqual("The model has no row with the id 'x'. Name rows by the ids that they were fitted with. (Parameter 'ids')",
            MessageOf(() => model.Without(["a", "x", "n1"])));
        Assert.AreEqual("The model has no row with the id 'x', nor with 1 more of the ids to be removed. Name rows by the ids that they "
            + "were fitted with. (Parameter 'ids')", MessageOf(() => model.Without(["x", "y", "x", "a"])));
    }

    [TestMethod]
    public void WithoutLandmarks_UnknownLabels_NamesTheFirstAndCounts()
    {
        using KnnLandmarkTransformer model = Fit();

        Assert.AreEqual("The model has no landmark with the label '7'. Name landmarks by the labels that they were fitted with. (Parameter "
            + "'labels')", MessageOf(() => model.WithoutLandmarks(["1", "7"])));
        Assert.AreEqual("The model has no landmark with the label '-1', nor with 1 more of the labels to be removed. Name landmarks by the "
            + "labels that they were fitted with. (Parameter 'labels')", MessageOf(() => model.WithoutLandmarks(["-1", "01", "2"])));
    }

    [TestMethod]
    public void Without_ModelWithoutIds_SaysTheWayOut()
    {
        using KnnLandmarkTransformer model = Fit(new() { LabelColumnName = "Number" });

        Assert.AreEqual("The model was fitted without ids, so none of its rows can be named. Fit it with IdColumnName, or remove whole "
            + "landmarks by WithoutLandmarks.", MessageOf(() => model.Without(["a"])));
    }

    [TestMethod]
    public void With_NoRowsAndWithoutNone_AreTheSameModel()
    {
        using KnnLandmarkTransformer model = Fit(), same = model.Without([]), also = model.WithoutLandmarks([]), too = model.With(Rows());

        CollectionAssert.AreEqual(model.Gallery.Ids, same.Gallery.Ids);
        CollectionAssert.AreEqual(model.Gallery.Penalties, also.Gallery.Penalties);
        CollectionAssert.AreEqual(model.Gallery.NonLandmarkIds, too.Gallery.NonLandmarkIds);
        Assert.IsEmpty([.. same.Changes, .. also.Changes, .. too.Changes]);
    }

    [TestMethod]
    public void With_TakenIdOfARowThatIsLeftOut_IsRefusedOrReplacesNothing()
    {
        using KnnLandmarkTransformer model = Fit();
        IDataView missing = ChangeableRow.View(_mlContext, [new() { Id = "a", Features = [float.NaN, 0, 0, 1] }], Dimension);

        Assert.StartsWith("The model has a row with the id 'a' already.", MessageOf(() => model.With(missing)));
        using KnnLandmarkTransformer changed = model.With(missing, replace: true);
        CollectionAssert.AreEqual(model.Gallery.Ids, changed.Gallery.Ids);
    }

    [TestMethod]
    public void With_OtherColumns_IsRefused()
    {
        using KnnLandmarkTransformer model = Fit(Options("Number"));

        Assert.StartsWith("Schema mismatch for feature column 'Features': expected Vector<Single, 4>, got Vector<Single, 5>",
            MessageOf(() => model.With(ChangeableRow.View(_mlContext, [new() { Features = new float[5] }], 5))));
        Assert.StartsWith("Could not find label column 'Number'", MessageOf(() => model.With(Without("Number"))));
        Assert.StartsWith("Could not find id column 'Id'", MessageOf(() => model.With(Without("Id"))));
        Assert.StartsWith("Schema mismatch for label column 'Number': expected Int32, got Int64",
            MessageOf(() => model.With(Renamed("LongNumber", "Number"))));
        Assert.StartsWith("Schema mismatch for label column 'Number': expected Int32, got Key<UInt32, 0-39>",
            MessageOf(() => model.With(Renamed("Key", "Number"))));
        Assert.StartsWith("Schema mismatch for id column 'Id': expected String, got Int32",
            MessageOf(() => model.With(Renamed("Number", "Id"))));
        using KnnLandmarkTransformer ofKeys = Fit(Options("TextKey"));
        Assert.StartsWith("Schema mismatch for label column 'TextKey': expected Key<UInt32, 0-2> with key values of type String, got "
            + "Key<UInt32, 0-39>", MessageOf(() => ofKeys.With(Renamed("Key", "TextKey"))));
    }

    [TestMethod]
    public void With_MoreKeysThanTheTypeHolds_IsRefused()
    {
        var values = Enumerable.Range(0, 200).Select(i => new ByteKeyed { Label = (byte)i, Features = [1, i, 0, 1] });
        IDataView view = _mlContext.Data.LoadFromEnumerable(values.Append(new() { Label = 255, Features = [0, 1, 0, 0] }));
        IDataView named = Named(view, "first"), others = Named(view, "second");
        using KnnLandmarkTransformer model = _mlContext.Transforms.KnnLandmark().Fit(named);

        Assert.AreEqual("With those of the label column 'Label' there are 400 keys, and their type holds 255. Fit a model anew, to keys "
            + "of a larger type.", MessageOf(() => model.With(others)));

        // The same keys with key values.
        IDataView Named(IDataView rows, string name)
        {
            var builder = new DataViewSchema.Annotations.Builder();
            var texts = new VBuffer<ReadOnlyMemory<char>>(200, [.. Enumerable.Range(0, 200).Select(i => $"{name} {i}".AsMemory())]);
            builder.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 200),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = texts);
            return new AnnotatedView(rows, "Label", builder.ToAnnotations());
        }
    }

    [TestMethod]
    public void With_FeaturesOfOtherSteps_IsRefused()
    {
        IDataView rows = Rows([.. Enumerable.Range(0, 12).Select(i => ($"w{i}", i % 3 - 1))]);
        using WhiteningTransformer whitening = Whiten(1, 0.5f), other = Whiten(2, 1);
        using KnnLandmarkTransformer model = _mlContext.Transforms.KnnLandmark(Options("Number")).Fit(whitening.Transform(rows));

        string message = MessageOf(() => model.With(other.Transform(Rows(("x", 1)))));

        Assert.StartsWith("Column 'Features' was made by the steps ", message);
        Assert.Contains("Use the steps that were fitted together, or fit 'KnnLandmark' anew on this column.", message);
        using KnnLandmarkTransformer changed = model.With(whitening.Transform(Rows(("x", 1))));
        Assert.AreEqual(9, changed.LandmarkRowCount);
        // It knows by what steps its rows were made.
        Assert.Throws<ArgumentOutOfRangeException>(() => changed.Transform(other.Transform(rows)));

        WhiteningTransformer Whiten(int seed, float exponent)
            => _mlContext.Transforms.WhitenFeatures("Features", dimension: Dimension, exponent: exponent).Fit(Rows(
                [.. Enumerable.Range(0, 20).Select(i => ($"{seed} {i}", i % 3))]));
    }

    [TestMethod]
    public void With_RowsWithoutACosine_AreLeftOutWithAWarning()
    {
        using KnnLandmarkTransformer model = Fit();
        List<string> warnings = _mlContext.CollectWarnings();

        using KnnLandmarkTransformer changed = model.With(ChangeableRow.View(_mlContext,
            [new() { Id = "x", Features = [float.NaN, 0, 0, 1] }, new() { Id = "y", Features = new float[4] }], Dimension));

        Assert.AreEqual((3, 2), (changed.LandmarkRowCount, changed.NonLandmarkRowCount));
        Assert.AreEqual("1 row has a feature that is NaN or infinite and is left out.", warnings[0]);
        Assert.IsEmpty(changed.Changes);
    }

    [TestMethod]
    public void Changes_OfSeveral_AreToldAndSaved()
    {
        DateTimeOffset start = DateTimeOffset.UtcNow;
        using KnnLandmarkTransformer model = Fit();
        Assert.IsEmpty(model.Changes);

        using KnnLandmarkTransformer changed = model.With(Rows(("d", 5), ("e", -1), ("f", 5))).Without(["a", "n1", "d"])
            .WithoutLandmarks(["2"]).With(Rows(("b", 1), ("g", -1)), replace: true);

        (int, int, int, int)[] expected = [(2, 1, 0, 0), (0, 0, 2, 1), (0, 0, 1, 0), (1, 1, 1, 0)];
        CollectionAssert.AreEqual(expected, changed.Changes.Select(Counts).ToArray());
        Assert.IsTrue(changed.Changes.All(change => change.Time >= start && change.Time <= DateTimeOffset.UtcNow));
        using var loaded = SaveAndLoad(changed);
        CollectionAssert.AreEqual(changed.Changes.ToArray(), loaded.Changes.ToArray());

        static (int, int, int, int) Counts(LandmarkChange change) => (change.AddedLandmarkRows, change.AddedNonLandmarkRows,
            change.RemovedLandmarkRows, change.RemovedNonLandmarkRows);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void With_RowsSinceFit_AreToldAndFromAFifthOnWarnedOfWhereWeightsWereTuned(bool tune)
    {
        using KnnLandmarkTransformer fitted = Fit(
            new() { LabelColumnName = "Number", IdColumnName = "Id", Tuning = tune ? new KnnLandmarkTuning() : null }, 40);
        using KnnLandmarkTransformer model = SaveAndLoad(fitted);
        List<string> messages = [];
        _mlContext.Log += (_, e) =>
        {
            if (e.Source == "Changing landmarks" && e.Kind != ChannelMessageKind.Trace)
                messages.Add($"{e.Kind}: {e.RawMessage}");
        };

        using KnnLandmarkTransformer some = model.With(Rows([.. Enumerable.Range(0, 10).Select(i => ($"x{i}", i % 2 - 1))]));
        using KnnLandmarkTransformer many = some.With(Rows(("y", 4)));
        using KnnLandmarkTransformer fewer = model.Without(["a"]);

        Assert.HasCount(5, messages);
        Assert.StartsWith("Info: 5 landmark rows and 5 non-landmark rows came, 0 and 0 went, in ", messages[0]);
        Assert.AreEqual(
            $"Info: 10 of 50 rows came since Fit{(tune ? ", without a part in weights that a tuning chose" : "")}.", messages[1]);
        Assert.AreEqual(tune ? "Warning: 11 of 51 rows came since Fit, more than a fifth. Neighbors and penalties are those of all rows, "
            + "but these had no part in weights that a tuning chose. Fit anew." : "Info: 11 of 51 rows came since Fit.", messages[3]);
        Assert.StartsWith("Info: 0 landmark rows and 0 non-landmark rows came, 1 and 0 went, in ", messages[4]);
    }

    [TestMethod]
    [DataRow("knn-format2")]
    [DataRow("knn-format3")]
    [DataRow("knn-format4")]
    public void With_ModelOfAnOlderFormat_IsTheFitAnew(string name)
    {
        // As the program has them that made the models; they were saved without their nearest non-landmarks.
        OldRow[] fitted = [.. OldRow.Create(1, 40)];
        OldRow[] added = [.. OldRow.Create(7, 12)
            .Select((row, i) => new OldRow { Id = $"new {i}", Label = row.Label, Features = row.Features })];
        using var model = (KnnLandmarkTransformer)_mlContext.Model.Load(TestFiles.Golden("models", name + ".zip"), out _);
        List<string> messages = [];
        _mlContext.Log += (_, e) => messages.Add(e.RawMessage);

        using KnnLandmarkTransformer changed = model.With(_mlContext.Data.LoadFromEnumerable(added));

        Assert.Contains($"The nearest non-landmarks of {changed.LandmarkRowCount} rows were not kept, and are searched for.", messages);
        using KnnLandmarkTransformer expected = _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            NumberOfTrainingPenaltyNeighbors = model.Settings.NumberOfTrainingPenaltyNeighbors,
            NumberOfQueryPenaltyNeighbors = model.Settings.NumberOfQueryPenaltyNeighbors,
            NumberOfNeighbors = model.Settings.NumberOfNeighbors,
            TrainingPenaltyWeight = model.TrainingPenaltyWeight,
            QueryPenaltyWeight = model.QueryPenaltyWeight,
            SimilarityExponent = model.SimilarityExponent,
            QueryExpansion = model.Settings.QueryExpansion,
        }).Fit(_mlContext.Data.LoadFromEnumerable(fitted.Concat(added)));
        IDataView queries = _mlContext.Data.LoadFromEnumerable(OldRow.Create(9, 40));
        CollectionAssert.AreEqual(expected.Transform(queries).Values<float>("Score"), changed.Transform(queries).Values<float>("Score"));
        CollectionAssert.AreEqual(expected.Gallery.Penalties, changed.Gallery.Penalties);
    }

    [TestMethod]
    [DataRow("knn-format3")]
    [DataRow("knn-format4")]
    public void With_NonLandmarksOfAModelOfAnOlderFormat_HaveTheirIds(string name)
    {
        using var model = (KnnLandmarkTransformer)_mlContext.Model.Load(TestFiles.Golden("models", name + ".zip"), out _);
        IDataView added = _mlContext.Data.LoadFromEnumerable(
            new[] { new OldRow { Id = "new", Label = -1, Features = OldRow.Create(7, 1).First().Features } });

        using KnnLandmarkTransformer changed = model.With(added);

        Assert.AreEqual(model.NonLandmarkRowCount + 1, changed.NonLandmarkRowCount);
        Assert.StartsWith("The model has a row with the id 'new' already.",
            Assert.ThrowsExactly<ArgumentException>(() => changed.With(added)).Message);
        using KnnLandmarkTransformer without = changed.Without(["new"]);
        CollectionAssert.AreEqual(model.Gallery.Penalties, without.Gallery.Penalties);
    }

    [TestMethod]
    public void With_OldModelAskedMeanwhile_GoesOnAnswering()
    {
        ChangeableRow[] queries = [.. RandomRows(60, 5)];
        using KnnLandmarkTransformer model = Fit(Options("Number"), 200);
        float[] expected = Scores(model);
        using var stop = new CancellationTokenSource();
        Task[] asking = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            do
                CollectionAssert.AreEqual(expected, Scores(model));
            while (!stop.IsCancellationRequested);
        }))];

        KnnLandmarkTransformer changed = model.With(Rows(("first", 3), ("none", -1)));
        for (int i = 0; i < 20; i++)
        {
            KnnLandmarkTransformer next = i % 2 == 0 ? changed.With(Rows(($"x{i}", i), ($"y{i}", -1))) : changed.Without([$"x{i - 1}"]);
            changed.Dispose();
            changed = next;
        }

        stop.Cancel();
        Task.WaitAll(asking);
        changed.Dispose();

        float[] Scores(KnnLandmarkTransformer asked)
            => asked.Transform(ChangeableRow.View(new MLContext(), queries, Dimension)).Values<float>("Score");
    }

    [TestMethod]
    public void With_Cancelled_Throws()
    {
        using KnnLandmarkTransformer model = Fit();
        model.CancellationToken = new CancellationToken(canceled: true);

        Assert.Throws<OperationCanceledException>(() => model.With(Rows(("x", 1))));
        Assert.Throws<OperationCanceledException>(() => model.Without(["n1"]));
    }

    [TestMethod]
    public void With_SettingsOfTheMachine_KeepsTheThreadsAlone()
    {
        using KnnLandmarkTransformer model = Fit();
        model.MaxDegreeOfParallelism = 1;
        model.Progress = new Progress<long>();
        using var source = new CancellationTokenSource();
        model.CancellationToken = source.Token;

        using KnnLandmarkTransformer changed = model.With(Rows(("x", 1)));

        Assert.AreEqual(1, changed.MaxDegreeOfParallelism);
        Assert.IsNull(changed.Progress);
        Assert.AreEqual(CancellationToken.None, changed.CancellationToken);
    }

    private static string MessageOf(Func<object> change) => Assert.Throws<Exception>(() => change()).Message;

    private static KnnLandmarkEstimator.Options Options(string label) => new() { LabelColumnName = label, IdColumnName = "Id" };

    private static IEnumerable<ChangeableRow> RandomRows(int count, int seed) => FeatureView.Random(count, Dimension, seed)
        .Select((row, i) => new ChangeableRow { Id = i == 0 ? "a" : row.Id, Number = row.Label, Features = row.Features });

    private KnnLandmarkTransformer Fit(KnnLandmarkEstimator.Options options, int rows)
        => _mlContext.Transforms.KnnLandmark(options).Fit(ChangeableRow.View(_mlContext, [.. RandomRows(rows, 1)], Dimension));

    private KnnLandmarkTransformer Fit(KnnLandmarkEstimator.Options? options = null) => _mlContext.Transforms
        .KnnLandmark(options ?? Options("Number")).Fit(Rows(("a", 1), ("n1", -1), ("b", 1), ("c", 2), ("n2", -1)));

    private IDataView Rows(params (string Id, int Label)[] rows) => ChangeableRow.View(_mlContext, [.. rows.Select((row, i)
        => new ChangeableRow { Id = row.Id, Number = row.Label, Features = [1 + i, row.Label, i % 3, row.Id.Length] })], Dimension);

    private IDataView Without(string column)
    {
        IDataView rows = Rows(("x", 1));
        return _mlContext.Transforms.DropColumns(column).Fit(rows).Transform(rows);
    }

    private IDataView Renamed(string column, string name)
    {
        IDataView rows = Rows(("x", 1));
        return _mlContext.Transforms.CopyColumns(name, column).Fit(rows).Transform(rows);
    }

    private KnnLandmarkTransformer SaveAndLoad(KnnLandmarkTransformer model)
    {
        _mlContext.Model.Save(model, Rows(("x", 1)).Schema, _folder["model.zip"]);
        return (KnnLandmarkTransformer)_mlContext.Model.Load(_folder["model.zip"], out _);
    }

    private sealed class OldRow
    {
        public string Id { get; set; } = "";

        public int Label { get; set; }

        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public static IEnumerable<OldRow> Create(int seed, int count)
        {
            var random = new Random(seed);
            float[] values = [.. Enumerable.Range(0, 6 * count).Select(_ => (float)random.Next(-9, 10))];
            return values.Chunk(6).Select((features, i) => new OldRow
            {
                Id = $"row {i}",
                Label = i % 4 == 3 ? -1 : 10 + i % 5,
                Features = features,
            });
        }
    }

    private sealed class ByteKeyed
    {
        [KeyType(200)]
        public byte Label { get; set; }

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    /// <summary>A view one of whose columns has annotations.</summary>
    private sealed class AnnotatedView : IDataView
    {
        private readonly IDataView _rows;

        public AnnotatedView(IDataView rows, string name, DataViewSchema.Annotations annotations)
        {
            _rows = rows;
            var builder = new DataViewSchema.Builder();
            foreach (DataViewSchema.Column column in rows.Schema)
                builder.AddColumn(column.Name, column.Type, column.Name == name ? annotations : column.Annotations);
            Schema = builder.ToSchema();
        }

        public bool CanShuffle => false;

        public DataViewSchema Schema { get; }

        public long? GetRowCount() => _rows.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
            => _rows.GetRowCursor(columnsNeeded.Select(column => _rows.Schema[column.Index]), rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
            => [GetRowCursor(columnsNeeded, rand)];
    }
}
