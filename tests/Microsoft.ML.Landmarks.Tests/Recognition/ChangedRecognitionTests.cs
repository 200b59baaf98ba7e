using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Recognition.Learning;
using Microsoft.ML.Landmarks.Tests.Voting;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Tests.Recognition;

/// <summary>
/// RecognizeLandmarks whose rows were changed: it answers as KnnLandmark does that is fitted anew to the rows whitened as they were at
/// first, and judges by all held-out rows, answered anew. In memory, and saved and loaded.
/// </summary>
[TestClass]
public sealed class ChangedRecognitionTests
{
    private const int Dimension = 6;

    [TestMethod]
    [DataRow(1, LandmarkMethod.Plain, 5, 0)]
    [DataRow(2, LandmarkMethod.Whitened, 5, 0)]
    [DataRow(3, LandmarkMethod.WhitenedTuned, 5, 0)]
    [DataRow(4, LandmarkMethod.NoPenalties, 3, 0)]
    [DataRow(5, LandmarkMethod.WhitenedNoPenalties, 1, 0)]
    [DataRow(6, LandmarkMethod.Plain, 1000, 0)]
    [DataRow(7, LandmarkMethod.Plain, 5, 0.5)]
    [DataRow(8, LandmarkMethod.Whitened, 2, 2)]
    public void Change_RandomSequence_AnswersAndJudgesAsAFitOfTheSameWhitenedRows(
        int seed, LandmarkMethod method, int neighbors, double smoothing)
    {
        var model = new ChangingModel(seed, method, neighbors, smoothing, rows: 120);
        model.AssertIsAsFittedAnew();
        for (int step = 0; step < 10; step++)
        {
            model.Change();
            model.AssertIsAsFittedAnew();
        }
    }

    /// <summary>So many that a change is told by the rows that changed, which is not worth it of few.</summary>
    [TestMethod]
    [DataRow(11, LandmarkMethod.Whitened)]
    [DataRow(12, LandmarkMethod.Plain)]
    public void Change_RandomSequenceOfManyRows_AnswersAndJudgesAsAFitOfTheSameWhitenedRows(int seed, LandmarkMethod method)
    {
        var model = new ChangingModel(seed, method, neighbors: 5, smoothing: 0, rows: 900);
        for (int step = 0; step < 12; step++)
        {
            model.Change();
            model.AssertIsAsFittedAnew();
        }
    }

    private sealed class ChangingModel
    {
        private readonly MLContext _mlContext = new(seed: 1);
        private readonly Random _random;
        private readonly LandmarkRecognizingEstimator.Options _options;
        private readonly WhiteningTransformer? _whitening;
        private readonly LabeledRow[] _queries;
        private List<LabeledRow> _rows, _heldOut;
        private int _created, _nonLandmarks;
        private LandmarkRecognizingTransformer _model;

        public ChangingModel(int seed, LandmarkMethod method, int neighbors, double smoothing, int rows)
        {
            _random = new Random(seed);
            _options = new LandmarkRecognizingEstimator.Options
            {
                Method = method,
                FalseAlarmRate = 0.25,
                NumberOfNeighbors = neighbors,
                SameLandmarkSmoothing = smoothing,
                IdColumnName = "Id",
                NeighborsColumnName = "Neighbors",
                NeighborScoresColumnName = "NeighborScores",
                NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
            };
            (_rows, _heldOut) = ([], []);
            LabeledRow[] first = [.. Enumerable.Range(0, rows).Select(i => Create(i % 3 == 2 ? -1 : i % 14))];
            Take(first);
            _queries = [.. Enumerable.Range(0, 30).Select(_ => Create(-1))];
            _model = _mlContext.Transforms.RecognizeLandmarks(_options).Fit(View(first));
            _whitening = method.Whitens() ? _mlContext.Transforms.WhitenFeatures("Features").Fit(View(_rows)) : null;
        }

        public void Change()
        {
            LandmarkRecognizingTransformer before = _model;
            object[][] answers = Answers(before);
            List<LabeledRow> all = [.. _rows, .. _heldOut];
            switch (_random.Next(7))
            {
                case 0:
                    Add(_random.Next(1, 9), _ => _random.Next(20));
                    break;
                case 1:
                    Add(_random.Next(1, 6), _ => -1);
                    break;
                case 2:
                    string[] labels = [.. Draw(_rows, 5).Where(row => row.Label >= 0).Select(row => $"{row.Label}").Take(2).Distinct()];
                    _model = _model.WithoutLandmarks(labels);
                    _rows = [.. _rows.Where(row => !labels.Contains($"{row.Label}"))];
                    break;
                case 3:
                    Remove(Draw(_heldOut, 2));
                    break;
                case 4:
                    Remove(Draw(all, 5));
                    break;
                case 5:
                    LabeledRow[] added
                        = [.. Draw(all, 4).Select((old, i) => Create(i % 2 == 0 ? -1 : _random.Next(14), old.Id)), Create(3)];
                    _model = _model.With(View(added), replace: true);
                    HashSet<string> replaced = [.. added.Select(row => row.Id)], heldOut = [.. _heldOut.Select(row => row.Id)],
                        learned = [.. _rows.Select(row => row.Id)];
                    Forget(replaced);
                    foreach (LabeledRow row in added)
                    {
                        // In the place of another, on its side.
                        if (heldOut.Contains(row.Id) && row.Label < 0)
                            _heldOut.Add(row);
                        else if (heldOut.Contains(row.Id) || learned.Contains(row.Id))
                            _rows.Add(row);
                        else
                            Take([row]);
                    }

                    break;
                default:
                    Add(_random.Next(0, 30), _ => _random.Next(-8, 14));
                    break;
            }

            // The one before goes on, and may be given up in either order.
            ViewReader.AssertSameRows(answers, Answers(before));
            if (_random.Next(2) == 0)
                before.Dispose();
            if (_random.Next(2) == 0)
                _model = Reload(_model);
        }

