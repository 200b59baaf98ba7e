namespace Microsoft.ML.Landmarks.Tests.Evaluation;

[TestClass]
public sealed class VerdictMetricsTests
{
    private static readonly MLContext s_mlContext = new(seed: 1);

    // Two of landmark 1, one of 2, two of a landmark that no model knows, three of nothing, and one of a known and an unknown one.
    private static readonly Truth[] s_truth = [new("a", ["1"]), new("b", ["1.0"]), new("c", ["2"]), new("u", ["7"]), new("v", ["8"]),
        new("x", []), new("y", ["-1"]), new("z", [""]), new("w", ["1", "9"])];

    private static readonly Prediction[] s_predictions = [new("a", "1", 9, true), new("b", "1", 8, false), new("c", "1", 7, true),
        new("u", "2", 6, true), new("v", "2", 5, false), new("x", "1", 4, true), new("y", "1", 3, false), new("w", "2", 2, false)];

    [TestMethod]
    public void EvaluateLandmarks_PredictionsWithVerdicts_CountsEachKindOfQuery()
    {
        LandmarkVerdictMetrics verdict = Evaluate(s_predictions, s_truth, known: ["001", "2", "-1", ""]).Verdict!;

        Assert.AreEqual(new MeasuredRate(1, 3), verdict.FalseAlarms);
        Assert.AreEqual(new MeasuredRate(1, 2), verdict.UnknownLandmarks);
        Assert.AreEqual(new MeasuredRate(1, 2), verdict.RightAnswersKept);
        Assert.AreEqual(new MeasuredRate(1, 4), verdict.WrongAnswers);
    }

    [TestMethod]
    public void EvaluateLandmarks_LandmarksOfTheModelNotTold_CountsAllAsKnown()
    {
        LandmarkVerdictMetrics verdict = Evaluate(s_predictions, s_truth).Verdict!;

        Assert.IsNull(verdict.UnknownLandmarks);
        Assert.AreEqual(new MeasuredRate(2, 6), verdict.WrongAnswers);
    }

    [TestMethod]
    public void EvaluateLandmarks_Verdicts_ChangeNoOtherMeasure()
    {
        LandmarkMetrics with = Evaluate(s_predictions, s_truth),
            without = s_mlContext.Data.EvaluateLandmarks(
                View(s_predictions.Select(p => new Plain(p.Id, p.PredictedLabel, p.Score))), View(s_truth));

        Assert.IsNull(without.Verdict);
        Assert.AreEqual(without.GlobalAveragePrecision, with.GlobalAveragePrecision);
        Assert.AreEqual(without.AnsweredCount, with.AnsweredCount);
        Assert.AreEqual(without.RightCount, with.RightCount);
    }

    [TestMethod]
    [DataRow(0.05, null, 1)]
    [DataRow(0.04, null, 0)]
    [DataRow(null, 0.3, 2)]
    [DataRow(0.05, 0.3, 1)]
    [DataRow(0.5, 0.2, 0)]
    [DataRow(0.5, 0.9, 2)]
    public void EvaluateLandmarks_StatedRates_DecideAnew(double? falseAlarms, double? unknown, int answered)
    {
        // A single of 1/20 is above the double.
        Probable[] predictions = [new("x", "1", 1, 1 / 20f, 0.3f), new("y", "1", 1, 0.5f, 0.3f), new("z", "1", 1, float.NaN, float.NaN)];

        LandmarkVerdictMetrics verdict = s_mlContext.Data.EvaluateLandmarks(View(predictions), View(s_truth),
            new LandmarkEvaluationOptions { FalseAlarmRate = falseAlarms, UnknownLandmarkRate = unknown }).Verdict!;

        Assert.AreEqual(new MeasuredRate(answered, 3), verdict.FalseAlarms);
    }

    [TestMethod]
    public void EvaluateLandmarks_StatedRateWithoutProbabilities_HasNoVerdict()
        => Assert.IsNull(s_mlContext.Data.EvaluateLandmarks(View(s_predictions), View(s_truth),
            new LandmarkEvaluationOptions { FalseAlarmRate = 0.05 }).Verdict);

    [TestMethod]
    public void EvaluateLandmarks_StatedRateOfAnswersWithoutProbabilities_HasNoVerdict()
    {
        // As a model gives them that has too few landmarks to estimate by.
        Probable[] predictions = [new("x", "1", 1, 0.01f, float.NaN), new("y", "1", 1, 0.01f, float.NaN)];
        // What is no answer has none of any model.
        Probable[] unanswered = [new("x", "", float.NaN, float.NaN, float.NaN)];

        Assert.IsNull(Evaluate(predictions));
        Assert.AreEqual(new MeasuredRate(0, 3), Evaluate(unanswered)!.FalseAlarms);

        static LandmarkVerdictMetrics? Evaluate(Probable[] predictions) => s_mlContext.Data.EvaluateLandmarks(View(predictions),
            View(s_truth), new LandmarkEvaluationOptions { FalseAlarmRate = 0.05, UnknownLandmarkRate = 0.05 }).Verdict;
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(double.NaN)]
    public void Rates_OutOfRange_Throw(double rate)
    {
        string text = rate.ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.AreEqual($"FalseAlarmRate is {text}; it must be above 0 and below 1. (Parameter 'FalseAlarmRate')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LandmarkEvaluationOptions { FalseAlarmRate = rate }).Message);
        Assert.AreEqual("UnknownLandmarkRate", Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => new LandmarkEvaluationOptions { UnknownLandmarkRate = rate }).ParamName);
    }

