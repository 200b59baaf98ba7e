using System.Globalization;
using CsCheck;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Evaluation;

[TestClass]
public sealed class EvaluateLandmarksTests
{
    private static readonly MLContext s_mlContext = new(seed: 1);

    // The case of metrics_test.py beside the challenge's metrics.py.
    private static readonly Landmarks[] s_challengeTruth = [new("a", ["0", "12"]), new("b", ["100", "200", "300"]), new("c", ["1"]),
        new("d", []), new("e", ["-1"])];

    // Queries q00 … with the landmarks 1 to 4, most of them shown by some query; few confidences, so that many are equal.
    private static readonly Gen<Query> s_query =
        Gen.Select(Gen.Int[0, 4].Array[0, 2], Gen.Int[1, 4], Gen.Int[-3, 6], (shown, answer, confidence)
        => new Query([.. shown.Where(l => l > 0).Distinct()], answer, confidence > 4 ? float.NaN : confidence / 4f));

    private static readonly Gen<Query[]> s_queries = s_query.Array[1, 40].Where(queries => queries.Any(q => q.Shown.Length > 0));

    [TestMethod]
    public void EvaluateLandmarks_ChallengesOwnCase_IsOneSixth()
    {
        LandmarkMetrics metrics = Evaluate([new("b", "0", 0.01f), new("c", "1", 10), new("d", "150", 15)], s_challengeTruth);

        Assert.AreEqual(1.0 / 6, metrics.GlobalAveragePrecision, 1e-15);
        Assert.AreEqual(5, metrics.QueryCount);
        Assert.AreEqual(3, metrics.AnsweredCount);
        Assert.AreEqual(3, metrics.WithLandmarkCount);
        Assert.AreEqual(1, metrics.RightCount);
        Assert.AreEqual(1.0 / 3, metrics.Accuracy, 1e-15);
    }

    [TestMethod]
    public void EvaluateLandmarks_ChallengesOwnCaseIgnoringNonLandmarks_IsOneThird()
    {
        LandmarkMetrics metrics = Evaluate([new("b", "0", 0.01f), new("c", "1", 10), new("d", "150", 15)], s_challengeTruth,
            ignoreNonLandmarks: true);

        Assert.AreEqual(1.0 / 3, metrics.GlobalAveragePrecision, 1e-15);
        Assert.AreEqual(1.0 / 3, metrics.Accuracy, 1e-15);
    }

    [TestMethod]
    public void EvaluateLandmarks_AllRight_IsOne()
    {
        LandmarkMetrics metrics = Evaluate([new("a", "1", 0.2f), new("b", "2", 0.1f)], [new("a", "1"), new("b", "2")]);

        Assert.AreEqual(1.0, metrics.GlobalAveragePrecision);
        Assert.AreEqual(1.0, metrics.Accuracy);
    }

    [TestMethod]
    public void EvaluateLandmarks_OneWrongAboveOneRight_IsAQuarter()
    {
        LandmarkMetrics metrics = Evaluate([new("a", "9", 0.9f), new("b", "2", 0.1f)], [new("a", "1"), new("b", "2")]);

        Assert.AreEqual(0.25, metrics.GlobalAveragePrecision);
        Assert.AreEqual(0.5, metrics.Accuracy);
    }

    [TestMethod]
    public void EvaluateLandmarks_OneWrongBelowOneRight_IsAHalf()
        => Assert.AreEqual(0.5, Evaluate([new("a", "9", 0.1f), new("b", "2", 0.9f)],
        [new("a", "1"), new("b", "2")]).GlobalAveragePrecision);

    [TestMethod]
    public void EvaluateLandmarks_QueryWithoutPrediction_IsAHalf()
    {
        LandmarkMetrics metrics = Evaluate([new("a", "1", 0.9f)], [new("a", "1"), new("b", "2")]);

        Assert.AreEqual(0.5, metrics.GlobalAveragePrecision);
        Assert.AreEqual(2, metrics.QueryCount);
        Assert.AreEqual(1, metrics.AnsweredCount);
    }

    [TestMethod]
    public void EvaluateLandmarks_ScoreNaN_TakesNoRank()
    {
        LandmarkMetrics metrics = Evaluate([new("a", "9", float.NaN), new("b", "2", -5), new("c", "", 7)],
            [new("a", "1"), new("b", "2"), new("c", "3")]);

        Assert.AreEqual(1.0 / 3, metrics.GlobalAveragePrecision, 1e-15);
        Assert.AreEqual(1, metrics.AnsweredCount);
        Assert.AreEqual(1, metrics.RightCount);
        Assert.AreEqual(3, metrics.WithLandmarkCount);
    }

