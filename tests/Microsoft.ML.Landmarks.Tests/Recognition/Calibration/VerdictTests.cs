using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Tests.Voting;
using Microsoft.ML.Landmarks.Voting;

namespace Microsoft.ML.Landmarks.Tests.Recognition.Calibration;

[TestClass]
public sealed class VerdictTests
{
    private const int Dimension = 24;

    private readonly MLContext _mlContext = new(seed: 1);

    [TestMethod]
    public void Change_OfTwoThreads_KeepsBoth()
    {
        var scores = new ConformalScores(Enumerable.Range(0, 100).Select(i => (float)i));
        var verdict = new Verdict(new VerdictCalibration(scores, AreProved: true, scores, scores), new VerdictRates(0.05, null, null));
        using var isChanging = new ManualResetEventSlim();

        Task first = Task.Run(() => verdict.Change(rates =>
        {
            isChanging.Set();
            // Time enough for the other, were it let in.
            Thread.Sleep(100);
            return rates with { FalseAlarms = 0.2 };
        }));
        isChanging.Wait();
        verdict.Change(rates => rates with { UnknownLandmarks = 0.3 });
        first.Wait();

        Assert.AreEqual(new VerdictRates(0.2, null, 0.3), verdict.Rates);
    }

    [TestMethod]
    [DataRow(LandmarkMethod.Plain)]
    [DataRow(LandmarkMethod.WhitenedTuned)]
    [DataRow(null)]
    public void Fit_HeldOutRows_TakeNoPartInWhatIsLearned(LandmarkMethod? method)
    {
        LabeledRow[] rows = Rows(landmarks: 12, each: 4, nonLandmarks: 75), queries = Rows(12, 3, 30, seed: 2);
        bool[] isHeldOut = HeldOut(rows, of: 3);
        LabeledRow[] others = [.. rows.Select((row, i) => isHeldOut[i] ? Copy(row, [.. row.Features.Select(value => 3 - value)]) : row)];

        LandmarkRecognizingTransformer step = Fit(rows, method), ofOthers = Fit(others, method),
            without = Fit(rows.Where((_, i) => !isHeldOut[i]), method, falseAlarmRate: null);

        Assert.AreEqual((25, 50, true), (step.FalseAlarmCount, step.NonLandmarkRowCount, step.FalseAlarmsAreProved));
        Assert.AreEqual(without.Method, step.Method);
        CollectionAssert.AreEqual(without.Reasons.ToArray(), step.Reasons.ToArray());
        IDataView answers = step.Transform(View(queries)), answersOfOthers = ofOthers.Transform(View(queries)),
            answersWithout = without.Transform(View(queries));
        foreach (IDataView same in (IDataView[])[answersOfOthers, answersWithout])
        {
            CollectionAssert.AreEqual(answers.Values<int>("PredictedLabel"), same.Values<int>("PredictedLabel"));
            CollectionAssert.AreEqual(answers.Values<float>("Score"), same.Values<float>("Score"));
        }

        CollectionAssert.AreNotEqual(
            answers.Values<float>("FalseAlarmProbability"), answersOfOthers.Values<float>("FalseAlarmProbability"));
    }

    /// <summary>The definition, by what the columns say of the held-out photographs and of the queries.</summary>
    [TestMethod]
    [DataRow(LandmarkMethod.Plain)]
    [DataRow(LandmarkMethod.WhitenedTuned)]
    public void Transform_AnyQuery_IsJudgedByTheHeldOutPhotographsAboveIt(LandmarkMethod method)
    {
        LabeledRow[] rows = Rows(12, 4, 75), queries = Rows(12, 3, 30, seed: 2);
        bool[] isHeldOut = HeldOut(rows, of: 3);

        LandmarkRecognizingTransformer step = Fit(rows, method);

        float[] heldOut = Scores(step, rows.Where((_, i) => isHeldOut[i])), scores = Scores(step, queries);
        IDataView answers = step.Transform(View(queries));
        float[] probabilities = answers.Values<float>("FalseAlarmProbability");
        bool[] verdicts = answers.Values<bool>("IsLandmark");
        for (int i = 0; i < queries.Length; i++)
        {
            Assert.AreEqual((1 + heldOut.Count(score => score >= scores[i])) / 26f, probabilities[i], $"{i}");
            Assert.AreEqual(probabilities[i] <= 0.05f, verdicts[i], $"{i}");
        }

        // Else this says little.
        Assert.IsGreaterThan(10, probabilities.Distinct().Count());
        Assert.IsGreaterThan(10, verdicts.Count(verdict => verdict));
    }

