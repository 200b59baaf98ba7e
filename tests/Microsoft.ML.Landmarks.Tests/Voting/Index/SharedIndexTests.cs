using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Tests.Voting.Index;

/// <summary>Models whose rows are elsewhere.</summary>
[TestClass]
public sealed class SharedIndexTests
{
    private const int Dimension = 9;

    private static readonly KnnLandmarkEstimator.Options s_options = new()
    {
        IdColumnName = "Id",
        NeighborsColumnName = "Neighbors",
        NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
        NumberOfTopLandmarks = 7,
        TopLabelsColumnName = "TopLabels",
    };

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void WithIndex_SavedAndLoaded_HoldsNoRowsAndAnswersOnceAttached()
    {
        KnnLandmarkTransformer model = _ml.Transforms.KnnLandmark(s_options).Fit(Rows(90, 1));
        var index = new SharedIndex(model.RowsInMemory, model.RowsFingerprint);
        IDataView queries = Rows(40, 2);
        object[][] expected = model.Transform(queries).AllRows();
        ITransformer shared = model.WithIndex(index);
        using var stream = new MemoryStream();

        _ml.Model.Save(shared, queries.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = _ml.Model.Load(stream, out _);

        ViewReader.AssertSameRows(expected, shared.Transform(queries).AllRows());
        Assert.IsLessThan(90 * Dimension * sizeof(float), stream.Length);
        string message = Assert.ThrowsExactly<InvalidOperationException>(() => loaded.Transform(queries)).Message;
        Assert.AreEqual("The rows of the model are not in its file: they are in PostgreSql, 'some rows'. Attach them first: "
            + "LandmarkRecognizer.Load(file, index), or model.WithIndex(index), with an index of the package "
            + "Microsoft.ML.Landmarks.PostgreSql.", message);
        ViewReader.AssertSameRows(expected, loaded.WithIndex(index).Transform(queries).AllRows());
        (shared as IDisposable)!.Dispose();
        Assert.IsFalse(index.IsDisposed);
    }

    [TestMethod]
    public void Info_RowsElsewhere_SaysWhere()
    {
        KnnLandmarkTransformer model = _ml.Transforms.KnnLandmark(s_options).Fit(Rows(90, 1));
        ITransformer shared = model.WithIndex(new SharedIndex(model.RowsInMemory, model.RowsFingerprint));
        using var stream = new MemoryStream();
        _ml.Model.Save(shared, Rows(1, 1).Schema, stream);
        stream.Position = 0;

        LandmarkModelInfo attached = LandmarkModelInfo.Of(shared), detached = LandmarkModelInfo.Of(_ml.Model.Load(stream, out _));

        Assert.AreEqual("PostgreSql", attached.IndexKind);
        Assert.AreEqual("some rows", detached.IndexName);
        Assert.IsNull(LandmarkModelInfo.Of(model).IndexKind);
        CollectionAssert.AreEqual(LandmarkModelInfo.Of(model).Landmarks.ToArray(), attached.Landmarks.ToArray());
        Assert.IsEmpty(detached.Landmarks);
        Assert.AreEqual("", attached.LandmarkFingerprint);
        Assert.AreEqual("", attached.NonLandmarkFingerprint);
    }

    [TestMethod]
    public void KnnLandmark_AnIndex_AnswersByItAndFitsNothing()
    {
        KnnLandmarkTransformer model = _ml.Transforms.KnnLandmark(s_options).Fit(Rows(90, 1));
        var index = new SharedIndex(model.RowsInMemory, model.RowsFingerprint);
        IDataView queries = Rows(40, 2);

        KnnLandmarkTransformer shared = _ml.Transforms.KnnLandmark(s_options, index).Fit(Rows(3, 5));

        ViewReader.AssertSameRows(model.Transform(queries).AllRows(), shared.Transform(queries).AllRows());
        Assert.AreEqual(model.LandmarkRowCount, shared.LandmarkRowCount);
    }

    [TestMethod]
    public void KnnLandmark_OptionsThatAnIndexCannotKeep_AreRefused()
    {
        KnnLandmarkTransformer model = _ml.Transforms.KnnLandmark(s_options).Fit(Rows(90, 1));
        var index = new SharedIndex(model.RowsInMemory, model.RowsFingerprint);

        Assert.StartsWith("Tuning is learned while rows are fitted", Refused(new() { Tuning = new KnnLandmarkTuning() }));
        Assert.StartsWith("SameLandmarkSmoothing is learned", Refused(new() { SameLandmarkSmoothing = 0.5 }));
        Assert.StartsWith("ScoresColumnName has a place for each landmark", Refused(new() { ScoresColumnName = "Scores" }));
        Assert.StartsWith("2147483647 neighbors are asked for", Refused(new() { NumberOfNeighbors = int.MaxValue }));
        Assert.StartsWith("The rows in PostgreSql, 'some rows', were made by other steps",
            Refused(new() { NumberOfTrainingPenaltyNeighbors = 3 }));

        string Refused(KnnLandmarkEstimator.Options options) => Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Transforms.KnnLandmark(options, index).Fit(Rows(3, 1))).Message;
    }

    [TestMethod]
    public void With_RowsElsewhere_SaysThatTheIndexChangesThem()
    {
        KnnLandmarkTransformer model = _ml.Transforms.KnnLandmark(s_options).Fit(Rows(90, 1));
        ITransformer shared = model.WithIndex(new SharedIndex(model.RowsInMemory, model.RowsFingerprint));

        string message = Assert.ThrowsExactly<InvalidOperationException>(() => shared.With(Rows(2, 9))).Message;

        Assert.StartsWith("The rows of the model are in PostgreSql and not in memory", message);
        Assert.ThrowsExactly<InvalidOperationException>(() => shared.Without(["row1"]));
        Assert.ThrowsExactly<InvalidOperationException>(() => shared.WithoutLandmarks(["1"]));
    }

    [TestMethod]
    public void WithIndex_AModelWithAVerdict_JudgesAsBeforeAndPromisesNothingOnceRowsChanged()
    {
        LandmarkRecognizingTransformer model = _ml.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { IdColumnName = "Id" }).Fit(Rows(700, 3));
        var index = new SharedIndex(model.Model.Landmarks.RowsInMemory, ((ILandmarkStep)model).RowsFingerprint);
        IDataView queries = Rows(60, 4);
        object[][] expected = model.Transform(queries).AllRows();

        var shared = (LandmarkRecognizingTransformer)model.WithIndex(index);
        using var stream = new MemoryStream();
        _ml.Model.Save(shared, queries.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = _ml.Model.Load(stream, out _);
        index.IsChanged = true;
        var changed = (LandmarkRecognizingTransformer)loaded.WithIndex(index);

        ViewReader.AssertSameRows(expected, shared.Transform(queries).AllRows());
        ViewReader.AssertSameRows(expected, changed.Transform(queries).AllRows());
        Assert.IsTrue(model.FalseAlarmsAreProved);
        Assert.IsTrue(shared.FalseAlarmsAreProved);
        Assert.IsFalse(changed.FalseAlarmsAreProved);
    }

    private IDataView Rows(int count, int seed) => FeatureView.Create(_ml, FeatureView.Random(count, Dimension, seed), Dimension);
}
