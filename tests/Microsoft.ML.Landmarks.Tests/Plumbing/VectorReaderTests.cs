using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>
/// A row that has not as many values as its column's type says is refused by every step that reads vectors; nothing of an earlier row takes
/// their place.
/// </summary>
[TestClass]
public sealed class VectorReaderTests
{
    private const int Dimension = 3, Side = 8, FileLength = 100;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>None (as of an array that is null), too few, too many; sparse ones too, whose values that are there would fit.</summary>
    public static IEnumerable<object[]> WrongRows =>
    [
        [new VBuffer<float>(0, []), 0],
        [new VBuffer<float>(Dimension - 1, [1, 1]), Dimension - 1],
        [new VBuffer<float>(Dimension + 1, [1, 1, 1, 1]), Dimension + 1],
        [new VBuffer<float>(Dimension - 1, 1, [1], [1]), Dimension - 1],
        [new VBuffer<float>(Dimension + 7, 1, [1], [9]), Dimension + 7],
        [new VBuffer<float>(Dimension + 7, 0, [], []), Dimension + 7],
    ];

    [TestMethod]
    [DynamicData(nameof(WrongRows))]
    public void KnnLandmarkFit_RowOfAnotherLength_ThrowsWithRowAndColumn(VBuffer<float> wrong, int length)
        => AssertRefused(() => _mlContext.Transforms.KnnLandmark()
            .Fit(View([.. Rows(), new SparseRow { Label = 7, Features = wrong }])), row: 4, Dimension, length);

    [TestMethod]
    [DynamicData(nameof(WrongRows))]
    public void KnnLandmarkFit_NonLandmarkOfAnotherLength_ThrowsWithRowAndColumn(VBuffer<float> wrong, int length)
        => AssertRefused(() => _mlContext.Transforms.KnnLandmark(nonLandmarks: View([Rows()[0], new SparseRow { Features = wrong }]))
            .Fit(View(Rows())), row: 1, Dimension, length);

    [TestMethod]
    [DynamicData(nameof(WrongRows))]
    public void RecognizeLandmarksFit_RowOfAnotherLength_ThrowsWithRowAndColumn(VBuffer<float> wrong, int length)
        => AssertRefused(() => _mlContext.Transforms.RecognizeLandmarks()
            .Fit(View([.. Rows(), new SparseRow { Label = 7, Features = wrong }])), row: 4, Dimension, length);

    [TestMethod]
    [DynamicData(nameof(WrongRows))]
    public void WhitenFeaturesFit_RowOfAnotherLength_ThrowsWithRowAndColumn(VBuffer<float> wrong, int length)
        => AssertRefused(() => _mlContext.Transforms.WhitenFeatures("Features")
            .Fit(View([.. Rows(), new SparseRow { Features = wrong }])), row: 4, Dimension, length);

    [TestMethod]
    [DynamicData(nameof(WrongRows))]
    public void Transform_RowOfAnotherLength_ServesTheRowsBeforeItAndThrows(VBuffer<float> wrong, int length)
    {
        foreach (ITransformer step in FeatureSteps())
        {
            IDataView view = step.Transform(View([.. Rows(), new SparseRow { Features = wrong }, Rows()[0]]));
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            for (int row = 0; row < 4; row++)
                Assert.IsTrue(cursor.MoveNext());
            AssertRefused(() => cursor.MoveNext(), row: 4, Dimension, length);
        }
    }

    [TestMethod]
    [DynamicData(nameof(WrongRows))]
    public void Predict_RowOfAnotherLength_ThrowsAndTheNextRowIsAnswered(VBuffer<float> wrong, int length)
    {
        foreach (ITransformer step in FeatureSteps())
        {
            using var engine = _mlContext.Model.CreatePredictionEngine<SparseRow, FeatureAnswer>(
                step, ignoreMissingColumns: true, inputSchemaDefinition: Definition<SparseRow>());
            float[] expected = Answer(Rows()[1]);

            AssertRefused(() => engine.Predict(new SparseRow { Features = wrong }), row: 1, Dimension, length);

            CollectionAssert.AreEqual(expected, Answer(Rows()[1]));

            float[] Answer(SparseRow row)
            {
                FeatureAnswer answer = engine.Predict(row);
                return [answer.PredictedLabel, answer.Score, .. answer.Features.DenseValues()];
            }
        }
    }

    [TestMethod]
    public void Predict_NullArray_Throws()
    {
        foreach (ITransformer step in FeatureSteps())
        {
            using var engine = _mlContext.Model.CreatePredictionEngine<ArrayRow, FeatureAnswer>(
                step, ignoreMissingColumns: true, inputSchemaDefinition: Definition<ArrayRow>());
            engine.Predict(new ArrayRow { Features = [1, 0, 0] });
            AssertRefused(() => engine.Predict(new ArrayRow { Features = null }), row: 1, Dimension, 0);
        }
    }

    [TestMethod]
    public void Transform_NullOrShortArrays_AreRefused()
    {
        foreach (ITransformer step in FeatureSteps())
        {
            foreach (float[]? wrong in (float[]?[])[null, [], [1, 1], [1, 1, 1, 1]])
            {
                IDataView view = _mlContext.Data.LoadFromEnumerable<ArrayRow>([new() { Features = [0, 0, 1] },
                    new() { Features = wrong }], Definition<ArrayRow>());
                AssertRefused(() => step.Transform(view).AllRows(), row: 1, Dimension, wrong?.Length ?? 0);
            }
        }
    }

