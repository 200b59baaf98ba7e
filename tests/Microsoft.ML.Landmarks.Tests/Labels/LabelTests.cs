using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Tests.Labels;

/// <summary>Labels of each type through Fit, prediction, save and load.</summary>
[TestClass]
public sealed class LabelTests : IDisposable
{
    // Three landmarks along the axes; what is labelled as a non-landmark lies along the fourth.
    private static readonly float[][] s_axes = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
    private static readonly float[] s_missing = [float.NaN, 0, 0, 0];

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Fit_Int32Labels_PredictsInt32()
    {
        IDataView train = View<int>([int.MaxValue, 0, int.MinValue, -1]);

        AssertPredictions(train, [int.MaxValue, 0, int.MinValue], missing: -1);
        Assert.AreEqual(NumberDataViewType.Int32, Predict(train).Schema["PredictedLabel"].Type);
    }

    [TestMethod]
    public void Fit_Int64Labels_PredictsInt64()
    {
        IDataView train = View<long>([long.MaxValue, (1L << 53) + 1, long.MinValue, -1]);

        AssertPredictions(train, [long.MaxValue, (1L << 53) + 1, long.MinValue], missing: -1L);
        Assert.AreEqual(NumberDataViewType.Int64, Predict(train).Schema["PredictedLabel"].Type);
    }

    [TestMethod]
    public void Fit_TextLabels_PredictsText()
    {
        IDataView train = View<string>(["Tour Eiffel", "a,\"b\"\nç", " ", "-1"]);

        AssertTexts(["Tour Eiffel", "a,\"b\"\nç", " ", ""], Predict(train), "PredictedLabel");
        AssertTexts(["Tour Eiffel", "a,\"b\"\nç", " ", ""], Predict(train, reload: true), "PredictedLabel");
        Assert.AreEqual(TextDataViewType.Instance, Predict(train).Schema["PredictedLabel"].Type);
    }

    [TestMethod]
    public void Fit_KeysWithoutKeyValues_PredictsTheKeys()
    {
        AssertPredictions(Keys(DataKind.Byte), [(byte)1, (byte)200, (byte)7], missing: (byte)0);
        AssertPredictions(Keys(DataKind.UInt16), [(ushort)1, (ushort)200, (ushort)7], missing: (ushort)0);
        AssertPredictions(Keys(DataKind.UInt32), [1u, 200u, 7u], missing: 0u);
        AssertPredictions(Keys(DataKind.UInt64), [1ul, 200ul, 7ul], missing: 0ul);
    }

    [TestMethod]
    [DataRow(DataKind.Byte)]
    [DataRow(DataKind.UInt16)]
    [DataRow(DataKind.UInt32)]
    [DataRow(DataKind.UInt64)]
    public void Fit_KeysWithTextKeyValues_PredictionsMapBackBeforeAndAfterALoad(DataKind keyKind)
    {
        // The -1 is the first key value, so that keys and rows count differently.
        IDataView train = WithKeyKind(AsKeys(View<string>(["b", "a", "c", "-1"]), ["-1", "a", "b", "c"]), keyKind);

        AssertKeysMapBack(train, keyKind, view => CollectionAssert.AreEqual(new[] { "b", "a", "c", "" }, view.Texts("Landmark")));
    }

    [TestMethod]
    [DataRow(DataKind.Byte)]
    [DataRow(DataKind.UInt16)]
    [DataRow(DataKind.UInt32)]
    [DataRow(DataKind.UInt64)]
    public void Fit_KeysWithNumericKeyValues_PredictionsMapBackBeforeAndAfterALoad(DataKind keyKind)
    {
        IDataView train = WithKeyKind(AsKeys(View<int>([138982, 5, -7, -1])), keyKind);

        AssertKeysMapBack(train, keyKind, view => CollectionAssert.AreEqual(new[] { 138982, 5, -7 }, view.Values<int>("Landmark")[..3]));
    }