    [TestMethod]
    public void EvaluateLandmarks_NoPrediction_IsZero()
    {
        LandmarkMetrics metrics = Evaluate([new("a", "1", float.NaN)], [new("a", "1")]);

        Assert.AreEqual(0.0, metrics.GlobalAveragePrecision);
        Assert.AreEqual(0.0, metrics.Accuracy);
        Assert.AreEqual(0, metrics.AnsweredCount);
    }

    [TestMethod]
    [DataRow("1", true)]
    [DataRow("5", true)]
    [DataRow("9", true)]
    [DataRow("15", false)]
    [DataRow("1 5", false)]
    [DataRow("-1", false)]
    public void EvaluateLandmarks_QueryThatShowsSeveral_AnyOfThemIsRight(string answer, bool isRight)
    {
        LandmarkMetrics metrics = Evaluate([new("a", answer, 1)], (Landmarks[])[new("a", ["1", "", "5", "-1", "9.0"])]);

        Assert.AreEqual(isRight ? 1.0 : 0.0, metrics.GlobalAveragePrecision);
        Assert.AreEqual(1, metrics.WithLandmarkCount);
        Assert.AreEqual(isRight ? 1 : 0, metrics.RightCount);
    }

    [TestMethod]
    [DataRow("-1")]
    [DataRow("")]
    [DataRow("  ")]
    public void EvaluateLandmarks_AnswerWhereThereIsNoLandmark_IsWrongAndTakesItsRank(string none)
    {
        LandmarkMetrics metrics = Evaluate([new("a", "1", 0.1f), new("b", "1", 0.9f)], [new("a", "1"), new("b", none)]);

        Assert.AreEqual(0.5, metrics.GlobalAveragePrecision);
        Assert.AreEqual(1.0, metrics.Accuracy);
        Assert.AreEqual(1, metrics.WithLandmarkCount);
        Assert.AreEqual(2, metrics.AnsweredCount);
    }

    [TestMethod]
    [DataRow("a", "b", 1.0, DisplayName = "the right one first")]
    [DataRow("b", "a", 0.5, DisplayName = "the wrong one first")]
    [DataRow("B", "a", 1.0, DisplayName = "ordinal: capitals first")]
    [DataRow("a10", "a9", 1.0, DisplayName = "ordinal: not by number")]
    [DataRow("Z", "ä", 1.0, DisplayName = "ordinal: not by alphabet")]
    public void EvaluateLandmarks_EqualConfidences_RankByIdOrdinal(string right, string wrong, double gap)
    {
        Prediction[] predictions = [new(wrong, "2", 0.5f), new(right, "1", 0.5f)];
        Truth[] truth = [new(right, "1"), new(wrong, "-1")];

        Assert.AreEqual(gap, Evaluate(predictions, truth).GlobalAveragePrecision);
        Assert.AreEqual(gap, Evaluate([.. predictions.Reverse()], [.. truth.Reverse()]).GlobalAveragePrecision);
    }

    [TestMethod]
    public void EvaluateLandmarks_InfiniteConfidences_RankFirstAndLast()
        => Assert.AreEqual((1.0 + 2.0 / 3) / 2, Evaluate(
            [new("a", "1", float.NegativeInfinity), new("b", "9", 0), new("c", "3", float.PositiveInfinity)],
            [new("a", "1"), new("b", "-1"), new("c", "3")]).GlobalAveragePrecision, 1e-15);

    [TestMethod]
    public void EvaluateLandmarks_RandomData_IsWhatTheDefinitionGives()
        => Gen.Select(s_queries, Gen.Bool).Sample((queries, ignoreNonLandmarks) =>
        {
            LandmarkMetrics metrics = Evaluate(queries, ignoreNonLandmarks);

            Assert.AreEqual(Reference(queries, ignoreNonLandmarks), metrics.GlobalAveragePrecision, 1e-12);
            int right = queries.Count(q => q.IsRight), withLandmark = queries.Count(q => q.Shown.Length > 0);
            Assert.AreEqual(right, metrics.RightCount);
            Assert.AreEqual(withLandmark, metrics.WithLandmarkCount);
            Assert.AreEqual((double)right / withLandmark, metrics.Accuracy, 1e-15);
            Assert.AreEqual(queries.Length, metrics.QueryCount);
            Assert.AreEqual(queries.Count(q => q.IsAnswered), metrics.AnsweredCount);
        }, iter: 200, threads: 1, seed: "0000KOIPe036");