    [TestMethod]
    public void EmbedImages_PixelsOfAnotherLength_AreRefused()
    {
        const int Length = 3 * Side * Side;
        foreach (float[]? wrong in (float[]?[])[null, new float[Length - 1], new float[Length + 1]])
        {
            var definition = SchemaDefinition.Create(typeof(ArrayRow));
            definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, Side, Side);
            IDataView view = _mlContext.Data.LoadFromEnumerable<ArrayRow>([new() { Features = new float[Length] },
                new() { Features = wrong }], definition);
            ITransformer step = _mlContext.Transforms.EmbedImages("Embedding", "Features", TestFiles.Golden("networks", "means.onnx"))
                .Fit(view);
            using var engine = _mlContext.Model.CreatePredictionEngine<ArrayRow, EmbeddingAnswer>(
                step, ignoreMissingColumns: true, inputSchemaDefinition: definition);

            AssertRefused(() => step.Transform(view).Vectors("Embedding"), row: 1, Length, wrong?.Length ?? 0);
            engine.Predict(new ArrayRow { Features = new float[Length] });
            AssertRefused(() => engine.Predict(new ArrayRow { Features = wrong }), row: 1, Length, wrong?.Length ?? 0);
        }
    }

    [TestMethod]
    public void PrepareAndEmbedImages_FilesOfAnotherLengthThanTheirType_AreRefused()
    {
        foreach (byte[]? wrong in (byte[]?[])[null, new byte[FileLength - 1], new byte[FileLength + 1]])
        {
            var definition = SchemaDefinition.Create(typeof(FileRow));
            definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, FileLength);
            IDataView view = _mlContext.Data.LoadFromEnumerable<FileRow>([new() { Features = new byte[FileLength] },
                new() { Features = wrong }], definition);
            ITransformer prepare = _mlContext.Transforms.PrepareImages("Pixels", "Features", Side, badImages: BadImageHandling.Skip)
                .Fit(view);
            ITransformer embed = _mlContext.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
            {
                OutputColumnName = "Pixels",
                InputColumnName = "Features",
                ModelFile = TestFiles.Golden("networks", "means.onnx"),
                ImageSizes = [Side],
                Preparation = new ImagePreparationOptions { BadImages = BadImageHandling.Skip },
            }).Fit(view);

            foreach (ITransformer step in (ITransformer[])[prepare, embed])
                AssertRefused(() => step.Transform(view).Vectors("Pixels"), row: 1, FileLength, wrong?.Length ?? 0);
        }
    }

    [TestMethod]
    public void Steps_VectorsOfVariableSize_AreRefusedByTheirType()
    {
        IDataView view = _mlContext.Data.LoadFromEnumerable(Rows());
        const string Message = "Schema mismatch for feature column 'Features': expected Vector<Single> of known size, got "
            + "Vector<Single> of variable size";

        Assert.StartsWith(Message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.Transforms.KnnLandmark()
            .Fit(view)).Message);
        Assert.StartsWith(Message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => _mlContext.Transforms.WhitenFeatures("Features").Fit(view)).Message);
        foreach (ITransformer step in FeatureSteps())
            Assert.Contains("got Vector<Single> of variable size",
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => step.Transform(view)).Message);
    }

    private static SparseRow[] Rows() =>
    [
        new() { Label = 1, Features = new VBuffer<float>(Dimension, [1, 0, 0.5f]) },
        new() { Label = 2, Features = new VBuffer<float>(Dimension, 1, [1], [1]) },
        new() { Label = -1, Features = new VBuffer<float>(Dimension, [0, 0, 1]) },
        new() { Label = 1, Features = new VBuffer<float>(Dimension, [1, 1, 0]) },
    ];

    private static SchemaDefinition Definition<T>()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(T));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Dimension);
        return definition;
    }

    private static void AssertRefused(Action action, int row, int expected, int found)
        => Assert.AreEqual($"Length mismatch: expected {expected} slots but got {found} in row {row} of column 'Features'. Give each "
            + "row as many values as the column's type has.",
            Assert.ThrowsExactly<InvalidOperationException>(action).Message);

    private IDataView View(IEnumerable<SparseRow> rows) => _mlContext.Data.LoadFromEnumerable(rows, Definition<SparseRow>());

    private ITransformer[] FeatureSteps()
        =>
        [
            _mlContext.Transforms.KnnLandmark().Fit(View(Rows())), _mlContext.Transforms.WhitenFeatures("Features").Fit(View(Rows())),
            _mlContext.Transforms.RecognizeLandmarks(
                new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Method = LandmarkMethod.Whitened }).Fit(View(Rows())),
        ];

    private sealed class SparseRow
    {
        public int Label { get; set; }

        public VBuffer<float> Features { get; set; }
    }

    private sealed class ArrayRow
    {
        public int Label { get; set; }

        public float[]? Features { get; set; }
    }

    private sealed class FileRow
    {
        public byte[]? Features { get; set; }
    }

    private sealed class FeatureAnswer
    {
        public int PredictedLabel { get; set; }

        public float Score { get; set; }

        public VBuffer<float> Features { get; set; }
    }

    private sealed class EmbeddingAnswer
    {
        public float[] Embedding { get; set; } = [];
    }
}
