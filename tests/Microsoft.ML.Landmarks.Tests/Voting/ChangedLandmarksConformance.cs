using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Search.Torch;
using Microsoft.ML.Landmarks.Tests.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Voting;

/// <summary>A model whose rows were changed is, whatever engine searches them, the one that is fitted anew to the rows which stay and then
/// the new ones, to the last bit: in memory, in its file, and loaded again.</summary>
public abstract class ChangedLandmarksConformance
{
    /// <summary>Where rows are searched; null: as a user's are.</summary>
    private protected abstract SearchDevice? Device { get; }

    /// <summary>How many features rows have.</summary>
    private protected virtual int Dimension => 12;

    [TestMethod]
    [DataRow(1, "Number", true)]
    [DataRow(2, "LongNumber", false)]
    [DataRow(3, "Text", true)]
    [DataRow(4, "Key", false)]
    [DataRow(5, "TextKey", true)]
    [DataRow(6, "TextKey", false)]
    public void Change_RandomSequence_IsTheFitAnew(int seed, string label, bool hasIds)
        => Run(seed, steps: 12, new KnnLandmarkEstimator.Options(AllAnswerColumns.Options)
        {
            LabelColumnName = label,
            IdColumnName = hasIds ? "Id" : null,
        });

    [TestMethod]
    [DataRow(11, 0.25, 2, 4, 0)]
    [DataRow(12, 3, 0.5, 1, 2)]
    [DataRow(13, 0, 1, 0.5, 40)]
    public void Change_RandomSequenceOfWeights_IsTheFitAnew(int seed, double trainingWeight, double queryWeight, double exponent,
        int expansion)
        => Run(seed, steps: 8, new KnnLandmarkEstimator.Options(AllAnswerColumns.Options)
        {
            LabelColumnName = "Number",
            IdColumnName = "Id",
            TrainingPenaltyWeight = trainingWeight,
            QueryPenaltyWeight = queryWeight,
            SimilarityExponent = exponent,
            QueryExpansion = expansion,
        });

    [TestMethod]
    [DataRow(21, 0.5, "Number", 1)]
    [DataRow(22, 3, "TextKey", 1)]
    [DataRow(23, 1, "Text", 0.5)]
    public void Change_RandomSequenceOfSmoothedRows_IsTheFitAnew(int seed, double smoothing, string label, double trainingWeight)
        => Run(seed, steps: 10, new KnnLandmarkEstimator.Options(AllAnswerColumns.Options)
        {
            LabelColumnName = label,
            IdColumnName = "Id",
            SameLandmarkSmoothing = smoothing,
            TrainingPenaltyWeight = trainingWeight,
        });

    [TestMethod]
    [DataRow(31, 1, 1, 1)]
    [DataRow(32, 300, 300, 300)]
    [DataRow(33, 3, 2, 7)]
    public void Change_RandomSequenceOfNumbersOfNeighbors_IsTheFitAnew(int seed, int neighbors, int trainingNeighbors, int queryNeighbors)
        => Run(seed, steps: 8, new KnnLandmarkEstimator.Options(AllAnswerColumns.Options)
        {
            LabelColumnName = "Number",
            IdColumnName = "Id",
            NumberOfNeighbors = neighbors,
            NumberOfTrainingPenaltyNeighbors = trainingNeighbors,
            NumberOfQueryPenaltyNeighbors = queryNeighbors,
        });

    [TestMethod]
    public void Change_OfManyRows_IsTheFitAnew() => Run(seed: 41, steps: 6, new KnnLandmarkEstimator.Options(AllAnswerColumns.Options)
    {
        LabelColumnName = "Number",
        IdColumnName = "Id",
    }, first: 700);

    [TestMethod]
    public void Change_WithoutNonLandmarksAtFirst_IsTheFitAnew() => Run(seed: 51, steps: 8, new(AllAnswerColumns.Options)
    {
        LabelColumnName = "Number",
        IdColumnName = "Id",
        AllowNoNonLandmarks = true,
    }, hasNonLandmarks: false);

    [TestMethod]
    public void Change_ManyRowsAtOnce_IsTheFitAnew()
    {
        var options = new KnnLandmarkEstimator.Options(AllAnswerColumns.Options) { LabelColumnName = "Number", IdColumnName = "Id" };
        using var model = new ChangingModel(new Random(61), options, Device, Dimension, first: 60, hasNonLandmarks: true);
        model.Add(150, i => i % 2 == 0 ? -1 : i % 20, replace: false);
        model.AssertIsTheFitAnew();
        model.Add(5, i => i % 2 == 0 ? -1 : i % 20, replace: false);
        model.AssertIsTheFitAnew();
        model.RemoveFirst(100);
        model.AssertIsTheFitAnew();
    }