    [TestMethod]
    public void Fit_KeyValuesOfEachType_AreKeptBitForBit()
    {
        AssertKeyValues<sbyte>([sbyte.MinValue, 0, sbyte.MaxValue]);
        AssertKeyValues<byte>([0, 1, byte.MaxValue]);
        AssertKeyValues<short>([short.MinValue, 0, short.MaxValue]);
        AssertKeyValues<ushort>([0, 1, ushort.MaxValue]);
        AssertKeyValues<int>([int.MinValue, 0, int.MaxValue]);
        AssertKeyValues<uint>([0, 1, uint.MaxValue]);
        AssertKeyValues<long>([long.MinValue, (1L << 53) + 1, long.MaxValue]);
        AssertKeyValues<ulong>([0, (1UL << 53) + 1, ulong.MaxValue]);
        AssertKeyValues<float>([0.1f, float.MaxValue, float.Epsilon]);
        AssertKeyValues<double>([0.1, double.MaxValue, double.Epsilon]);
    }

    [TestMethod]
    public void Fit_BooleanKeyValues_AreKept()
    {
        IDataView train = AsKeys(View<bool>([true, false, true]));

        foreach (bool reload in new[] { false, true })
            CollectionAssert.AreEqual(new[] { true, false, true },
                MapBack(Predict(train, reload: reload, options: WithoutNonLandmarks)).Values<bool>("Landmark")[..3]);
    }

    [TestMethod]
    public void Fit_KeysWithoutKeyValues_AddNoKeyValues()
    {
        DataViewSchema.Column column = Predict(Keys(DataKind.UInt32)).Schema["PredictedLabel"];

        Assert.AreEqual(200ul, ((KeyDataViewType)column.Type).Count);
        Assert.IsNull(column.Annotations.Schema.GetColumnOrNull("KeyValues"));
    }

    [TestMethod]
    public void Fit_Labels_SayWhichRowsAreNonLandmarks()
    {
        // The fourth row is the one that must not be found: a query of its own direction would name it.
        AssertFourthIsNonLandmark(View<int>([1, 2, 3, -1]));
        AssertFourthIsNonLandmark(View<long>([1, 2, 3, -1]));
        AssertFourthIsNonLandmark(View<string>(["1", "2", "3", "-1"]));
        AssertFourthIsNonLandmark(View<string>(["1", "2", "3", ""]));
        AssertFourthIsNonLandmark(View<int>([-1, 2, 3, 7]), nonLandmarkLabel: "7");
        AssertFourthIsNonLandmark(View<long>([-1, 2, 3, long.MinValue]), nonLandmarkLabel: "-9223372036854775808");
        AssertFourthIsNonLandmark(View<string>(["-1", "2", "3", "none"]), nonLandmarkLabel: "none");
        AssertFourthIsNonLandmark(AsKeys(View<int>([1, 2, 3, -1])));
        AssertFourthIsNonLandmark(AsKeys(View<float>([1, 2, 3, -1])));
        AssertFourthIsNonLandmark(AsKeys(View<string>(["1", "2", "3", "-1"])));
        AssertFourthIsNonLandmark(AsKeys(View<string>(["-1", "2", "3", "none"])), nonLandmarkLabel: "none");
        // Not among the key values: a missing key.
        AssertFourthIsNonLandmark(AsKeys(View<string>(["a", "b", "c", "d"]), ["c", "b", "a"]));
        AssertFourthIsNonLandmark(Keys(DataKind.UInt32));
        // A key without key values is the number that ML.NET writes: one less than the key.
        AssertFourthIsNonLandmark(_mlContext.Data.LoadFromEnumerable(
            new uint[] { 6, 4, 7, 5 }.Select((key, i) => new KeyRow { Label = key, Features = s_axes[i] })), nonLandmarkLabel: "5");
    }