    [TestMethod]
    public void EvaluateLandmarks_IncreasingChangesOfTheConfidences_ChangeNothing()
        => s_queries.Sample(queries =>
        {
            double gap = Evaluate(queries).GlobalAveragePrecision;

            // Exact in Single for multiples of a quarter, so that equal ones stay equal and others don't become it.
            Assert.AreEqual(gap, Evaluate([.. queries.Select(q => q with { Confidence = 8 * q.Confidence - 100 })]).GlobalAveragePrecision);
            Assert.AreEqual(gap, Evaluate(
                [.. queries.Select(q => q with { Confidence = q.Confidence * q.Confidence * q.Confidence })]).GlobalAveragePrecision);
            Assert.AreEqual(gap, Evaluate(
                [.. queries.Select(q => q with { Confidence = MathF.Exp(q.Confidence) })]).GlobalAveragePrecision);
        }, iter: 50, threads: 1, seed: "0000KOIPe036");

    [TestMethod]
    public void EvaluateLandmarks_RowsInAnotherOrder_ChangeNothing()
        => s_queries.Sample(queries =>
        {
            Prediction[] predictions = [.. queries.Select((q, i) => q.ToPrediction(i))];
            Landmarks[] truth = [.. queries.Select((q, i) => q.ToTruth(i))];

            Assert.AreEqual(Evaluate(predictions, truth).GlobalAveragePrecision,
                Evaluate([.. predictions.Reverse()], truth).GlobalAveragePrecision);
        }, iter: 50, threads: 1, seed: "0000KOIPe036");