        public void AssertIsAsFittedAnew()
        {
            var options = new KnnLandmarkEstimator.Options(_options)
            {
                TrainingPenaltyWeight = _model.TrainingPenaltyWeight,
                QueryPenaltyWeight = _model.QueryPenaltyWeight,
                SimilarityExponent = _model.SimilarityExponent,
            };
            IDataView rows = View(_rows);
            var expected = new LearnedLandmarks(_whitening, _mlContext.Transforms.KnnLandmark(options)
                .Fit(_whitening?.Transform(rows) ?? rows));
            using IChannel channel = ((IHostEnvironment)_mlContext).Start("Test");
            float[] heldOut = Scores(_heldOut), scores = Scores(_queries);

            Verdict verdict = _model.Model.Verdict!;
            CollectionAssert.AreEqual(heldOut.Order().ToArray(), verdict.Calibration.FalseAlarms.Ascending.ToArray());
            Assert.IsTrue(_model.FalseAlarmsAreProved);
            Assert.AreEqual((_rows.Count(row => row.Label >= 0), _rows.Count(row => row.Label < 0), _heldOut.Count),
                (_model.LandmarkRowCount, _model.NonLandmarkRowCount, _model.FalseAlarmCount));
            CollectionAssert.AreEqual(_heldOut.Select(row => row.Id).ToArray(), verdict.Calibration.HeldOut!.Ids);
            foreach (LandmarkRecognizingTransformer model in (LandmarkRecognizingTransformer[])[_model, Reload(_model)])
            {
                IDataView queries = View(_queries), whitened = _whitening?.Transform(queries) ?? queries;
                string[] columns = [.. expected.Landmarks.Columns.Added.Select(column => column.Name)];
                ViewReader.AssertSameRows(Rows(expected.Landmarks.Transform(whitened), columns), Rows(model.Transform(queries), columns));
                CollectionAssert.AreEqual(
                    scores.Select(score => (1 + heldOut.Count(other => other >= score)) / (float)(heldOut.Length + 1)).ToArray(),
                    model.Transform(queries).Values<float>("FalseAlarmProbability"));
            }

            // Answers all of them by way of a view.
            float[] Scores(IEnumerable<LabeledRow> some) => [.. VerdictAnswers.Read(expected,
                TrainingRows.ReadMore(View(some), _options, channel, out _)).Select(answer => answer.Score)];
        }

        private void Add(int count, Func<int, int> label)
        {
            LabeledRow[] added = [.. Enumerable.Range(0, count).Select(i => Create(Math.Max(-1, label(i))))];
            _model = _model.With(View(added));
            Take(added);
        }

        private void Remove(List<LabeledRow> removed)
        {
            _model = _model.Without(removed.Select(row => row.Id));
            Forget(removed.Select(row => row.Id));
        }

        // Each third of the non-landmarks that have ever come is held out.
        private void Take(IEnumerable<LabeledRow> added)
        {
            foreach (LabeledRow row in added)
                (row.Label < 0 && ++_nonLandmarks % 3 == 0 ? _heldOut : _rows).Add(row);
        }

        private void Forget(IEnumerable<string> ids)
        {
            HashSet<string> gone = [.. ids];
            _rows = [.. _rows.Where(row => !gone.Contains(row.Id))];
            _heldOut = [.. _heldOut.Where(row => !gone.Contains(row.Id))];
        }

        private List<LabeledRow> Draw(List<LabeledRow> rows, int count) => [.. rows.OrderBy(_ => _random.Next()).Take(count)];

        // Few values, so that many cosines are equal; and rows that are there twice.
        private LabeledRow Create(int label, string? id = null)
        {
            float[] features = _rows.Count > 0 && _random.Next(4) == 0 ? [.. _rows[_random.Next(_rows.Count)].Features]
                : [.. Enumerable.Range(0, Dimension).Select(_ => (float)_random.Next(-3, 4))];
            if (!features.AsSpan().ContainsAnyExcept(0f))
                features[0] = 1;
            return new LabeledRow { Id = id ?? $"row {_created++}", Label = label, Features = features };
        }

        private object[][] Answers(LandmarkRecognizingTransformer model)
            => Rows(model.Transform(View(_queries)), ["PredictedLabel", "Score", "IsLandmark", "FalseAlarmProbability", "Neighbors"]);

        private object[][] Rows(IDataView view, string[] columns)
            => _mlContext.Transforms.SelectColumns(columns).Fit(view).Transform(view).AllRows();

        private LandmarkRecognizingTransformer Reload(LandmarkRecognizingTransformer model)
        {
            using var stream = new MemoryStream();
            _mlContext.Model.Save(model, View(_queries).Schema, stream);
            ITransformer loaded = _mlContext.Model.Load(stream, out _);
            return (LandmarkRecognizingTransformer)(loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded);
        }

        private IDataView View(IEnumerable<LabeledRow> rows) => FeatureView.Create(_mlContext, [.. rows], Dimension);
    }
}
