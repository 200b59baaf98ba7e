using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests.Voting;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>What views promise that compute rows in batches, shown on KnnLandmark.</summary>
[TestClass]
public sealed class BatchCursorTests
{
    private const int Dimension = 4;

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(64)]
    [DataRow(int.MaxValue)]
    public void Pass_AllColumns_EvaluatesEachInputOnce(int batchSize)
    {
        (CountingView source, IDataView predictions) = Predict(rows: 30, batchSize);

        object[][] values = predictions.AllRows();

        Assert.HasCount(30, values);
        Assert.AreEqual(1, source.Cursors);
        Assert.AreEqual(30, source.Rows);
        // The features are passed through and read by the step, and yet computed once.
        Assert.AreEqual((30, 30, 30), (source.Evaluations["Id"], source.Evaluations["Label"], source.Evaluations["Features"]));
        Assert.AreEqual(0, source.OpenCursors);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(64)]
    [DataRow(int.MaxValue)]
    public void Pass_AnyBatchSize_KeepsOrderIdsAndPositions(int batchSize)
    {
        (CountingView _, IDataView predictions) = Predict(rows: 30, batchSize);
        using DataViewRowCursor cursor = predictions.GetRowCursor(predictions.Schema);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        ValueGetter<ReadOnlyMemory<char>> getName = cursor.GetGetter<ReadOnlyMemory<char>>(predictions.Schema["Id"]);

        for (int row = 0; row < 30; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            DataViewRowId id = default;
            ReadOnlyMemory<char> name = default;
            getId(ref id);
            getName(ref name);
            Assert.AreEqual(row, cursor.Position);
            Assert.AreEqual(new DataViewRowId((ulong)row, 77), id);
            Assert.AreEqual($"row{row}", name.ToString());
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void Pass_AddedColumnAlone_ReadsNothingElse()
    {
        (CountingView source, IDataView predictions) = Predict(rows: 30, batchSize: 7);

        predictions.Values<float>("Score");

        CollectionAssert.AreEqual(new[] { "Features" }, source.Evaluations.Keys.ToArray());
        Assert.AreEqual(30, source.Evaluations["Features"]);
    }

    [TestMethod]
    public void Pass_InputColumnAlone_ComputesNothing()
    {
        (CountingView source, IDataView predictions) = Predict(rows: 30, batchSize: 7);

        Assert.HasCount(30, predictions.Texts("Id"));

        CollectionAssert.AreEqual(new[] { "Id" }, source.Evaluations.Keys.ToArray());
    }

    [TestMethod]
    public void View_Shuffling_IsIgnored()
    {
        (CountingView _, IDataView predictions) = Predict(rows: 30, batchSize: 7);
        using DataViewRowCursor cursor = predictions.GetRowCursor([predictions.Schema["Id"]], new Random(1));

        Assert.IsFalse(predictions.CanShuffle);
        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, cursor.Position);
        Assert.HasCount(1, predictions.GetRowCursorSet([predictions.Schema["Score"]], 4));
        Assert.AreEqual(30, predictions.GetRowCount());
    }

    [TestMethod]
    public void Dispose_InTheMiddle_StopsTheReader()
    {
        (CountingView source, IDataView predictions) = Predict(rows: 10_000, batchSize: 7);

        using (DataViewRowCursor cursor = predictions.GetRowCursor(predictions.Schema))
            Assert.IsTrue(cursor.MoveNext());

        Assert.AreEqual(0, source.OpenCursors);
        Assert.IsLessThanOrEqualTo(14, source.Rows);
    }

    [TestMethod]
    public void Dispose_Again_DoesNothing()
    {
        (CountingView source, IDataView predictions) = Predict(rows: 30, batchSize: 7);
        DataViewRowCursor cursor = predictions.GetRowCursor(predictions.Schema);
        Assert.IsTrue(cursor.MoveNext());

        cursor.Dispose();
        cursor.Dispose();

        Assert.AreEqual(0, source.OpenCursors);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void MoveNext_SlowConsumer_ReadsOneBatchAhead()
    {
        (CountingView source, IDataView predictions) = Predict(rows: 10_000, batchSize: 7);
        using DataViewRowCursor cursor = predictions.GetRowCursor([predictions.Schema["Score"]]);

        for (int row = 0; row < 50; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.IsLessThanOrEqualTo((row / 7 + 2) * 7, source.Rows);
        }

        Assert.IsTrue(SpinWait.SpinUntil(() => source.Rows == 63, TimeSpan.FromSeconds(30)),
            "the next batch is read while this one is served");
    }

    [TestMethod]
    public void MoveNext_RowLargerThanABatch_ReadsNoneAhead()
    {
        // 66 MiB of pixels each.
        const int ImageSize = 2_400;
        var mlContext = new MLContext();
        var paths = new CountingView(mlContext.Data.LoadFromEnumerable(
            Enumerable.Repeat(new PathRow { ImagePath = TestFiles.Golden("images", "tiny_97x61.jpg") }, 3)));
        IDataView prepared = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", ImageSize).Fit(paths).Transform(paths);
        using DataViewRowCursor cursor = prepared.GetRowCursor([prepared.Schema["Pixels"]]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(prepared.Schema["Pixels"]);
        VBuffer<float> pixels = default;
        List<float> sums = [];

        for (int row = 1; row <= 3; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            get(ref pixels);
            sums.Add(TensorPrimitives.Sum(pixels.GetValues()));
            Assert.AreEqual(row, paths.Rows);
        }

        Assert.IsFalse(cursor.MoveNext());
        Assert.AreEqual(1, sums.Distinct().Count());
        Assert.AreNotEqual(0f, sums[0]);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(17)]
    public void MoveNext_InputFails_ServesTheRowsBeforeAndThrowsOnce(int failAt)
    {
        (CountingView source, IDataView predictions) = Predict(rows: 30, batchSize: 7, failAt);
        DataViewRowCursor cursor = predictions.GetRowCursor([predictions.Schema["Score"]]);

        for (int row = 0; row < failAt; row++)
            Assert.IsTrue(cursor.MoveNext());
        IOException error = Assert.ThrowsExactly<IOException>(() => cursor.MoveNext());

        Assert.AreEqual($"row {failAt} failed", error.Message);
        Assert.IsFalse(cursor.MoveNext());
        cursor.Dispose();
        Assert.AreEqual(0, source.OpenCursors);
    }

    [TestMethod]
    public void MoveNext_StepFails_ServesTheBatchesBeforeAndNamesTheRow()
    {
        var mlContext = new MLContext();
        string photo = TestFiles.Golden("images", "tiny_97x61.jpg");
        IDataView paths = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 20)
            .Select(i => new PathRow { ImagePath = i == 11 ? "missing.jpg" : photo }));
        ImagePreparingTransformer transformer = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", 8).Fit(paths);
        transformer.BatchSize = 4;
        IDataView prepared = transformer.Transform(paths);
        using DataViewRowCursor cursor = prepared.GetRowCursor(prepared.Schema);

        for (int row = 0; row < 8; row++)
            Assert.IsTrue(cursor.MoveNext());
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => cursor.MoveNext());

        Assert.AreEqual("Row 11: 'missing.jpg' does not exist.", error.Message);
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    public void GetGetter_OtherTypeOrInactiveColumn_Throws()
    {
        (CountingView _, IDataView predictions) = Predict(rows: 3, batchSize: 7);
        using DataViewRowCursor cursor = predictions.GetRowCursor([predictions.Schema["Score"]]);

        InvalidOperationException type =
            Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(predictions.Schema["Score"]));
        ArgumentOutOfRangeException inactive =
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<int>(predictions.Schema["PredictedLabel"]));
        ValueGetter<float> getScore = cursor.GetGetter<float>(predictions.Schema["Score"]);
        InvalidOperationException noRow = Assert.ThrowsExactly<InvalidOperationException>(() =>
        {
            float score = 0;
            getScore(ref score);
        });

        Assert.AreEqual("Column 'Score' has values of type System.Single, not System.Int32. Ask for a getter of the column's own type.",
            type.Message);
        Assert.StartsWith("Column 'PredictedLabel' is not active in this cursor. Name it in the columns that GetRowCursor is asked for.",
            inactive.Message);
        Assert.AreEqual("The cursor stands at no row. Call MoveNext first, and only while it returns true.", noRow.Message);
    }

    [TestMethod]
    public void Getter_VectorPassedThrough_IsTheConsumersOwn()
    {
        (CountingView _, IDataView predictions) = Predict(rows: 3, batchSize: 7);
        using DataViewRowCursor cursor = predictions.GetRowCursor(predictions.Schema);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(predictions.Schema["Features"]);
        VBuffer<float> first = default, second = default;
        cursor.MoveNext();

        get(ref first);
        float[] expected = [.. first.DenseValues()];
        VBufferEditor.CreateFromBuffer(ref first).Values.Clear();
        get(ref second);

        CollectionAssert.AreEqual(expected, second.DenseValues().ToArray());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Getter_ImagePassedThrough_IsTheConsumersOwn(bool sameSize)
    {
        // ResizeImages hands on the very object that it read where the size is right already; getters of images dispose what they
        // overwrite.
        var mlContext = new MLContext();
        string[] photos = [.. new[] { "square_320x320.jpg", "square_640x640.jpg" }.Select(name => TestFiles.Golden("images", name))];
        IDataView paths = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 24)
            .Select(i => new PathRow { ImagePath = photos[sameSize ? 0 : i % 2] }));
        ImagePreparingTransformer Prepare(IDataView view) => mlContext.Transforms.PrepareImages("Pixels", "Image", 16).Fit(view);
        IDataView images = mlContext.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(mlContext.Transforms.ResizeImages("Image", 320, 320, "Image", ImageResizingEstimator.ResizingKind.Fill)).Fit(paths)
            .Transform(paths);
        ImagePreparingTransformer transformer = Prepare(images);
        transformer.BatchSize = 5;
        IDataView prepared = transformer.Transform(images);
        byte[][] expected = ReadImages(images);
        using DataViewRowCursor cursor = prepared.GetRowCursor(prepared.Schema);
        ValueGetter<MLImage> get = cursor.GetGetter<MLImage>(prepared.Schema["Image"]);
        MLImage? image = null;

        for (int row = 0; cursor.MoveNext(); row++)
        {
            MLImage? other = null;
            get(ref image!);
            get(ref other!);
            CollectionAssert.AreEqual(expected[row], image.Pixels.ToArray());
            // What a consumer does with its own copy is its own affair.
            image.Dispose();
            CollectionAssert.AreEqual(expected[row], other.Pixels.ToArray());
            other.Dispose();
            image = null;
        }
    }

    [TestMethod]
    public void Transformer_Disposed_AnswersAsBefore()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(20, Dimension, seed: 1), Dimension);
        KnnLandmarkTransformer transformer = mlContext.Transforms.KnnLandmark().Fit(view);
        IDataView predictions = transformer.Transform(view);
        float[] expected = [.. predictions.GetColumn<float>("Score")];

        transformer.Dispose();
        transformer.Dispose();

        CollectionAssert.AreEqual(expected, predictions.GetColumn<float>("Score").ToArray());
        CollectionAssert.AreEqual(expected, transformer.Transform(view).GetColumn<float>("Score").ToArray());
    }

    // ML.NET's own models survive the prediction engines that dispose them.
    [TestMethod]
    public void PredictionEngine_Disposed_LeavesTheModelToOthers()
    {
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(20, Dimension, seed: 1), Dimension);
        SchemaDefinition definition = SchemaDefinition.Create(typeof(LabeledRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Dimension);
        KnnLandmarkTransformer transformer = mlContext.Transforms.KnnLandmark().Fit(view);
        LabeledRow[] rows = [.. mlContext.Data.CreateEnumerable<LabeledRow>(view, reuseRowObject: false, schemaDefinition: definition)];
        float[] expected = [.. transformer.Transform(view).GetColumn<float>("Score")];
        PredictionEngine<LabeledRow, ScoreRow> Create()
            => mlContext.Model.CreatePredictionEngine<LabeledRow, ScoreRow>(transformer, inputSchemaDefinition: definition);
        using PredictionEngine<LabeledRow, ScoreRow> other = Create();

        for (int i = 0; i < rows.Length; i++)
        {
            using (PredictionEngine<LabeledRow, ScoreRow> engine = Create())
                Assert.AreEqual(expected[i], engine.Predict(rows[i]).Score);
            Assert.AreEqual(expected[i], other.Predict(rows[i]).Score);
        }
    }

    [TestMethod]
    public void Transform_Cancelled_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var mlContext = new MLContext();
        IDataView view = FeatureView.Create(mlContext, FeatureView.Random(20, Dimension, seed: 1), Dimension);
        KnnLandmarkTransformer transformer = mlContext.Transforms.KnnLandmark().Fit(view);
        transformer.CancellationToken = cancellation.Token;
        IDataView predictions = transformer.Transform(view);
        Assert.AreEqual(20, predictions.GetColumn<float>("Score").Count());

        cancellation.Cancel();

        Assert.ThrowsExactly<OperationCanceledException>(() => predictions.GetColumn<float>("Score").Count());
    }

    private static (CountingView Source, IDataView Predictions) Predict(int rows, int batchSize, long failAt = long.MaxValue)
    {
        var mlContext = new MLContext();
        KnnLandmarkTransformer transformer = mlContext.Transforms.KnnLandmark()
            .Fit(FeatureView.Create(mlContext, FeatureView.Random(20, Dimension, seed: 1), Dimension));
        transformer.BatchSize = batchSize;
        var source = new CountingView(FeatureView.Create(mlContext, FeatureView.Random(rows, Dimension, seed: 2), Dimension), failAt);
        return (source, transformer.Transform(source));
    }

    private static byte[][] ReadImages(IDataView view)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Image"]]);
        ValueGetter<MLImage> get = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        MLImage? image = null;
        List<byte[]> pixels = [];
        while (cursor.MoveNext())
        {
            get(ref image!);
            pixels.Add(image.Pixels.ToArray());
        }

        return [.. pixels];
    }

    private sealed class ScoreRow
    {
        public float Score { get; set; }
    }
}