    [TestMethod]
    public void EvaluateLandmarks_QueryMissingFromTheTruth_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => Evaluate([new("a", "1", 1), new("b", "1", float.NaN)], [new("a", "1")]));

        Assert.AreEqual("The query 'b' is predicted but missing from the truth. Add it there; label -1 says that it shows no landmark.",
            error.Message);
    }

    [TestMethod]
    [DataRow(0.5f)]
    [DataRow(float.NaN)]
    public void EvaluateLandmarks_QueryPredictedTwice_Throws(float second)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => Evaluate([new("a", "1", 1), new("a", "2", second)], [new("a", "1")]));

        Assert.AreEqual("The query 'a' stands twice in the predictions; each may stand there once.", error.Message);
    }

    [TestMethod]
    public void EvaluateLandmarks_QueryTwiceInTheTruth_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate([new("a", "1", 1)], [new("a", "1"), new("a", "1")]));

        Assert.AreEqual("The query 'a' stands twice in the truth; each may stand there once.", error.Message);
    }

    [TestMethod]
    public void EvaluateLandmarks_NoQueryWithLandmark_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate([new("a", "1", 1)], [new("a", "-1"), new("b", "")]));

        Assert.AreEqual("No query of the truth shows a landmark, so there is nothing to measure.", error.Message);
    }

    [TestMethod]
    public void EvaluateLandmarks_LabelTypes_CompareByWhatTheyRead()
    {
        IDataView int64 = s_mlContext.Data.LoadFromEnumerable(
            [new NumberRow("a", 7, 7, 0.9f), new NumberRow("b", 300, -1, 0.8f), new NumberRow("c", 300, 300, 0.7f)]);
        IDataView int32 = s_mlContext.Transforms.Conversion.ConvertType(
            [new InputOutputColumnPair("PredictedLabel"), new InputOutputColumnPair("Label")], DataKind.Int32).Fit(int64).Transform(int64);
        IDataView text = s_mlContext.Transforms.Conversion.ConvertType(
            [new InputOutputColumnPair("PredictedLabel"), new InputOutputColumnPair("Label")], DataKind.String).Fit(int64).Transform(int64);
        // Predicted and true labels become keys of their own, so equal keys mean different landmarks.
        IDataView numberKeys = s_mlContext.Transforms.Conversion.MapValueToKey([new("PredictedLabel"), new("Label")]).Fit(int64)
            .Transform(int64);
        IDataView textKeys = s_mlContext.Transforms.Conversion.MapValueToKey([new("PredictedLabel"), new("Label")]).Fit(text)
            .Transform(text);
        IDataView[] views = [int64, int32, text, numberKeys, textKeys];

        Assert.AreNotEqual(numberKeys.Schema["Label"].Annotations.Schema["KeyValues"].Type,
            textKeys.Schema["Label"].Annotations.Schema["KeyValues"].Type);
        foreach (IDataView predictions in views)
        {
            foreach (IDataView truth in views)
            {
                LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(predictions, truth);
                Assert.AreEqual((1 + 2.0 / 3) / 2, metrics.GlobalAveragePrecision, 1e-15,
                    $"{predictions.Schema["PredictedLabel"].Type}, {truth.Schema["Label"].Type}");
                Assert.AreEqual(2, metrics.WithLandmarkCount);
            }
        }
    }

    [TestMethod]
    public void EvaluateLandmarks_MissingKeyInTheTruth_ShowsNoLandmark()
    {
        IDataView truth = s_mlContext.Data.LoadFromEnumerable([new KeyTruth("a", 5), new KeyTruth("b", 1)]);

        LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(s_mlContext.Data.LoadFromEnumerable([new Prediction("b", "1", 1)]),
            truth);

        Assert.AreEqual(1, metrics.WithLandmarkCount);
        Assert.AreEqual(2, metrics.QueryCount);
        Assert.AreEqual(1.0, metrics.GlobalAveragePrecision);
    }

    [TestMethod]
    [DataRow("Eiffel Tower", 1.0)]
    [DataRow("Tower", 0.0)]
    [DataRow("Eiffel  Tower", 0.0)]
    public void EvaluateLandmarks_NameWithBlanks_IsOneName(string answer, double gap)
        => Assert.AreEqual(gap, Evaluate([new("a", answer, 1)], [new("a", "Eiffel Tower")]).GlobalAveragePrecision);

    [TestMethod]
    public void EvaluateLandmarks_NameOfSeveralNumbers_IsOneNameWithAWarning()
    {
        var mlContext = new MLContext();
        List<string> warnings = mlContext.CollectWarnings();

        LandmarkMetrics metrics = mlContext.Data.EvaluateLandmarks(mlContext.Data.LoadFromEnumerable([new Prediction("a", "5", 1)]),
            mlContext.Data.LoadFromEnumerable([new Truth("a", "1 5  9")]));

        Assert.AreEqual(0, metrics.RightCount);
        CollectionAssert.AreEqual(new[] { "1 name of a landmark reads as several numbers, the first is '1 5  9', and is taken for one. "
            + "Several landmarks stand in a vector, or in the column 'landmarks' of a CSV file." }, warnings);
    }

    [TestMethod]
    [DataRow("7", "7.0", 1)]
    [DataRow("7.0", "7", 1)]
    [DataRow("7", "007", 1)]
    [DataRow("-7", "-7.00", 1)]
    [DataRow("Café", "Cafe\u0301", 1)]
    [DataRow("7", "7.5", 0)]
    [DataRow("7", "seven", 0)]
    public void EvaluateLandmarks_NamesAsProgramsWriteThem_AreOneLandmark(string answer, string truth, int right)
        => Assert.AreEqual(right, Evaluate([new("a", answer, 1)], [new("a", truth), new("b", "-1.0")]).RightCount);

    [TestMethod]
    [DataRow("nan", "1")]
    [DataRow("1", "None")]
    [DataRow("1", "<NA>")]
    public void EvaluateLandmarks_MarkOfAMissingValue_Throws(string answer, string truth)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => Evaluate([new("a", answer, 1)], [new("a", truth), new("b", "1")]));

        string label = answer == "1" ? truth : answer;
        Assert.AreEqual($"The label '{label}' of query 'a' is how a missing value is written, no name of a landmark. Leave the label "
            + "empty, or write -1, where there is none.", error.Message);
    }

    [TestMethod]
    public void EvaluateLandmarks_VectorOfNumbersOrKeys_NamesSeveral()
    {
        IDataView numbers = s_mlContext.Data.LoadFromEnumerable(
            [new NumberTruth("a", [7, 9]), new NumberTruth("b", [-1, -1]), new NumberTruth("c", [8, -1])]);
        IDataView keys = s_mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(numbers).Transform(numbers);

        foreach (IDataView truth in new[] { numbers, keys })
        {
            LandmarkMetrics metrics = s_mlContext.Data.EvaluateLandmarks(
                s_mlContext.Data.LoadFromEnumerable(
                [new Prediction("a", "9", 3), new Prediction("c", "8", 2), new Prediction("b", "8", 1)]), truth);
            Assert.AreEqual(2, metrics.RightCount, $"{truth.Schema["Label"].Type}");
            Assert.AreEqual(2, metrics.WithLandmarkCount);
        }
    }

    [TestMethod]
    public void EvaluateLandmarks_KeysWithoutKeyValues_ReadAsMLNetWritesThem()
    {
        IDataView keys = s_mlContext.Data.LoadFromEnumerable(
            [new KeyRow("a", 7, 7, 3), new KeyRow("b", 0, 0, 2), new KeyRow("c", 9, 9, 1)]);
        IDataView numbers = s_mlContext.Data.LoadFromEnumerable(
            [new NumberRow("a", 7, 7, 3), new NumberRow("b", 0, 0, 2), new NumberRow("c", 9, 9, 1)]);
        using var written = new MemoryStream();
        s_mlContext.Data.SaveAsText(s_mlContext.Transforms.SelectColumns("Label").Fit(keys).Transform(keys), written, headerRow: false,
            schema: false);

        Assert.AreEqual("7\n0\n9\n", System.Text.Encoding.UTF8.GetString(written.ToArray()).ReplaceLineEndings("\n"));
        Assert.AreEqual(3, s_mlContext.Data.EvaluateLandmarks(keys, numbers).RightCount);
        Assert.AreEqual(3, s_mlContext.Data.EvaluateLandmarks(numbers, keys).RightCount);
    }

    [TestMethod]
    public void EvaluateLandmarks_TruthByTheKeyOfTheChain_CountsUnseenLandmarksAsWrongAndSaysSo()
    {
        var mlContext = new MLContext(seed: 1);
        List<string> warnings = mlContext.CollectWarnings();
        IDataView train = mlContext.Data.LoadFromEnumerable([new Truth("t", "1"), new Truth("u", "-1")]);
        IDataView truth = mlContext.Data.LoadFromEnumerable([new Truth("a", "1"), new Truth("b", "2"), new Truth("c", "-1")]);
        IDataView keys = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(train).Transform(truth);

        // Right, but below the answer to a landmark that was never seen: (1 / 2) (1 / 2).
        LandmarkMetrics metrics = mlContext.Data.EvaluateLandmarks(
            mlContext.Data.LoadFromEnumerable([new Prediction("a", "1", 1), new Prediction("b", "1", 2)]), keys);

        Assert.AreEqual(0.25, metrics.GlobalAveragePrecision);
        Assert.AreEqual(2, metrics.WithLandmarkCount);
        CollectionAssert.AreEqual(new[] { "1 query has a missing key and shows a landmark that the key values lack, since -1 is one of "
            + "them. No answer to it is right." }, warnings);
    }

    [TestMethod]
    public void EvaluateLandmarks_KeyThatKnowsNoNonLandmark_TakesMissingKeysForNoneAndSaysSo()
    {
        var mlContext = new MLContext(seed: 1);
        List<string> warnings = mlContext.CollectWarnings();
        IDataView train = mlContext.Data.LoadFromEnumerable([new Truth("t", "1")]);
        IDataView truth = mlContext.Data.LoadFromEnumerable([new Truth("a", "1"), new Truth("b", "2"), new Truth("c", "-1")]);
        IDataView keys = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(train).Transform(truth);

        Assert.AreEqual(1, mlContext.Data.EvaluateLandmarks(mlContext.Data.LoadFromEnumerable([new Prediction("a", "1", 1)]),
            keys).WithLandmarkCount);
        CollectionAssert.AreEqual(new[] { "2 queries have missing keys and count as showing no landmark, since -1 is no key value. Take "
            + "the labels themselves for the truth if they show landmarks that the key values lack." }, warnings);
    }

    [TestMethod]
    public void EvaluateLandmarks_Usage_MeasuresPublicAndPrivateApartAndIgnoresTheRest()
    {
        // The ranking: i is ignored, b wrong, a right, c right; d shows none.
        Prediction[] predictions = [new("i", "9", 9), new("b", "1", 4), new("a", "1", 3), new("c", "2", 2), new("d", "2", 1)];
        PartTruth[] truth = [new("a", "1", "Public"), new("b", "3", "Public"), new("c", "2", "Private"), new("d", "", "Private"),
            new("i", "1", "Ignored"), new("j", "1", "Ignored")];

        LandmarkMetrics metrics = Evaluate(predictions, truth);

        Assert.AreEqual((1.0 / 2 + 2.0 / 3) / 3, metrics.GlobalAveragePrecision, 1e-15);
        Assert.AreEqual(0.25, metrics.Public!.GlobalAveragePrecision);
        Assert.AreEqual(1.0, metrics.Private!.GlobalAveragePrecision);
        CollectionAssert.AreEqual(new[] { 4, 2, 2, 2 },
            new[] { metrics.QueryCount, metrics.IgnoredCount, metrics.Public.QueryCount, metrics.Private.QueryCount });
        CollectionAssert.AreEqual(new[] { 3, 2, 1 },
            new[] { metrics.WithLandmarkCount, metrics.Public.WithLandmarkCount, metrics.Private.WithLandmarkCount });
        CollectionAssert.AreEqual(new[] { 4, 2, 2 },
            new[] { metrics.AnsweredCount, metrics.Public.AnsweredCount, metrics.Private.AnsweredCount });
        Assert.IsNull(metrics.Public.Public);
    }

    [TestMethod]
    [DataRow("Public", "", DisplayName = "one part alone")]
    [DataRow("Private", "Ignored", DisplayName = "the other is ignored")]
    public void EvaluateLandmarks_UsageOfOnePart_IsNotMeasuredApart(string first, string second)
    {
        LandmarkMetrics metrics = Evaluate([], (PartTruth[])[new("a", "1", first), new("b", "1", second)]);

        Assert.IsNull(metrics.Public);
        Assert.IsNull(metrics.Private);
    }

    [TestMethod]
    public void EvaluateLandmarks_UsageOfAnotherMeaning_Throws()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate([], (PartTruth[])[new("a", "1", "test")]));

        Assert.AreEqual("The usage 'test' of query 'a' is none of Public, Private and Ignored. Rename the column 'Usage' if it means "
            + "something else.", error.Message);
    }

    [TestMethod]
    public void EvaluateLandmarks_Views_AreReadOnceEach()
    {
        var predictions = new CountingView(s_mlContext.Data.LoadFromEnumerable([new Prediction("a", "1", 1)]));
        var truth = new CountingView(s_mlContext.Data.LoadFromEnumerable([new Truth("a", "1")]));

        s_mlContext.Data.EvaluateLandmarks(predictions, truth);

        Assert.AreEqual(1, predictions.Cursors);
        Assert.AreEqual(1, truth.Cursors);
        CollectionAssert.AreEqual(new[] { "Id", "PredictedLabel", "Score" }, predictions.Columns);
        CollectionAssert.AreEqual(new[] { "Id", "Label" }, truth.Columns);
    }

    [TestMethod]
    public void EvaluateLandmarks_ColumnMissingOrOfAnotherType_Throws()
    {
        IDataView predictions = s_mlContext.Data.LoadFromEnumerable([new Prediction("a", "1", 1)]),
            truth = s_mlContext.Data.LoadFromEnumerable([new Truth("a", "1")]);
        IDataView single = s_mlContext.Data.LoadFromEnumerable([new SingleTruth("a", 1)]);

        AssertThrows("Could not find label column 'Label' (Parameter 'inputSchema')", predictions, predictions);
        AssertThrows("Could not find predicted label column 'PredictedLabel' (Parameter 'inputSchema')", truth, truth);
        AssertThrows("Schema mismatch for label column 'Label': expected Int32, Int64, String or Key, or a vector of one of these, got "
            + "Single (Parameter 'inputSchema')", predictions, single);

        static void AssertThrows(string message, IDataView predictions, IDataView truth)
            => Assert.AreEqual(message, Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => s_mlContext.Data.EvaluateLandmarks(predictions, truth)).Message);
    }

    [TestMethod]
    public void EvaluateLandmarks_NullArguments_Throw()
    {
        IDataView view = s_mlContext.Data.LoadFromEnumerable([new Prediction("a", "1", 1)]);

        Assert.AreEqual("catalog", Assert.ThrowsExactly<ArgumentNullException>(()
            => LandmarksCatalog.EvaluateLandmarks(null!, view, view)).ParamName);
        Assert.AreEqual("predictions",
            Assert.ThrowsExactly<ArgumentNullException>(() => s_mlContext.Data.EvaluateLandmarks(null!, view)).ParamName);
        Assert.AreEqual("truth", Assert.ThrowsExactly<ArgumentNullException>(()
            => s_mlContext.Data.EvaluateLandmarks(view, null!)).ParamName);
    }

    [TestMethod]
    public void EvaluateLandmarks_GoldenSubmission_HasTheGoldenMetrics()
    {
        string[][] submission = TestFiles.ReadCsv(TestFiles.Golden("sample", "submission.csv")),
            truth = TestFiles.ReadCsv(TestFiles.Golden("sample", "test_truth.csv"));

        LandmarkMetrics metrics = Evaluate(
            [.. submission.Select(row => (Id: row[0], Answer: row[1].Split(' ')))
                .Select(row => new Prediction(row.Id, row.Answer[0], float.Parse(row.Answer[1], CultureInfo.InvariantCulture)))],
            [.. truth.Select(row => new Truth(row[0], row[1]))]);

        Assert.AreEqual("0.910287", metrics.GlobalAveragePrecision.ToString("F6", CultureInfo.InvariantCulture));
        Assert.AreEqual("0.916667", metrics.Accuracy.ToString("F6", CultureInfo.InvariantCulture));
        Assert.AreEqual(76, metrics.QueryCount);
        Assert.AreEqual(76, metrics.AnsweredCount);
        Assert.AreEqual(36, metrics.WithLandmarkCount);
        Assert.AreEqual(33, metrics.RightCount);
    }

    /// <summary>The definition, word by word: for each right answer, a count over all answers of those that do not rank below it.</summary>
    private static double Reference(Query[] queries, bool ignoreNonLandmarks)
    {
        int[] answered = [.. Enumerable.Range(0, queries.Length)
            .Where(i => queries[i].IsAnswered && !(ignoreNonLandmarks && queries[i].Shown.Length == 0))];
        double sum = 0;
        foreach (int i in answered.Where(i => queries[i].IsRight))
        {
            int[] notBelow = [.. answered.Where(j => queries[j].Confidence > queries[i].Confidence
                || (queries[j].Confidence == queries[i].Confidence && j <= i))];
            sum += (double)notBelow.Count(j => queries[j].IsRight) / notBelow.Length;
        }

        return sum / queries.Count(q => q.Shown.Length > 0);
    }

    private static LandmarkMetrics Evaluate(Query[] queries, bool ignoreNonLandmarks = false)
        => Evaluate([.. queries.Select((q, i) => q.ToPrediction(i))], (Landmarks[])[.. queries.Select((q, i) => q.ToTruth(i))],
        ignoreNonLandmarks);

    private static LandmarkMetrics Evaluate(Prediction[] predictions, Truth[] truth, bool ignoreNonLandmarks = false)
        => Evaluate<Truth>(predictions, truth, ignoreNonLandmarks);

    private static LandmarkMetrics Evaluate<TTruth>(Prediction[] predictions, TTruth[] truth, bool ignoreNonLandmarks = false)
        where TTruth : class
        => s_mlContext.Data.EvaluateLandmarks(s_mlContext.Data.LoadFromEnumerable(predictions), s_mlContext.Data.LoadFromEnumerable(truth),
        ignoreNonLandmarks);

    private sealed record Query(int[] Shown, int Answer, float Confidence)
    {
        public bool IsAnswered => !float.IsNaN(Confidence);

        public bool IsRight => IsAnswered && Shown.Contains(Answer);

        public Prediction ToPrediction(int i) => new($"q{i:00}", $"{Answer}", Confidence);

        public Landmarks ToTruth(int i) => new($"q{i:00}", [.. Shown.Select(landmark => $"{landmark}")]);
    }

    private sealed record Prediction(string Id, string PredictedLabel, float Score);

    private sealed record Truth(string Id, string Label);

    private sealed record Landmarks(string Id, string[] Label);

    private sealed record PartTruth(string Id, string Label, string Usage);

    private sealed record NumberTruth(string Id, [property: VectorType(2)] long[] Label);

    private sealed record SingleTruth(string Id, float Label);

    // A row's number counts keys from 0, where a column's counts from 1; one that is too large is a missing key.
    private sealed record KeyTruth(string Id, [property: KeyType(5)] uint Label);

    private sealed record KeyRow(string Id, [property: KeyType(10)] uint PredictedLabel, [property: KeyType(10)] uint Label, float Score);

    private sealed record NumberRow(string Id, long PredictedLabel, long Label, float Score);
}