    /// <summary>Many models of few rows that are whitened: whoever scores what was learned from promises too much.</summary>
    [TestMethod]
    public void Transform_PhotographsOfNothing_AreAnsweredAtTheStatedRateWhereScoresOfLearnedRowsFail()
    {
        const int Models = 25, Asked = 200;
        int answered = 0, answeredNaively = 0;
        for (int seed = 0; seed < Models; seed++)
        {
            LabeledRow[] rows = Rows(8, 2, 30, seed: 100 + seed), nothing = Rows(0, 0, Asked, seed: 1000 + seed);
            LandmarkRecognizingTransformer step = Fit(rows, LandmarkMethod.Whitened, falseAlarmRate: 0.1),
                naive = Fit(rows, LandmarkMethod.Whitened, falseAlarmRate: null);
            answered += step.Transform(View(nothing)).Values<bool>("IsLandmark").Count(verdict => verdict);
            float[] learned = Scores(naive, rows.Where(row => row.Label < 0));
            answeredNaively += Scores(naive, nothing)
                .Count(score => (1 + learned.Count(other => other >= score)) / (learned.Length + 1.0) <= 0.1);
        }

        // The rate of a model has the distribution Beta(1, 10): ten scores, whose largest is the threshold. Three standard deviations of
        // mean of so many; the seeds are fixed.
        double most = 0.1 + 3 * Math.Sqrt(10.0 / (11 * 11 * 12) / Models);
        Assert.IsTrue(answered / (double)(Models * Asked) < most, $"{answered}");
        Assert.IsTrue(answeredNaively / (double)(Models * Asked) > most, $"{answeredNaively}");
    }

    [TestMethod]
    public void Fit_AThirdIsTooFew_AnswersFoldsByModelsOfTheOthers()
    {
        LabeledRow[] rows = Rows(12, 4, 40), queries = Rows(12, 2, 20, seed: 2);
        List<string> told = [];
        _mlContext.Log += (_, e) => told.Add(e.RawMessage);

        LandmarkRecognizingTransformer step = Fit(rows, LandmarkMethod.Whitened);

        Assert.AreEqual((40, 40, false), (step.FalseAlarmCount, step.NonLandmarkRowCount, step.FalseAlarmsAreProved));
        Assert.ContainsSingle(told.Where(message => message.Contains("not proved, by folds of 40", StringComparison.Ordinal)));
        List<float> folds = [];
        for (int fold = 0; fold < 5; fold++)
        {
            bool[] isLeftOut = HeldOut(rows, of: 5, part: fold);
            LandmarkRecognizingTransformer model = Fit(rows.Where((_, i) => !isLeftOut[i]), LandmarkMethod.Whitened, falseAlarmRate: null);
            folds.AddRange(Scores(model, rows.Where((_, i) => isLeftOut[i])));
        }

        float[] scores = Scores(step, queries);
        CollectionAssert.AreEqual(scores.Select(score => (1 + folds.Count(other => other >= score)) / 41f).ToArray(),
            step.Transform(View(queries)).Values<float>("FalseAlarmProbability"));
    }