    private void Run(int seed, int steps, KnnLandmarkEstimator.Options options, int first = 60, bool hasNonLandmarks = true)
    {
        using var model = new ChangingModel(new Random(seed), options, Device, Dimension, first, hasNonLandmarks);
        model.AssertIsTheFitAnew();
        for (int step = 0; step < steps; step++)
        {
            model.Change();
            model.AssertIsTheFitAnew();
        }
    }

    /// <summary>A model that is changed at random, and the rows that it should have.</summary>
    private sealed class ChangingModel : IDisposable
    {
        private const int LandmarkCount = 14;

        private readonly MLContext _mlContext = new(seed: 1);
        private readonly Random _random;
        private readonly KnnLandmarkEstimator.Options _options;
        private readonly SearchDevice? _device;
        private readonly int _dimension;
        private readonly ChangeableRow[] _queries;
        private List<ChangeableRow> _rows;
        private List<string> _keyValues;
        private int _keyCount = LandmarkCount + 6, _created;
        private KnnLandmarkTransformer _model;

        public ChangingModel(Random random, KnnLandmarkEstimator.Options options, SearchDevice? device, int dimension, int first,
            bool hasNonLandmarks)
        {
            _random = random;
            _options = options;
            _device = device;
            _dimension = dimension;
            _rows = [.. Enumerable.Range(0, first).Select(i => Create(i % 3 == 2 && hasNonLandmarks ? -1 : i % LandmarkCount))];
            _keyValues = [.. _rows.Select(row => row.Text).Distinct()];
            _queries = [.. Enumerable.Range(0, 25).Select(_ => Create(-1))];
            _model = Fit();
        }

        private bool HasIds => _options.IdColumnName is not null;

        public void Change()
        {
            KnnLandmarkTransformer before = _model;
            object[][] answers = Answers(before);
            int landmarks = _rows.Count(row => row.Number >= 0), others = _rows.Count - landmarks;
            switch (_random.Next(HasIds ? 7 : 3))
            {
                case 0:
                    Add(_random.Next(1, 9), _ => _random.Next(LandmarkCount + 6), replace: false);
                    break;
                case 1:
                    Add(_random.Next(1, 6), _ => -1, replace: false);
                    break;
                case 2 when landmarks > 10 && _rows.Where(row => row.Number >= 0).DistinctBy(row => row.Number).Count() > 3:
                    RemoveLandmarks();
                    break;
                case 3 when others > 6:
                    Remove([.. _rows.Where(row => row.Number < 0).Take(_random.Next(1, 4))]);
                    break;
                case 4 when landmarks > 10:
                    Remove([.. Draw(_rows, 3)]);
                    break;
                case 5:
                    Add(_random.Next(2, 7), i => i % 3 == 0 ? -1 : _random.Next(LandmarkCount), replace: true);
                    break;
                default:
                    Add(_random.Next(0, 30), _ => _random.Next(-8, LandmarkCount), replace: false);
                    break;
            }

            // The one before goes on, and may be given up in either order.
            ViewReader.AssertSameRows(answers, Answers(before));
            if (_random.Next(2) == 0)
                before.Dispose();
            ViewReader.AssertSameRows(Answers(_model), Answers(_model));
            before.Dispose();
            if (_random.Next(3) == 0)
            {
                byte[] saved = Save(_model);
                _model.Dispose();
                _model = Load(saved);
            }
        }

        public void AssertIsTheFitAnew()
        {
            using KnnLandmarkTransformer expected = Fit();
            AssertSameRows(expected.Gallery.Landmarks, _model.Gallery.Landmarks);
            AssertSameRows(expected.Gallery.NonLandmarks, _model.Gallery.NonLandmarks);
            CollectionAssert.AreEqual(expected.Gallery.Penalties, _model.Gallery.Penalties);
            ViewReader.AssertSameRows(Answers(expected), Answers(_model));
            ModelZip saved = new(Save(_model)), savedAnew = new(Save(expected));
            string[] entries = savedAnew.EntriesBeside(savedAnew.MainEntry("LMKNNLMK"));
            CollectionAssert.AreEqual(entries, saved.EntriesBeside(saved.MainEntry("LMKNNLMK")));
            foreach (string entry in entries)
                CollectionAssert.AreEqual(savedAnew[entry], saved[entry], entry);
            using KnnLandmarkTransformer loaded = Load(Save(_model));
            ViewReader.AssertSameRows(Answers(expected), Answers(loaded));
        }

        public void Dispose() => _model.Dispose();

        public void RemoveFirst(int count) => Remove([.. _rows.Take(count)]);

