using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests.Recognition;

[TestClass]
public sealed class RecognizeLandmarksTests
{
    private const int Dimension = 16;

    private readonly MLContext _mlContext = new(seed: 1);

    // What a verdict adds is tested where that is.
    private static LandmarkRecognizingEstimator.Options NoVerdict => new() { FalseAlarmRate = null };

    [TestMethod]
    [DataRow(LandmarkMethod.Plain, false, 1d)]
    [DataRow(LandmarkMethod.NoPenalties, false, 0d)]
    [DataRow(LandmarkMethod.Whitened, true, 1d)]
    [DataRow(LandmarkMethod.WhitenedNoPenalties, true, 0d)]
    [DataRow(LandmarkMethod.WhitenedTuned, true, null)]
    public void Fit_AnyMethod_GivesTheBitsOfTheStepsInAChain(LandmarkMethod method, bool whitens, double? weight)
    {
        IDataView rows = Rows(Landmarks(12, 6, noise: 1.5f)), queries = Rows(Landmarks(12, 4, noise: 2, seed: 2));
        IEstimator<ITransformer> landmarks = _mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
            NumberOfNeighbors = 3,
            NumberOfTrainingPenaltyNeighbors = 4,
            NumberOfQueryPenaltyNeighbors = 6,
            NeighborPenaltiesColumnName = "NeighborPenalties",
            NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
            NumberOfTopLandmarks = 4,
            TopScoresColumnName = "Best",
            ScoresColumnName = "Scores",
            SameLandmarkSmoothing = 0.25,
            TrainingPenaltyWeight = weight ?? 1,
            QueryPenaltyWeight = weight ?? 1,
            Tuning = weight is null ? new KnnLandmarkTuning() : null,
        });
        IEstimator<ITransformer> chain = whitens ? _mlContext.Transforms.WhitenFeatures("Features").Append(landmarks) : landmarks;
        object[][] expected = Answers(chain.Fit(rows), queries);

        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = method,
            FalseAlarmRate = null,
            IdColumnName = "Id",
            NeighborsColumnName = "Neighbors",
            NeighborScoresColumnName = "NeighborScores",
            QueryPenaltyColumnName = "QueryPenalty",
            NumberOfNeighbors = 3,
            NumberOfTrainingPenaltyNeighbors = 4,
            NumberOfQueryPenaltyNeighbors = 6,
            NeighborPenaltiesColumnName = "NeighborPenalties",
            NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
            NumberOfTopLandmarks = 4,
            TopScoresColumnName = "Best",
            ScoresColumnName = "Scores",
            SameLandmarkSmoothing = 0.25,
        }).Fit(rows);

        ViewReader.AssertSameRows(expected, Answers(step, queries));
        ViewReader.AssertSameRows(expected, Answers(Reload(step, rows), queries));
        Assert.AreEqual(method, step.Method);
        Assert.IsEmpty(step.Reasons);
        Assert.AreEqual(method == LandmarkMethod.WhitenedTuned, step.TuningResult is not null);
    }

    [TestMethod]
    [DataRow(7, 40, LandmarkMethod.Plain, "not whitened by 7 landmarks, since that takes 8")]
    [DataRow(1, 40, LandmarkMethod.Plain, "not whitened by 1 landmark, since that takes 8")]
    [DataRow(9, 40, LandmarkMethod.Whitened, "not tuned by 9 landmarks, since that takes 10")]
    [DataRow(12, 29, LandmarkMethod.Whitened, "not tuned by 29 non-landmark rows, since that takes 30")]
    [DataRow(12, 1, LandmarkMethod.Whitened, "not tuned by 1 non-landmark row, since that takes 30")]
    [DataRow(12, 30, LandmarkMethod.WhitenedTuned, null)]
    public void Fit_NoMethod_TakesWhatTheRowsBear(int landmarks, int nonLandmarks, LandmarkMethod method, string? why)
    {
        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict)
            .Fit(Rows(Landmarks(landmarks, 5, noise: 0.5f, nonLandmarks: nonLandmarks)));

        Assert.AreEqual(method, step.Method);
        string[] reasons = [.. step.Reasons];
        if (method != LandmarkMethod.Plain)
            StringAssert.Matches(reasons[0], new(@"^cross-validated GAP of whitened 0\.\d{4}, of plain 0\.\d{4}$"));
        CollectionAssert.AreEqual(why is null ? [] : new[] { why }, method == LandmarkMethod.Plain ? reasons : reasons[1..]);
    }

    [TestMethod]
    // Landmarks differ along a few axes, and what varies most says nothing of them.
    [DataRow(2f, 0.5f, LandmarkMethod.WhitenedTuned)]
    // They differ along the axes that vary most, and whitening makes noise stronger.
    [DataRow(0f, 1f, LandmarkMethod.Plain)]
    public void Fit_NoMethod_TakesTheBetterInACrossValidation(float common, float noise, LandmarkMethod method)
    {
        LabeledRow[] labeled = Landmarks(14, 4, noise, common: common);
        IDataView rows = Rows(labeled);
        double plain = CrossValidate(rows, _mlContext.Transforms.KnnLandmark()),
            whitened = CrossValidate(rows, _mlContext.Transforms.WhitenFeatures("Features").Append(_mlContext.Transforms.KnnLandmark()));

        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(rows);

        Assert.AreEqual(method, whitened < plain ? LandmarkMethod.Plain : LandmarkMethod.WhitenedTuned);
        Assert.AreEqual(method, step.Method);
        CollectionAssert.AreEqual(
            new[] { FormattableString.Invariant($"cross-validated GAP of whitened {whitened:F4}, of plain {plain:F4}") },
            step.Reasons.ToArray());
    }

    [TestMethod]
    public void Fit_OneRowOfEachLandmark_WhitensWithoutACrossValidation()
    {
        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(Rows(Landmarks(12, 1, noise: 0.5f)));

        Assert.AreEqual(LandmarkMethod.Whitened, step.Method);
        CollectionAssert.AreEqual(new[] { "no landmark has a second photograph to cross-validate by" }, step.Reasons.ToArray());
    }

    [TestMethod]
    public void Fit_FewRowsInCompany_AreNotTunedWithoutAWarning()
    {
        List<string> warnings = _mlContext.CollectWarnings();

        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict)
            .Fit(Rows(Landmarks(14, 2, noise: 0.5f, common: 2)));

        Assert.AreEqual(LandmarkMethod.Whitened, step.Method);
        Assert.AreEqual("not tuned by 28 rows that share their landmark with another, since that takes 30", step.Reasons[1]);
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Fit_RowsThatAreAllAlike_GoesOnWithoutWhiteningAndSaysSo()
    {
        LabeledRow[] rows = Landmarks(12, 3, noise: 1);
        foreach (LabeledRow row in rows)
            row.Features = [.. Enumerable.Repeat(1f, Dimension)];
        List<string> warnings = _mlContext.CollectWarnings();

        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(Rows(rows));

        Assert.AreEqual(LandmarkMethod.Plain, step.Method);
        CollectionAssert.AreEqual(new[] { "there is nothing to whiten" }, step.Reasons.ToArray());
        Assert.StartsWith("Not whitened; landmarks are learned from the embeddings as they are. There is nothing to whiten: all ",
            warnings[0]);
        Assert.HasCount(2, warnings, "that all rows are alike is said too");
        // Who asks for whitened rows can't have them.
        Assert.StartsWith("There is nothing to whiten: all ", Assert.ThrowsExactly<InvalidOperationException>(()
            => _mlContext.Transforms.RecognizeLandmarks(
                new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Method = LandmarkMethod.Whitened })
            .Fit(Rows(rows))).Message);
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(LandmarkMethod.Plain)]
    [DataRow(LandmarkMethod.WhitenedTuned)]
    public void Fit_Input_IsReadOnce(LandmarkMethod? method)
    {
        LabeledRow[] rows = Landmarks(12, 5, noise: 1);
        var input = new CountingView(Rows(rows));

        _mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Method = method, IdColumnName = "Id" })
            .Fit(input);

        Assert.AreEqual((1, rows.Length, 0), (input.Cursors, input.Rows, input.OpenCursors));
        CollectionAssert.AreEqual(new[] { "Features", "Id", "Label" }, input.Columns);
        foreach (string column in input.Columns)
            Assert.AreEqual(rows.Length, input.Evaluations[column], column);
    }

    [TestMethod]
    public void Fit_RowsWithoutACosine_AreLeftOutWithOneWarningOfEachKind()
    {
        LabeledRow[] rows = Landmarks(12, 5, noise: 1);
        rows[3].Features[2] = float.NaN;
        rows[70].Features[1] = float.PositiveInfinity;
        rows[9].Features = new float[Dimension];
        List<string> warnings = _mlContext.CollectWarnings();

        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(Rows(rows));

        Assert.AreEqual((58, 39), (step.LandmarkRowCount, step.NonLandmarkRowCount));
        Assert.HasCount(2, warnings);
        Assert.AreEqual("2 rows have a feature that is NaN or infinite and are left out.", warnings[0]);
        Assert.StartsWith("1 row has features that are all 0, whose cosine is undefined, and is left out.", warnings[1]);
    }

    [TestMethod]
    public void Fit_NoLandmarkOrNoNonLandmark_SaysWhatIsMissing()
    {
        LabeledRow[] rows = Landmarks(2, 2, noise: 1, nonLandmarks: 2);
        rows[0].Features[0] = float.NaN;

        Assert.AreEqual("No row names a landmark: 2 rows are labelled -1 or have no label, and 0 have missing features, or zeros alone. "
            + "Add landmark rows to the training data.", Message(rows[4..]));
        Assert.AreEqual("No row that is not left out is labelled -1, so there is no penalty to compute. Add non-landmark rows to the "
            + "training data, or set AllowNoNonLandmarks.", Message(rows[..4]));

        string Message(LabeledRow[] some)
            => Assert.ThrowsExactly<InvalidOperationException>(
                () => _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(Rows(some))).Message;
    }

    [TestMethod]
    public void Fit_NoNonLandmarksAllowed_ChoosesAllTheSame()
    {
        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, AllowNoNonLandmarks = true })
            .Fit(Rows(Landmarks(12, 5, noise: 0.1f, nonLandmarks: 0)));

        Assert.AreEqual(LandmarkMethod.Whitened, step.Method);
        CollectionAssert.AreEqual(new[]
        {
            "cross-validated GAP of whitened 1.0000, of plain 1.0000",
            "not tuned by 0 non-landmark rows, since that takes 30",
        }, step.Reasons.ToArray());
    }

    [TestMethod]
    public void Fit_LabelsThatAreKeys_AnswersAndChoosesAsWithNumbers()
    {
        IDataView numbers = Rows(Landmarks(12, 5, noise: 2)), queries = Rows(Landmarks(12, 5, noise: 2, seed: 2));
        IDataView keys = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(numbers).Transform(numbers);
        LandmarkRecognizingTransformer expected = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(numbers);

        LandmarkRecognizingTransformer actual = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(keys);

        CollectionAssert.AreEqual(expected.Reasons.ToArray(), actual.Reasons.ToArray());
        IDataView answers = actual.Transform(queries);
        CollectionAssert.AreEqual(expected.Transform(queries).Values<int>("PredictedLabel"),
            _mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(answers).Transform(answers).Values<int>("PredictedLabel"));
    }

    [TestMethod]
    public void Fit_SparseFeaturesAndLabelsThatAreIdsToo_AnswersAsWithDenseOnes()
    {
        LabeledRow[] labeled = Landmarks(12, 5, noise: 1);
        foreach (LabeledRow row in labeled)
            row.Features[3] = row.Features[7] = 0;
        SchemaDefinition definition = SchemaDefinition.Create(typeof(SparseRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Dimension);
        int[] places = [.. Enumerable.Range(0, Dimension).Where(i => i is not (3 or 7))];
        IDataView rows = _mlContext.Data.LoadFromEnumerable(labeled.Select(row => new SparseRow
        {
            Label = $"{row.Label}",
            Features = new VBuffer<float>(Dimension, places.Length, [.. places.Select(i => row.Features[i])], places),
        }), definition);

        IDataView answers = _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            Method = LandmarkMethod.Whitened,
            IdColumnName = "Label",
            NeighborsColumnName = "Neighbors",
        }).Fit(rows).Transform(rows);

        IDataView expected = _mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { Method = LandmarkMethod.Whitened }).Fit(Rows(labeled)).Transform(Rows(labeled));
        CollectionAssert.AreEqual(expected.Values<float>("Score"), answers.Values<float>("Score"));
        CollectionAssert.AreEqual(expected.Values<int>("PredictedLabel").Select(label => $"{label}").ToArray(),
            answers.Texts("PredictedLabel"));
        Assert.AreEqual("100", answers.Values<VBuffer<ReadOnlyMemory<char>>>("Neighbors")[0].GetValues()[0].ToString());
    }

    [TestMethod]
    public void Fit_Names_AreThoseOfTheFittedLandmarks()
    {
        IDataView rows = Rows(Landmarks(3, 2, noise: 1));
        IDataView names = _mlContext.Data.LoadFromEnumerable(
            new[] { new { Label = "100", Name = "Tower" }, new { Label = "102", Name = "" }, new { Label = "7", Name = "Bridge" },
                new { Label = "100", Name = "Tower" }, new { Label = "100", Name = "" } });

        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Names = names }).Fit(rows);
        var reloaded = (LandmarkRecognizingTransformer)Reload(step, rows);

        foreach (LandmarkRecognizingTransformer model in (LandmarkRecognizingTransformer[])[step, reloaded])
            CollectionAssert.AreEqual(new[] { KeyValuePair.Create("100", "Tower") }, model.Names.ToArray());
        Assert.IsEmpty(_mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(rows).Names);
        Assert.StartsWith("Could not find name column 'Name'", Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => _mlContext.Transforms.RecognizeLandmarks(
                new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Names = rows }).Fit(rows)).Message);
    }

    [TestMethod]
    public void Fit_LandmarkWithTwoNames_Throws()
    {
        IDataView names = _mlContext.Data.LoadFromEnumerable(
            new[] { new { Label = "100", Name = "Tower" }, new { Label = "7", Name = "Bridge" }, new { Label = "100", Name = "Spire" } });

        Assert.AreEqual("The landmark '100' has two names, 'Tower' and 'Spire'. Give it one of them.",
            Assert.ThrowsExactly<InvalidOperationException>(() => _mlContext.Transforms.RecognizeLandmarks(
                new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Names = names })
                .Fit(Rows(Landmarks(3, 2, noise: 1)))).Message);
    }

    [TestMethod]
    [DataRow("100", null)]
    [DataRow("0100", "None of the names is that of a landmark in the training data: the first is of '0100', and a landmark is labelled "
        + "'100'. Give names of labels as the training data has them.")]
    public void Fit_NamesOfOtherLandmarksAlone_Warns(string named, string? warning)
    {
        List<string> warnings = _mlContext.CollectWarnings();
        IDataView names = _mlContext.Data.LoadFromEnumerable(
            new[] { new { Label = named, Name = "Tower" }, new { Label = "7", Name = "Bridge" } });

        _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Names = names })
            .Fit(Rows(Landmarks(3, 2, noise: 1)));

        CollectionAssert.AreEqual(warning is null ? [] : new[] { warning }, warnings);
    }

    [TestMethod]
    public void Load_SavedStep_KnowsHowItWasFitted()
    {
        IDataView rows = Rows(Landmarks(12, 5, noise: 0.5f));
        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(rows);

        var reloaded = (LandmarkRecognizingTransformer)Reload(step, rows);

        Assert.AreEqual(LandmarkMethod.WhitenedTuned, step.Method);
        Assert.AreEqual(step.Method, reloaded.Method);
        CollectionAssert.AreEqual(step.Reasons.ToArray(), reloaded.Reasons.ToArray());
        Assert.AreEqual((60, 40), (reloaded.LandmarkRowCount, reloaded.NonLandmarkRowCount));
        Assert.AreEqual((step.TrainingPenaltyWeight, step.QueryPenaltyWeight, step.SimilarityExponent),
            (reloaded.TrainingPenaltyWeight, reloaded.QueryPenaltyWeight, reloaded.SimilarityExponent));
        Assert.IsNotNull(step.TuningResult);
        Assert.IsNull(reloaded.TuningResult);
    }

    [TestMethod]
    public void FitAllMethods_Rows_FitsTheChosenOneFirstAndTheOthersAlike()
    {
        IDataView source = Rows(Landmarks(12, 5, noise: 0.5f)), queries = Rows(Landmarks(12, 4, noise: 2, seed: 2));
        var input = new CountingView(source);

        LandmarkRecognizingTransformer[] steps = [.. _mlContext.Transforms.RecognizeLandmarks(NoVerdict).FitAllMethods(input)];

        Assert.AreEqual(1, input.Cursors);
        CollectionAssert.AreEqual(new[] { LandmarkMethod.WhitenedTuned, LandmarkMethod.Plain, LandmarkMethod.NoPenalties,
            LandmarkMethod.Whitened, LandmarkMethod.WhitenedNoPenalties }, steps.Select(step => step.Method).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 0, 0, 0, 0 }, steps.Select(step => step.Reasons.Count).ToArray());
        foreach (LandmarkRecognizingTransformer step in steps)
        {
            LandmarkRecognizingTransformer alone = _mlContext.Transforms.RecognizeLandmarks(
                new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, Method = step.Method }).Fit(source);
            ViewReader.AssertSameRows(Answers(alone, queries), Answers(step, queries));
        }
    }

    [TestMethod]
    public void FitAllMethods_RowsThatAreAllAlike_LeavesOutThoseThatWhiten()
    {
        LabeledRow[] rows = Landmarks(12, 3, noise: 1);
        foreach (LabeledRow row in rows)
            row.Features = [.. Enumerable.Repeat(1f, Dimension)];

        LandmarkMethod[] methods
            = [.. _mlContext.Transforms.RecognizeLandmarks(NoVerdict).FitAllMethods(Rows(rows)).Select(step => step.Method)];

        CollectionAssert.AreEqual(new[] { LandmarkMethod.Plain, LandmarkMethod.NoPenalties }, methods);
    }

    [TestMethod]
    public void FitProgress_EachWork_RisesToItsTotal()
    {
        var told = new Told();

        _mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, FitProgress = told })
            .Fit(Rows(Landmarks(12, 5, noise: 0.5f)));

        (string Work, long Total)[] expected =
            [("Whitening", 100), ("Cross-validation, folds", 5), ("Penalties, whitened-tuned", 60), ("Tuning, percent", 100)];
        CollectionAssert.AreEqual(expected, told.Reports.Select(report => (report.Work, report.Total)).Distinct().ToArray());
        foreach ((string work, long total) in expected)
        {
            long[] done = [.. told.Reports.Where(report => report.Work == work).Select(report => report.Done)];
            CollectionAssert.AreEqual(done.Order().ToArray(), done, work);
            Assert.AreEqual(total, done[^1], work);
        }
    }

    [TestMethod]
    public void Fit_CancelledInTheCrossValidation_Throws()
    {
        using var cancellation = new CancellationTokenSource();
        var told = new Told { Act = report => { if (report is { Work: "Cross-validation, folds", Done: 2 }) cancellation.Cancel(); } };
        LandmarkRecognizingEstimator estimator = _mlContext.Transforms.RecognizeLandmarks(
            new LandmarkRecognizingEstimator.Options { FalseAlarmRate = null, FitProgress = told, CancellationToken = cancellation.Token });

        OperationCanceledException error = Assert.Throws<OperationCanceledException>(() => estimator.Fit(Rows(Landmarks(12, 5, noise: 1))));

        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        Assert.AreEqual(2, told.Reports[^1].Done);
    }

    [TestMethod]
    public void Transform_AfterDispose_AnswersAnew()
    {
        IDataView rows = Rows(Landmarks(12, 5, noise: 1));
        LandmarkRecognizingTransformer step = _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(rows);
        object[][] expected = Answers(step, rows);

        step.Dispose();

        ViewReader.AssertSameRows(expected, Answers(step, rows));
    }

    [TestMethod]
    public void Options_OfAnotherStep_AreThoseThatBothHave()
    {
        var shared = new KnnLandmarkEstimator.Options
        {
            IdColumnName = "Name",
            NumberOfNeighbors = 3,
            SameLandmarkSmoothing = 0.5,
            MaxDegreeOfParallelism = 2,
            QueryPenaltyWeight = 4,
        };

        var options = new LandmarkRecognizingEstimator.Options(shared) { NumberOfQueryPenaltyNeighbors = 7 };
        var plain = new KnnLandmarkEstimator.Options(options);

        Assert.AreEqual(("Name", 3, 7, 0.5, 2, 0.05), (options.IdColumnName, options.NumberOfNeighbors,
            options.NumberOfQueryPenaltyNeighbors, options.SameLandmarkSmoothing, options.MaxDegreeOfParallelism, options.FalseAlarmRate));
        Assert.AreEqual(("Name", 3, 7, 0.5, 2, 1.0), (plain.IdColumnName, plain.NumberOfNeighbors, plain.NumberOfQueryPenaltyNeighbors,
            plain.SameLandmarkSmoothing, plain.MaxDegreeOfParallelism, plain.QueryPenaltyWeight));
        Assert.ThrowsExactly<ArgumentNullException>(() => new LandmarkRecognizingEstimator.Options(null!));
    }

    [TestMethod]
    public void Options_WrongOnes_AreRefused()
    {
        Assert.AreEqual("Method is 5; it must be Plain, NoPenalties, Whitened, WhitenedNoPenalties, WhitenedTuned or null. (Parameter "
            + "'Method')", Assert.ThrowsExactly<ArgumentException>(()
            => new LandmarkRecognizingEstimator.Options { Method = (LandmarkMethod)5 }).Message);
        Assert.ThrowsExactly<ArgumentNullException>(()
            => _mlContext.Transforms.RecognizeLandmarks((LandmarkRecognizingEstimator.Options)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Transforms.RecognizeLandmarks(NoVerdict).Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Transforms.RecognizeLandmarks(NoVerdict).FitAllMethods(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _mlContext.Transforms.RecognizeLandmarks(NoVerdict).GetOutputSchema(null!));
    }

    // GAP of the rows whose landmark the other folds know, all ranked together; nothing of this library's own reckons it.
    private double CrossValidate(IDataView rows, IEstimator<ITransformer> estimator)
    {
        List<(float Score, bool IsRight, bool ShowsLandmark)> answers = [];
        foreach (DataOperationsCatalog.TrainTestData fold in _mlContext.Data.CrossValidationSplit(rows, 5, seed: 1))
        {
            HashSet<int> known = [.. fold.TrainSet.Values<int>("Label")];
            IDataView predictions = estimator.Fit(fold.TrainSet).Transform(fold.TestSet);
            int[] labels = fold.TestSet.Values<int>("Label"), predicted = predictions.Values<int>("PredictedLabel");
            float[] scores = predictions.Values<float>("Score");
            answers.AddRange(Enumerable.Range(0, labels.Length).Where(row => known.Contains(labels[row]))
                .Select(row => (scores[row], predicted[row] == labels[row], labels[row] >= 0)));
        }

        (float Score, bool IsRight, bool ShowsLandmark)[] ranked = [.. answers.OrderByDescending(answer => answer.Score)];
        return Enumerable.Range(0, ranked.Length).Where(i => ranked[i].IsRight)
            .Sum(i => ranked[..(i + 1)].Count(answer => answer.IsRight) / (i + 1d)) / ranked.Count(answer => answer.ShowsLandmark);
    }

    private object[][] Answers(ITransformer model, IDataView queries)
    {
        IDataView answers = model.Transform(queries);
        string[] columns = [.. answers.Schema.Select(column => column.Name).Where(name => name != "Features")];
        return _mlContext.Transforms.SelectColumns(columns).Fit(answers).Transform(answers).AllRows();
    }

    private ITransformer Reload(ITransformer model, IDataView rows)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, rows.Schema, stream);
        ITransformer loaded = _mlContext.Model.Load(stream, out _);
        return loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded;
    }

    private IDataView Rows(IEnumerable<LabeledRow> rows) => FeatureView.Create(_mlContext, rows, Dimension);

    /// <summary>Rows of landmarks 100, 101 and so on, each around a direction of its own, then non-landmarks around none.</summary>
    /// <param name="landmarks">How many landmarks.</param>
    /// <param name="each">How many rows of each.</param>
    /// <param name="noise">How far rows of a landmark lie apart.</param>
    /// <param name="nonLandmarks">How many non-landmarks.</param>
    /// <param name="common">How strong the first two values are in all rows, which say nothing of the landmark.</param>
    /// <param name="seed">Of the noise; the directions are always the same.</param>
    private static LabeledRow[] Landmarks(int landmarks, int each, float noise, int nonLandmarks = 40, float common = 0, int seed = 1)
    {
        Random directions = new(7), random = new(seed);
        float[][] centers = [.. Enumerable.Range(0, landmarks).Select(_ => Vector(directions, 1))];
        return
        [
            .. Enumerable.Range(0, landmarks * each).Select(i
                => Row(100 + i / each, i, [.. centers[i / each].Zip(Vector(random, noise), (center, value) => center + value)])),
            .. Enumerable.Range(0, nonLandmarks).Select(i => Row(-1, landmarks * each + i, Vector(random, 1))),
        ];

        LabeledRow Row(int label, int number, float[] features)
        {
            features[0] += common * (2 * random.NextSingle() - 1);
            features[1] += common * (2 * random.NextSingle() - 1);
            return new LabeledRow { Id = $"row{number}", Label = label, Features = features };
        }

        static float[] Vector(Random random, float length)
            => [.. Enumerable.Range(0, Dimension).Select(_ => length * (2 * random.NextSingle() - 1))];
    }

    private sealed class SparseRow
    {
        public string Label { get; set; } = "";

        public VBuffer<float> Features { get; set; }
    }

    private sealed class Told : IProgress<LandmarkFitProgress>
    {
        public List<LandmarkFitProgress> Reports { get; } = [];

        public Action<LandmarkFitProgress> Act { get; init; } = _ => { };

        public void Report(LandmarkFitProgress value)
        {
            Reports.Add(value);
            Act(value);
        }
    }
}