    [TestMethod]
    public void Fit_TooFewNonLandmarks_SaysHowManyAreNeededOrGoesOnWithoutAVerdict()
    {
        LabeledRow[] rows = Rows(3, 3, 18);
        List<string> warnings = _mlContext.CollectWarnings();

        Assert.AreEqual("18 rows are non-landmarks, and FalseAlarmRate = 0.05 takes 19 to judge by; with 57 it is proved. Add "
            + "non-landmarks, or ask for 0.0527 or more; or do without a verdict: FalseAlarmRate = null.", Message(new() { }));
        Assert.AreEqual("18 rows are non-landmarks, and FalseAlarmRate = 0.05 with FalseAlarmConfidence = 0.95 takes 59 to judge by; with "
            + "177 it is proved. Add non-landmarks, or ask for 0.1534 or more, or for 0.0527 or more without FalseAlarmConfidence; or do "
            + "without a verdict: FalseAlarmRate = null.", Message(new() { FalseAlarmConfidence = 0.95 }));
        Assert.AreEqual("1 row is a non-landmark, and FalseAlarmRate = 0.05 takes 19 to judge by; with 57 it is proved. Add non-landmarks; "
            + "or do without a verdict: FalseAlarmRate = null.", Message(new(), Rows(3, 3, 1)));
        Assert.AreEqual("0 rows are non-landmarks, and FalseAlarmRate = 0.9 takes 2 to judge by; with 6 it is proved. Add non-landmarks; "
            + "or do without a verdict: FalseAlarmRate = null.",
            Message(new() { FalseAlarmRate = 0.9, AllowNoNonLandmarks = true }, Rows(3, 3, 0)));
        // What is said to be possible is.
        Assert.AreEqual(0.0527, Fit(rows, method: null, falseAlarmRate: 0.0527).FalseAlarmRate);

        Assert.IsEmpty(warnings);
        LandmarkRecognizingTransformer without = _mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { AllowNoVerdict = true }).Fit(View(rows));
        Assert.StartsWith("There is no verdict: 18 rows are non-landmarks, and FalseAlarmRate = 0.05 takes 19", warnings.Single());
        Assert.IsNull(without.FalseAlarmRate);
        Assert.IsNull(without.FalseAlarmInterval);
        Assert.AreEqual((0, 18, false), (without.FalseAlarmCount, without.NonLandmarkRowCount, without.FalseAlarmsAreProved));
        Assert.IsNull(without.GetOutputSchema(View(rows).Schema).GetColumnOrNull("IsLandmark"));
        Assert.AreEqual("The model has no verdict, whose rates could be set. Fit it with a FalseAlarmRate, and with enough non-landmarks "
            + "for that.", Assert.ThrowsExactly<InvalidOperationException>(() => without.FalseAlarmRate = 0.1).Message);