        public void Add(int count, Func<int, int> label, bool replace)
        {
            List<ChangeableRow> added = [.. Enumerable.Range(0, count).Select(i => Create(Math.Max(-1, label(i))))];
            if (replace)
            {
                foreach ((ChangeableRow row, ChangeableRow old) in added.Take(count - 1).Zip(Draw(_rows, count - 1)))
                    row.Id = old.Id;
                HashSet<string> ids = [.. added.Select(row => row.Id)];
                List<ChangeableRow> left = [.. _rows.Where(row => !ids.Contains(row.Id)), .. added];
                if (left.TrueForAll(row => row.Number < 0) || left.TrueForAll(row => row.Number >= 0))
                    return;
            }

            int keyCount = _random.Next(LandmarkCount + 6, LandmarkCount + 12);
            _model = _model.With(ChangeableRow.View(_mlContext, added, _dimension, keyCount), replace);
            HashSet<string> replaced = [.. added.Select(row => row.Id)];
            _rows = [.. _rows.Where(row => !replaced.Contains(row.Id)), .. added];
            _keyValues = [.. _keyValues.Concat(added.Select(row => row.Text)).Distinct()];
            _keyCount = Math.Max(_keyCount, keyCount);
        }

        private void Remove(List<ChangeableRow> removed)
        {
            if (_rows.Except(removed).All(row => row.Number >= 0) && _rows.Exists(row => row.Number < 0))
                return;
            _model = _model.Without(removed.Select(row => row.Id));
            _rows = [.. _rows.Except(removed)];
        }

        private void RemoveLandmarks()
        {
            string[] labels = [.. Draw([.. _rows.Where(row => row.Number >= 0).DistinctBy(row => row.Number)], 2).Select(LabelOf)];
            _model = _model.WithoutLandmarks(labels);
            _rows = [.. _rows.Where(row => row.Number < 0 || !labels.Contains(LabelOf(row)))];
        }

        private static string LabelOf(ChangeableRow row) => row.Text;

        private IEnumerable<ChangeableRow> Draw(List<ChangeableRow> rows, int count)
            => rows.OrderBy(_ => _random.Next()).Take(count).ToArray();

        // Few values, so that many cosines are equal; and rows that are there twice.
        private ChangeableRow Create(int label)
        {
            float[] features = _rows?.Count > 0 && _random.Next(4) == 0 ? [.. _rows[_random.Next(_rows.Count)].Features]
                : [.. Enumerable.Range(0, _dimension).Select(_ => (float)_random.Next(-2, 3))];
            if (!features.AsSpan().ContainsAnyExcept(0f))
                features[0] = 1;
            return new ChangeableRow { Id = $"row {_created++}", Number = label, Features = features };
        }

        private KnnLandmarkTransformer Fit()
            => new KnnLandmarkEstimator(_mlContext, _options, nonLandmarks: null, _device).Fit(
                ChangeableRow.View(_mlContext, _rows, _dimension, _keyCount, _keyValues));

        private object[][] Answers(KnnLandmarkTransformer model)
        {
            IDataView answers = model.Transform(ChangeableRow.View(_mlContext, _queries, _dimension));
            return
            [
                [.. answers.Schema.Select(column => column.Type.ToString()!)],
                [.. KeysOf(answers, "PredictedLabel", "KeyValues")],
                [.. KeysOf(answers, "Scores", "SlotNames")],
                .. mlContextRows(answers),
            ];

            object[][] mlContextRows(IDataView view)
                => _mlContext.Transforms.SelectColumns([.. model.Columns.Added.Select(column => column.Name)]).Fit(view).Transform(view)
                    .AllRows();
        }

        private static IEnumerable<string> KeysOf(IDataView view, string column, string annotation)
        {
            DataViewSchema.Annotations annotations = view.Schema[column].Annotations;
            if (annotations.Schema.GetColumnOrNull(annotation) is null)
                return [];
            VBuffer<ReadOnlyMemory<char>> texts = default;
            annotations.GetValue(annotation, ref texts);
            return texts.DenseValues().Select(text => text.ToString());
        }

        private byte[] Save(KnnLandmarkTransformer model)
        {
            using var stream = new MemoryStream();
            _mlContext.Model.Save(model, ChangeableRow.View(_mlContext, _queries, _dimension).Schema, stream);
            return stream.ToArray();
        }

        private KnnLandmarkTransformer Load(byte[] zip)
            => (KnnLandmarkTransformer)_mlContext.Model.Load(new MemoryStream(zip), out _);

        private static void AssertSameRows(UnitRows expected, UnitRows actual)
        {
            Assert.AreEqual(expected.Count, actual.Count);
            for (int row = 0; row < expected.Count; row++)
                CollectionAssert.AreEqual(expected[row].ToArray(), actual[row].ToArray(), $"row {row}");
        }
    }
}