    [TestMethod]
    [DataRow("-1")]
    [DataRow("7")]
    [DataRow("none")]
    public void Fit_NonLandmarkLabelThatNoRowHas_Throws(string nonLandmarkLabel)
    {
        IDataView train = View<string>([" -1", "-1 ", "07", "+7"]);

        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { NonLandmarkLabel = nonLandmarkLabel }).Fit(train));

        Assert.AreEqual($"No row is labelled {nonLandmarkLabel}, so there is no penalty to compute. Add non-landmark rows to the training "
            + "data, pass nonLandmarks, or set AllowNoNonLandmarks.", error.Message);
    }

    [TestMethod]
    public void Fit_NumberThatReadsOtherwiseThanTheNonLandmarkLabel_IsALandmark()
        => Assert.ThrowsExactly<InvalidOperationException>(
            () => _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { NonLandmarkLabel = "07" })
            .Fit(View<int>([1, 2, 3, 7])));

    [TestMethod]
    public void Fit_OnlyNonLandmarkLabels_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _mlContext.Transforms.KnnLandmark()
            .Fit(View<string>(["-1", "", "-1"], s_missing)));

        Assert.AreEqual("No row names a landmark: 3 rows are labelled -1 or have no label, and 1 have missing features, or zeros alone. "
            + "Add landmark rows to the training data.", error.Message);
    }

    [TestMethod]
    public void Fit_LabelsOfAnotherType_ThrowsAsTheSchemaDoes()
    {
        AssertRefused(View<float>([1, 2, 3, 4]), "Single", "Single");
        AssertRefused(View<double>([1, 2, 3, 4]), "Double", "Double");
        AssertRefused(View<short>([1, 2, 3, 4]), "Int16", "Int16");
        AssertRefused(View<byte>([1, 2, 3, 4]), "Byte", "Byte");
        AssertRefused(View<uint>([1, 2, 3, 4]), "UInt32", "UInt32");
        AssertRefused(View<bool>([true, false, true, false]), "Boolean", "Boolean");
        AssertRefused(_mlContext.Transforms.CopyColumns("Label", "Features").Fit(View<int>([1, 2, 3, 4]))
            .Transform(View<int>([1, 2, 3, 4])), "Vector<Single, 4>", "Vector<Single>");

        void AssertRefused(IDataView train, string type, string shapeType)
        {
            const string Start = "Schema mismatch for label column 'Label': expected Int32, Int64, String or Key, got ",
                End = " (Parameter 'inputSchema')";
            KnnLandmarkEstimator estimator = _mlContext.Transforms.KnnLandmark();
            Assert.AreEqual(Start + type + End, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(train)).Message);
            Assert.AreEqual(Start + shapeType + End,
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(ShapeOf(train.Schema))).Message);
        }
    }

    [TestMethod]
    public void Fit_KeyValuesOfUnsupportedType_Throws()
    {
        IDataView train = AsKeys(View<DateTime>(
            [new DateTime(2020, 1, 1), new DateTime(2020, 1, 2), new DateTime(2020, 1, 3), new DateTime(2020, 1, 4)]));

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.Transforms.KnnLandmark().Fit(train));

        Assert.AreEqual("The key values of column 'Label' are of type DateTime; text, numbers and Boolean are allowed. Convert them "
            + "before MapValueToKey. (Parameter 'inputSchema')", error.Message);
    }

    private static SchemaShape ShapeOf(DataViewSchema schema)
        => new(schema.Where(c => !c.IsHidden).Select(column => column.Type is VectorDataViewType vector
        ? MLNetInternals.ShapeColumn(column.Name, SchemaShape.Column.VectorKind.Vector, vector.ItemType)
        : MLNetInternals.ShapeColumn(column.Name, SchemaShape.Column.VectorKind.Scalar, column.Type)));

    private static KnnLandmarkEstimator.Options WithoutNonLandmarks => new() { NumberOfNeighbors = 1, AllowNoNonLandmarks = true };

    /// <summary>Each label with the feature of its axis, then rows of <paramref name="more"/> features with the first label.</summary>
    private IDataView View<TLabel>(TLabel[] labels, params float[][] more)
        => _mlContext.Data.LoadFromEnumerable<Row<TLabel>>([
            .. labels.Select((label, i) => new Row<TLabel> { Label = label, Features = s_axes[i] }),
            .. more.Select(features => new Row<TLabel> { Label = labels[0], Features = features })]);

    /// <summary>Rows with the keys 1, 200 and 7 of 200, and one with a missing key.</summary>
    private IDataView Keys(DataKind kind)
    {
        // A row's number counts keys from 0, where a column's counts from 1; one that is too large is a missing key.
        uint[] keys = [0, 199, 6, 200];
        return WithKeyKind(_mlContext.Data.LoadFromEnumerable(keys.Select((key, i) => new KeyRow { Label = key, Features = s_axes[i] })),
            kind);
    }

    private IDataView AsKeys(IDataView view, string[]? keyValues = null)
    {
        IDataView? values = keyValues is null
            ? null : _mlContext.Data.LoadFromEnumerable(keyValues.Select(v => new Row<string> { Label = v, Features = s_axes[0] }));
        IDataView? column = values is null ? null : _mlContext.Transforms.SelectColumns("Label").Fit(values).Transform(values);
        return _mlContext.Transforms.Conversion.MapValueToKey("Label", "Label", keyData: column).Fit(view).Transform(view);
    }

    private IDataView WithKeyKind(IDataView view, DataKind kind)
        => _mlContext.Transforms.Conversion.ConvertType("Label", outputKind: kind).Fit(view).Transform(view);

    /// <summary>Fits on <paramref name="train"/> and predicts the three landmarks' axes and a missing row.</summary>
    private IDataView Predict(IDataView train, bool reload = false, KnnLandmarkEstimator.Options? options = null)
    {
        ITransformer model = _mlContext.Transforms.KnnLandmark(options ?? new KnnLandmarkEstimator.Options { NumberOfNeighbors = 1 })
            .Fit(train);
        if (reload)
        {
            _mlContext.Model.Save(model, train.Schema, _folder["model.zip"]);
            model = _mlContext.Model.Load(_folder["model.zip"], out _);
        }

        return model.Transform(_mlContext.Data.LoadFromEnumerable<Query>(
            [.. s_axes[..3].Append(s_missing).Select(features => new Query { Features = features })]));
    }

    private void AssertPredictions<T>(IDataView train, T[] expected, T missing)
    {
        foreach (bool reload in new[] { false, true })
        {
            IDataView predicted = Predict(train, reload);
            Assert.AreEqual(train.Schema["Label"].Type, predicted.Schema["PredictedLabel"].Type);
            CollectionAssert.AreEqual((T[])[.. expected, missing], predicted.Values<T>("PredictedLabel"));
            Assert.IsTrue(float.IsNaN(predicted.Values<float>("Score")[^1]));
            Assert.IsTrue(predicted.Values<float>("Score")[..^1].All(float.IsFinite));
        }
    }

    private static void AssertTexts(string[] expected, IDataView view, string column)
        => CollectionAssert.AreEqual(expected, view.Texts(column));

    private void AssertKeysMapBack(IDataView train, DataKind keyKind, Action<IDataView> assertLandmarks)
    {
        foreach (bool reload in new[] { false, true })
        {
            IDataView predicted = Predict(train, reload);
            DataViewType type = predicted.Schema["PredictedLabel"].Type;
            Assert.IsInstanceOfType<KeyDataViewType>(type);
            Assert.AreEqual(train.Schema["Label"].Type, type);
            Assert.AreEqual($"{keyKind}", type.RawType.Name);
            assertLandmarks(MapBack(predicted));
        }
    }

    private IDataView MapBack(IDataView predicted)
        => _mlContext.Transforms.Conversion.MapKeyToValue("Landmark", "PredictedLabel").Fit(predicted).Transform(predicted);

    private void AssertKeyValues<T>(T[] values)
    {
        IDataView train = AsKeys(View(values));
        foreach (bool reload in new[] { false, true })
            CollectionAssert.AreEqual(values, MapBack(Predict(train, reload, WithoutNonLandmarks)).Values<T>("Landmark")[..3],
                $"{typeof(T)}, reload: {reload}");
    }

    private void AssertFourthIsNonLandmark(IDataView train, string nonLandmarkLabel = "-1")
    {
        KnnLandmarkTransformer model = _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            NonLandmarkLabel = nonLandmarkLabel,
            NumberOfNeighbors = 4,
            NeighborsColumnName = "Neighbors",
            QueryPenaltyColumnName = "Penalty",
        }).Fit(train);

        IDataView predicted = model.Transform(_mlContext.Data.LoadFromEnumerable([new Query { Features = s_axes[3] }]));

        string message = $"{train.Schema["Label"].Type}, {nonLandmarkLabel}";
        CollectionAssert.AreEqual(new long[] { 0, 1, 2, -1 }, predicted.Values<VBuffer<long>>("Neighbors")[0].DenseValues().ToArray(),
            message);
        Assert.AreEqual(1f, predicted.Values<float>("Penalty")[0], message);
    }

    private sealed class Query
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Row<TLabel>
    {
        public TLabel Label { get; set; } = default!;

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class KeyRow
    {
        [KeyType(200)]
        public uint Label { get; set; }

        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }
}