        string Message(LandmarkRecognizingEstimator.Options options, LabeledRow[]? other = null)
            => Assert.ThrowsExactly<InvalidOperationException>(
                () => _mlContext.Transforms.RecognizeLandmarks(options).Fit(View(other ?? rows))).Message;
    }

    [TestMethod]
    public void Options_WrongRates_AreRefused()
    {
        foreach (double rate in (double[])[0, 1, -0.05, double.NaN])
        {
            Assert.StartsWith($"FalseAlarmRate is {FormattableString.Invariant($"{rate}")}; it must be above 0 and below 1.",
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                    () => new LandmarkRecognizingEstimator.Options { FalseAlarmRate = rate }).Message);
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => new LandmarkRecognizingEstimator.Options { FalseAlarmConfidence = rate });
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => new LandmarkRecognizingEstimator.Options { UnknownLandmarkRate = rate });
        }

        Assert.StartsWith("FalseAlarmConfidence and UnknownLandmarkRate are for a verdict", Assert.ThrowsExactly<ArgumentException>(()
            => _mlContext.Transforms.RecognizeLandmarks(
                new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, UnknownLandmarkRate = 0.1 })).Message);
        Assert.Contains("'Score'", Assert.ThrowsExactly<ArgumentException>(() => _mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { IsLandmarkColumnName = "Score" })).Message);
    }

    [TestMethod]
    public void FalseAlarmRate_SetAfterLoading_IsKeptByLaterAnswers()
    {
        LabeledRow[] rows = Rows(12, 4, 150), queries = Rows(12, 4, 60, seed: 2);
        LandmarkRecognizingTransformer fitted = Fit(rows, LandmarkMethod.Whitened), loaded = Reload(fitted, rows);
        IDataView answers = loaded.Transform(View(queries));
        float[] probabilities = answers.Values<float>("FalseAlarmProbability");

        Assert.AreEqual((0.05, null, null), (loaded.FalseAlarmRate, loaded.FalseAlarmConfidence, loaded.UnknownLandmarkRate));
        Assert.AreEqual((50, true), (loaded.FalseAlarmCount, loaded.FalseAlarmsAreProved));
        Assert.AreEqual(fitted.FalseAlarmInterval, loaded.FalseAlarmInterval);
        CollectionAssert.AreEqual(fitted.Transform(View(queries)).Values<float>("FalseAlarmProbability"), probabilities);
        HashSet<int> answered = [];
        foreach (double rate in (double[])[0.02, 0.1, 0.3, 0.99])
        {
            loaded.FalseAlarmRate = rate;
            bool[] verdicts = answers.Values<bool>("IsLandmark");
            CollectionAssert.AreEqual(probabilities.Select(probability => probability <= (float)rate).ToArray(), verdicts, $"{rate}");
            CollectionAssert.AreEqual(probabilities, answers.Values<float>("FalseAlarmProbability"));
            Assert.AreEqual(rate, Reload(loaded, rows).FalseAlarmRate);
            answered.Add(verdicts.Count(verdict => verdict));
        }

        Assert.HasCount(4, answered);
        Assert.AreEqual("The model judges by 50 photographs of nothing, and FalseAlarmRate = 0.01 takes 99. Ask for 0.0197 or more, or fit "
            + "the model with more non-landmarks.",
            Assert.ThrowsExactly<InvalidOperationException>(() => loaded.FalseAlarmRate = 0.01).Message);
        Assert.AreEqual("FalseAlarmRate is null; it must be above 0 and below 1. (Parameter 'FalseAlarmRate')",
            Assert.ThrowsExactly<ArgumentException>(() => loaded.FalseAlarmRate = null).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => loaded.FalseAlarmRate = 1);
        Assert.AreEqual(0.99, loaded.FalseAlarmRate, "what is refused changes nothing");
        loaded.FalseAlarmRate = 0.0197;
    }

    [TestMethod]
    public void FalseAlarmConfidence_Set_AnswersLess()
    {
        LabeledRow[] rows = Rows(12, 4, 180), queries = Rows(12, 4, 60, seed: 2);
        LandmarkRecognizingTransformer step = Fit(rows, LandmarkMethod.Whitened);
        IDataView answers = step.Transform(View(queries));
        int inTheMean = Answered();

        step.FalseAlarmConfidence = 0.95;

        // The largest of 60 scores alone may be answered.
        CollectionAssert.AreEqual(answers.Values<float>("FalseAlarmProbability").Select(probability => probability == 1 / 61f).ToArray(),
            answers.Values<bool>("IsLandmark"));
        Assert.IsLessThan(inTheMean, Answered());
        Assert.IsTrue(step.FalseAlarmInterval!.Value.High < 0.07);
        Assert.AreEqual(0.95, Reload(step, rows).FalseAlarmConfidence);
        Assert.AreEqual("The model judges by 60 photographs of nothing, and FalseAlarmRate = 0.05 with FalseAlarmConfidence = 0.99 takes "
            + "90. Ask for 0.0739 or more, or for 0.0164 or more without FalseAlarmConfidence, or fit the model with more non-landmarks.",
            Assert.ThrowsExactly<InvalidOperationException>(() => step.FalseAlarmConfidence = 0.99).Message);
        step.FalseAlarmConfidence = null;
        Assert.AreEqual(inTheMean, Answered());

        int Answered() => answers.Values<bool>("IsLandmark").Count(verdict => verdict);
    }

    /// <summary>Five folds: of each row, its landmark is unknown in one, and the row alone is in another.</summary>
    [TestMethod]
    [DataRow(LandmarkMethod.NoPenalties)]
    [DataRow(LandmarkMethod.Whitened)]
    public void UnknownLandmarkProbability_AnyQuery_IsThatOfModelsThatDoNotKnowTheLandmark(LandmarkMethod method)
    {
        LabeledRow[] rows = Rows(9, 6, 60), queries = Rows(12, 3, 10, seed: 2);
        bool[] isHeldOut = HeldOut(rows, of: 3);

        List<string> told = [];
        _mlContext.Log += (_, e) => told.Add(e.RawMessage);
        LandmarkRecognizingTransformer step = Fit(rows, method, falseAlarmRate: 0.3);

        string verdict = told.Single(message => message.StartsWith("Verdict: ", StringComparison.Ordinal));
        StringAssert.Matches(verdict, new("^Verdict: of photographs like the non-landmarks at most 30.0 % are answered, as promised by 20 "
            + "that were held out; with so many the true rate lies between 11.9 % and 49.1 % \\(95 %\\). Estimated in folds: .* % of 54 "
            + "photographs of unknown landmarks are answered, and .* % of [0-9]+ right answers kept; with UnknownLandmarkRate = 0.05: .*"));
        LabeledRow[] learned = [.. rows.Where((_, i) => !isHeldOut[i])];
        List<float> unknown = [], right = [];
        for (int fold = 0; fold < 5; fold++)
        {
            LabeledRow[] ofUnknown = [.. learned.Where(row => row.Label >= 0 && (row.Label - 100) % 5 == fold)],
                ofKnown = [.. learned.Where((row, i) => row.Label >= 0 && (row.Label - 100 + 1 + i % 6 % 4) % 5 == fold)];
            LandmarkRecognizingTransformer model = Fit(learned.Except(ofUnknown).Except(ofKnown), method, falseAlarmRate: null);
            unknown.AddRange(Scores(model, ofUnknown));
            int[] predicted = model.Transform(View(ofKnown)).Values<int>("PredictedLabel");
            right.AddRange(Scores(model, ofKnown).Where((_, i) => predicted[i] == ofKnown[i].Label));
        }

        float[] scores = Scores(step, queries), heldOut = Scores(step, rows.Where((_, i) => isHeldOut[i]));
        IDataView answers = step.Transform(View(queries));
        CollectionAssert.AreEqual(scores.Select(score => (1 + unknown.Count(other => other >= score)) / 55f).ToArray(),
            answers.Values<float>("UnknownLandmarkProbability"));

        // Off unless asked.
        bool[] withoutIt = answers.Values<bool>("IsLandmark");
        CollectionAssert.AreEqual(answers.Values<float>("FalseAlarmProbability").Select(p => p <= 0.3f).ToArray(), withoutIt);
        foreach (double rate in (double[])[0.05, 0.2])
        {
            LandmarkVerdictEstimate estimate = step.EstimateVerdict(rate);
            step.UnknownLandmarkRate = rate;
            bool[] verdicts = answers.Values<bool>("IsLandmark");
            CollectionAssert.AreEqual(answers.Values<float>("UnknownLandmarkProbability").Zip(withoutIt, (p, v) => v && p <= (float)rate)
                .ToArray(), verdicts);
            Assert.AreEqual(rate, Reload(step, rows).UnknownLandmarkRate);
            float threshold = Math.Max(heldOut.OrderDescending().ElementAt(5), unknown.OrderDescending().ElementAt((int)(rate * 55) - 1));
            Assert.AreEqual(new MeasuredRate(unknown.Count(score => score > threshold), 54), estimate.UnknownLandmarks);
            Assert.AreEqual(new MeasuredRate(right.Count(score => score > threshold), right.Count), estimate.RightAnswersKept);
        }

        step.UnknownLandmarkRate = null;
        CollectionAssert.AreEqual(withoutIt, answers.Values<bool>("IsLandmark"));
        Assert.IsTrue(step.EstimateVerdict(null).UnknownLandmarks.Rate > step.EstimateVerdict(0.05).UnknownLandmarks.Rate);
        Assert.AreEqual("54 photographs whose landmark was left out are there to estimate by, and UnknownLandmarkRate = 0.01 takes 99. Ask "
            + "for 0.0182 or more, or add photographs of landmarks.",
            Assert.ThrowsExactly<InvalidOperationException>(() => step.UnknownLandmarkRate = 0.01).Message);
    }

    [TestMethod]
    public void UnknownLandmarkRate_TooFewLandmarks_SaysHowManyAreNeeded()
    {
        LabeledRow[] rows = [.. Rows(7, 5, 60), .. Rows(9, 4, 0).Where(row => row.Label >= 107)];

        LandmarkRecognizingTransformer step = Fit(rows, LandmarkMethod.Plain);

        Assert.IsTrue(step.Transform(View(rows)).Values<float>("UnknownLandmarkProbability").All(float.IsNaN));
        Assert.AreEqual(0, step.EstimateVerdict(null).UnknownLandmarks.Total);
        Assert.AreEqual("The model can't tell unknown landmarks: it was fitted to too few landmarks with too few rows. Fit it to at least "
            + "8 landmarks with 5 rows each, or leave UnknownLandmarkRate at null.",
            Assert.ThrowsExactly<InvalidOperationException>(() => step.UnknownLandmarkRate = 0.1).Message);
        Assert.AreEqual("7 landmarks have 5 rows or more, and UnknownLandmarkRate takes 8 such landmarks to estimate by. Add photographs "
            + "of landmarks, or leave it at null.", Message(rows, 0.1));
        Assert.StartsWith("45 photographs whose landmark was left out are there to estimate by, and UnknownLandmarkRate = 0.01 takes 99.",
            Message(Rows(9, 5, 60), 0.01));

        string Message(LabeledRow[] some, double rate) => Assert.ThrowsExactly<InvalidOperationException>(() => _mlContext.Transforms
            .RecognizeLandmarks(new LandmarkRecognizingEstimator.Options { UnknownLandmarkRate = rate }).Fit(View(some))).Message;
    }

    [TestMethod]
    public void Fit_MissingRows_AreNotCountedAmongThoseHeldOut()
    {
        LabeledRow[] rows = Rows(10, 3, 60), queries = Rows(10, 2, 20, seed: 2);
        LabeledRow missing = Copy(rows[40], [.. Enumerable.Repeat(float.NaN, Dimension)]);

        LandmarkRecognizingTransformer expected = Fit(rows, LandmarkMethod.Plain),
            step = Fit([.. rows[..45], missing, .. rows[45..], missing], LandmarkMethod.Plain);

        Assert.AreEqual((20, 40), (step.FalseAlarmCount, step.NonLandmarkRowCount));
        CollectionAssert.AreEqual(expected.Transform(View(queries)).Values<float>("FalseAlarmProbability"),
            step.Transform(View(queries)).Values<float>("FalseAlarmProbability"));
    }

    [TestMethod]
    public void Transform_MissingRow_IsNoLandmark()
    {
        LandmarkRecognizingTransformer step = Fit(Rows(10, 5, 60), LandmarkMethod.Whitened);

        object[] row = step.Transform(View([Copy(new LabeledRow(), new float[Dimension])])).AllRows().Single();

        CollectionAssert.AreEqual(new object[] { -1, float.NaN, false, float.NaN, float.NaN }, row[3..]);
    }

    /// <summary>Copies of one photograph of nothing: none of them stands out, so no copy is answered.</summary>
    [TestMethod]
    public void Transform_HeldOutPhotographsThatAreAlike_CountAgainstTheirLike()
    {
        LabeledRow[] rows = Rows(10, 3, 57);
        LabeledRow[] alike = [.. rows.Select(row => row.Label >= 0 ? row : Copy(row, rows[^1].Features))];

        LandmarkRecognizingTransformer step = Fit(alike, LandmarkMethod.Plain);

        IDataView answers = step.Transform(View([rows[^1], rows[0]]));
        CollectionAssert.AreEqual(new[] { 1f, 1 / 20f }, answers.Values<float>("FalseAlarmProbability"));
        CollectionAssert.AreEqual(new[] { false, true }, answers.Values<bool>("IsLandmark"));
    }

    [TestMethod]
    public void Showing_OtherColumns_HaveTheVerdictOfTheStepAsItIsNow()
    {
        LabeledRow[] rows = Rows(12, 4, 150);
        LandmarkRecognizingTransformer step = Fit(rows, LandmarkMethod.Whitened);
        var columns = ((ILandmarkStep)step).Columns;
        ITransformer showing = ((ILandmarkStep)step).Showing(columns with { IsLandmark = "Verdict", FalseAlarmProbability = null });

        step.FalseAlarmRate = 0.4;

        IDataView shown = showing.Transform(View(rows));
        CollectionAssert.AreEqual(step.Transform(View(rows)).Values<bool>("IsLandmark"), shown.Values<bool>("Verdict"));
        Assert.IsNull(shown.Schema.GetColumnOrNull("FalseAlarmProbability"));
        // A step without a verdict has none to show.
        LandmarkRecognizingTransformer without = Fit(rows, LandmarkMethod.Plain, falseAlarmRate: null);
        Assert.IsNull(((ILandmarkStep)without).Showing(columns).GetOutputSchema(View(rows).Schema).GetColumnOrNull("IsLandmark"));
    }

    private LandmarkRecognizingTransformer Fit(IEnumerable<LabeledRow> rows, LandmarkMethod? method, double? falseAlarmRate = 0.05)
        => _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = method,
            FalseAlarmRate = falseAlarmRate,
        }).Fit(View(rows));

    private LandmarkRecognizingTransformer Reload(LandmarkRecognizingTransformer model, IEnumerable<LabeledRow> rows)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, View(rows).Schema, stream);
        ITransformer loaded = _mlContext.Model.Load(stream, out _);
        return (LandmarkRecognizingTransformer)(loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded);
    }

    private IDataView View(IEnumerable<LabeledRow> rows) => FeatureView.Create(_mlContext, rows, Dimension);

    /// <summary>What verdicts go by: the squares of the cosines of the neighbors that show the prediction.</summary>
    private float[] Scores(LandmarkRecognizingTransformer step, IEnumerable<LabeledRow> rows)
    {
        ITransformer showing = ((ILandmarkStep)step).Showing(((ILandmarkStep)step).Columns with
        {
            NeighborScores = "NeighborScores",
            NeighborPenalties = "NeighborPenalties",
            NeighborLabels = "NeighborLabels",
        });
        IDataView answers = showing.Transform(View(rows));
        int[][] labels = [.. answers.Values<VBuffer<int>>("NeighborLabels").Select(vector => vector.DenseValues().ToArray())];
        float[][] scores = answers.Vectors("NeighborScores"), penalties = answers.Vectors("NeighborPenalties");
        return [.. answers.Values<int>("PredictedLabel").Select((label, i) => (float)Enumerable.Range(0, labels[i].Length)
            .Where(k => labels[i][k] == label).Select(k => Math.Max(0, (double)scores[i][k] + penalties[i][k]))
            .Sum(cosine => cosine * cosine))];
    }

    private static bool[] HeldOut(LabeledRow[] rows, int of, int? part = null)
    {
        int nonLandmark = 0;
        return [.. rows.Select(row => row.Label < 0 && nonLandmark++ % of == (part ?? of - 1))];
    }

    private static LabeledRow Copy(LabeledRow row, float[] features) => new() { Id = row.Id, Label = row.Label, Features = features };

    /// <summary>Rows of landmarks 100, 101 and so on, each around a direction of its own, then non-landmarks around none; some values vary
    /// more than others.</summary>
    private static LabeledRow[] Rows(int landmarks, int each, int nonLandmarks, int seed = 1)
    {
        Random directions = new(7), random = new(seed);
        float[][] centers = [.. Enumerable.Range(0, landmarks).Select(_ => Vector(directions))];
        return
        [
            .. Enumerable.Range(0, landmarks * each).Select(i
                => Row(100 + i / each, [.. centers[i / each].Zip(Vector(random), (center, noise) => center + 0.7f * noise)])),
            .. Enumerable.Range(0, nonLandmarks).Select(_ => Row(-1, Vector(random))),
        ];

        static LabeledRow Row(int label, float[] features) => new() { Label = label, Features = features };

        static float[] Vector(Random random)
            => [.. Enumerable.Range(0, Dimension).Select(i => (2 * random.NextSingle() - 1) * (i < 4 ? 2 : 1))];
    }
}