    [TestMethod]
    public void EvaluateLandmarks_IsLandmarkOfAnotherType_IsNoVerdict()
        => Assert.IsNull(s_mlContext.Data.EvaluateLandmarks(View([new NumberVerdict("a", "1", 1, 1)]), View(s_truth)).Verdict);

    [TestMethod]
    public void EvaluateLandmarks_AnswerOfNoLandmarkWithAVerdict_IsNoFalseAlarm()
        => Assert.AreEqual(new MeasuredRate(0, 3),
            Evaluate([new("x", "-1", 1, true), new("y", "1", float.NaN, true), new("z", "", 1, true)], s_truth).Verdict!.FalseAlarms);

    [TestMethod]
    public void EvaluateLandmarks_KeyThatLacksALandmark_CountsItAsUnknown()
    {
        IDataView training = View<Label>([new("1"), new("-1")]);
        IDataView truth = s_mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(training)
            .Transform(View<Single>([new("a", "1"), new("u", "7"), new("x", "-1")]));

        LandmarkVerdictMetrics verdict = s_mlContext.Data.EvaluateLandmarks(View(s_predictions.Where(p => p.Id is "a" or "u" or "x")),
            truth, new LandmarkEvaluationOptions { KnownLandmarks = training }).Verdict!;

        Assert.AreEqual(new MeasuredRate(1, 1), verdict.UnknownLandmarks);
        Assert.AreEqual(new MeasuredRate(1, 1), verdict.FalseAlarms);
    }

    [TestMethod]
    public void EvaluateLandmarks_PartsOfTheTruth_HaveRatesOfTheirOwn()
    {
        Part[] truth = [new("a", "1", "Public"), new("x", "-1", "Public"), new("b", "1", "Private"), new("y", "", "Private"),
            new("u", "1", "Ignored")];

        LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(View(s_predictions.Where(p => p.Id is not ("c" or "v" or "w"))),
            View(truth));

        Assert.AreEqual(new MeasuredRate(1, 2), metrics.Verdict!.FalseAlarms);
        Assert.AreEqual(new MeasuredRate(1, 1), metrics.Public!.Verdict!.FalseAlarms);
        Assert.AreEqual(new MeasuredRate(0, 1), metrics.Private!.Verdict!.RightAnswersKept);
    }

    [TestMethod]
    [DataRow("-1")]
    [DataRow("-1.0")]
    [DataRow("-01")]
    [DataRow(" ")]
    public void EvaluateLandmarks_NonLandmarkLabelWithAScore_IsNoAnswer(string label)
    {
        LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(View<Plain>([new("x", label, 9), new("a", "1", 1)]),
            View<Single>([new("x", "-1"), new("a", "1")]));

        Assert.AreEqual(1.0, metrics.GlobalAveragePrecision);
        Assert.AreEqual(1, metrics.AnsweredCount);
    }

    [TestMethod]
    public void SaveLandmarkSubmission_NonLandmarkLabelWithAScore_IsARowWithoutAnAnswer()
    {
        using var written = new MemoryStream();

        s_mlContext.Data.SaveLandmarkSubmission(View<Plain>([new("x", "-1", 9), new("a", "1", 1), new("b", "2", 3)]), written);

        Assert.AreEqual("id,landmarks\nx,\na,1 0.00000000\nb,2 1.00000000\n", System.Text.Encoding.UTF8.GetString(written.ToArray()));
    }

    private static LandmarkMetrics Evaluate(Prediction[] predictions, Truth[] truth, string[]? known = null)
        => s_mlContext.Data.EvaluateLandmarks(View(predictions), View(truth), new LandmarkEvaluationOptions
        {
            KnownLandmarks = known is null ? null : View(known.Select(label => new Label(label))),
        });

    private static IDataView View<T>(IEnumerable<T> rows)
        where T : class
        => s_mlContext.Data.LoadFromEnumerable(rows);

    private sealed record Prediction(string Id, string PredictedLabel, float Score, bool IsLandmark);

    private sealed record Plain(string Id, string PredictedLabel, float Score);

    private sealed record Probable(string Id, string PredictedLabel, float Score, float FalseAlarmProbability,
        float UnknownLandmarkProbability);

    private sealed record NumberVerdict(string Id, string PredictedLabel, float Score, float IsLandmark);

    private sealed record Truth(string Id, string[] Label);

    private sealed record Single(string Id, string Label);

    private sealed record Part(string Id, string Label, string Usage);

    private sealed record Label([property: Microsoft.ML.Data.ColumnName("Label")] string Value);
}
