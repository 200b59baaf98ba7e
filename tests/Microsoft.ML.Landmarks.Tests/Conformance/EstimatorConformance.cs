using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Conformance;

/// <summary>What every step must do.</summary>
public abstract class EstimatorConformance
{
    private protected abstract IEstimator<BatchTransformer> Create(MLContext mlContext, StepSettings settings);

    /// <summary>The rows that Fit tells at last; 0 where it computes nothing for them.</summary>
    private protected virtual long RowsToldByFit(BatchTransformer fitted) => 0;

    /// <summary>At least 20 rows that the step takes.</summary>
    private protected abstract IDataView Input(MLContext mlContext);

    /// <summary>Views that it refuses: the reason, and whether the fitted step takes them (a column that Fit alone reads).</summary>
    private protected abstract IEnumerable<(string Message, IDataView View, bool IsRefusedByFitAlone)> WrongInputs(MLContext mlContext);

    [TestMethod]
    public void GetOutputSchema_Promised_IsDelivered()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        IEstimator<BatchTransformer> estimator = Create(mlContext);

        SchemaShape promised = estimator.GetOutputSchema(ShapeOf(input.Schema));
        BatchTransformer transformer = estimator.Fit(input);
        SchemaShape delivered = ShapeOf(transformer.Transform(input).Schema);

        Assert.AreEqual(Describe(delivered), Describe(promised));
        Assert.AreEqual(Describe(delivered), Describe(ShapeOf(transformer.GetOutputSchema(input.Schema))));
        Assert.AreEqual(Describe(delivered), Describe(ShapeOf(transformer.GetRowToRowMapper(input.Schema).OutputSchema)));
        Assert.IsTrue(transformer.IsRowToRowMapper);
    }

    [TestMethod]
    public void GetOutputSchema_ColumnsOfTheInput_ArePassedThrough()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);

        DataViewSchema output = Create(mlContext).Fit(input).GetOutputSchema(input.Schema);

        for (int i = 0; i < input.Schema.Count; i++)
            Assert.AreEqual((input.Schema[i].Name, input.Schema[i].Type), (output[i].Name, output[i].Type));
    }

    [TestMethod]
    public void WrongInput_AnyWay_IsRefusedWithTheReason()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        IEstimator<BatchTransformer> estimator = Create(mlContext);
        BatchTransformer transformer = estimator.Fit(input);
        var reloaded = (BatchTransformer)Reload(mlContext, transformer, input.Schema);

        foreach ((string message, IDataView wrong, bool isRefusedByFitAlone) in WrongInputs(mlContext))
        {
            AssertRefuses(message, () => estimator.Fit(wrong));
            if (isRefusedByFitAlone)
                continue;
            foreach (BatchTransformer step in (BatchTransformer[])[transformer, reloaded])
            {
                AssertRefuses(message, () => step.Transform(wrong));
                AssertRefuses(message, () => step.GetOutputSchema(wrong.Schema));
                AssertRefuses(message, () => step.GetRowToRowMapper(wrong.Schema));
            }
        }
    }

    [TestMethod]
    public void WrongInput_Shape_IsRefusedByTheEstimator()
    {
        var mlContext = new MLContext(seed: 1);
        IEstimator<BatchTransformer> estimator = Create(mlContext);

        foreach ((string message, IDataView wrong, bool _) in WrongInputs(mlContext))
        {
            // A shape has no sizes, so it can't tell vectors of the wrong size.
            if (message.Contains("got Vector<Single, ", StringComparison.Ordinal))
                continue;
            ArgumentOutOfRangeException error =
                Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(ShapeOf(wrong.Schema)), message);
            Assert.StartsWith(message.Split(':')[0], error.Message);
        }
    }

    [TestMethod]
    public void SaveAndLoad_SameProcess_GivesTheSameBits()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        BatchTransformer transformer = Create(mlContext).Fit(input);
        object[][] expected = transformer.Transform(input).AllRows();

        ITransformer once = Reload(mlContext, transformer, input.Schema);
        ITransformer twice = Reload(mlContext, once, input.Schema);

        ViewReader.AssertSameRows(expected, once.Transform(input).AllRows());
        ViewReader.AssertSameRows(expected, twice.Transform(input).AllRows());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(64)]
    public void Transform_AnyBatchSize_GivesTheSameBits(int batchSize)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        BatchTransformer transformer = Create(mlContext).Fit(input);
        object[][] expected = transformer.Transform(input).AllRows();

        transformer.BatchSize = batchSize;

        ViewReader.AssertSameRows(expected, transformer.Transform(input).AllRows());
    }

    [TestMethod]
    public void GetRowToRowMapper_OneRowAtATime_EqualsTheView()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        BatchTransformer transformer = Create(mlContext).Fit(input);
        object[][] expected = transformer.Transform(input).AllRows();
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(input.Schema);

        using DataViewRowCursor cursor = input.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema).Concat(input.Schema));
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        Func<object[]> read = ViewReader.CreateReader(row, mapper.OutputSchema);
        List<object[]> rows = [];
        while (cursor.MoveNext())
            rows.Add(read());

        ViewReader.AssertSameRows(expected, [.. rows]);
    }

    [TestMethod]
    public void GetDependencies_AddedColumns_AreWhatTheyAreComputedFrom()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        IRowToRowMapper mapper = Create(mlContext).Fit(input).GetRowToRowMapper(input.Schema);

        DataViewSchema.Column passed = mapper.OutputSchema[0], added = mapper.OutputSchema[^1];

        CollectionAssert.AreEqual(new[] { input.Schema[0] }, mapper.GetDependencies([passed]).ToArray());
        Assert.HasCount(1, mapper.GetDependencies([added]).ToArray());
        Assert.IsEmpty(mapper.GetDependencies([]).ToArray());
    }

    [TestMethod]
    public void Transform_SeveralThreads_GiveTheSame()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        IDataView output = Create(mlContext).Fit(input).Transform(input);
        object[][] expected = output.AllRows();

        Parallel.For(0, 4, _ => ViewReader.AssertSameRows(expected, output.AllRows()));
    }

    [TestMethod]
    public void Transform_NoRows_GivesNone()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        BatchTransformer transformer = Create(mlContext).Fit(input);

        Assert.IsEmpty(transformer.Transform(mlContext.Data.SkipRows(input, 1000)).AllRows());
    }

    [TestMethod]
    public void MaxDegreeOfParallelism_One_GivesTheSameBits()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        BatchTransformer any = Create(mlContext).Fit(input);
        BatchTransformer one = Create(mlContext, new StepSettings(MaxDegreeOfParallelism: 1)).Fit(input);
        var reloaded = (BatchTransformer)Reload(mlContext, any, input.Schema);
        object[][] expected = any.Transform(input).AllRows();

        Assert.AreEqual((null, 1, null), (any.MaxDegreeOfParallelism, one.MaxDegreeOfParallelism, reloaded.MaxDegreeOfParallelism));
        ViewReader.AssertSameRows(expected, one.Transform(input).AllRows());
        reloaded.MaxDegreeOfParallelism = 1;
        ViewReader.AssertSameRows(expected, reloaded.Transform(input).AllRows());
        reloaded.MaxDegreeOfParallelism = null;
        ViewReader.AssertSameRows(expected, reloaded.Transform(input).AllRows());
    }

    [TestMethod]
    public void MaxDegreeOfParallelism_Zero_IsRefused()
    {
        var mlContext = new MLContext(seed: 1);
        BatchTransformer transformer = Create(mlContext).Fit(Input(mlContext));

        foreach (Action set in (Action[])[() => Create(mlContext, new StepSettings(0)), () => transformer.MaxDegreeOfParallelism = 0])
            Assert.AreEqual("MaxDegreeOfParallelism", Assert.ThrowsExactly<ArgumentOutOfRangeException>(set).ParamName);
    }

    [TestMethod]
    public void Fit_Cancelled_Throws()
    {
        var mlContext = new MLContext(seed: 1);
        var cancelled = new CancellationToken(canceled: true);
        IEstimator<BatchTransformer> estimator = Create(mlContext, new StepSettings(CancellationToken: cancelled));

        OperationCanceledException error = Assert.Throws<OperationCanceledException>(() => estimator.Fit(Input(mlContext)));

        Assert.AreEqual(cancelled, error.CancellationToken);
    }

    [TestMethod]
    public void Fit_CancelledWhileItReads_ReadsNoFurther()
    {
        var mlContext = new MLContext(seed: 1);
        using var cancellation = new CancellationTokenSource();
        var input = new CountingView(Input(mlContext), read: row => { if (row == 10) cancellation.Cancel(); });
        IEstimator<BatchTransformer> estimator = Create(mlContext, new StepSettings(CancellationToken: cancellation.Token));

        // A step that learns nothing from rows stops when they are computed.
        Assert.Throws<OperationCanceledException>(() => estimator.Fit(input).Transform(input).AllRows());

        // Two batches of a view, the one in hand and the one ahead.
        Assert.IsInRange(10, 11 + 2 * 32, input.Rows);
        Assert.AreEqual(0, input.OpenCursors);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Transform_CancelledInAPass_ComputesNoFurther(bool isReloaded)
    {
        var mlContext = new MLContext(seed: 1);
        using var cancellation = new CancellationTokenSource();
        IDataView source = Input(mlContext);
        BatchTransformer transformer = Create(mlContext).Fit(source);
        if (isReloaded)
            transformer = (BatchTransformer)Reload(mlContext, transformer, source.Schema);
        transformer.BatchSize = 4;
        transformer.CancellationToken = cancellation.Token;
        var input = new CountingView(source, read: row => { if (row == 9) cancellation.Cancel(); });

        OperationCanceledException error = Assert.Throws<OperationCanceledException>(() => transformer.Transform(input).AllRows());

        Assert.AreEqual(cancellation.Token, error.CancellationToken);
        // The row at which it was cancelled is the last that is read.
        Assert.AreEqual(10, input.Rows);
        Assert.AreEqual(0, input.OpenCursors);
        transformer.CancellationToken = CancellationToken.None;
        Assert.HasCount(source.AllRows().Length, transformer.Transform(source).AllRows());
    }

    [TestMethod]
    public void Progress_OfFitAndOfAPass_RisesToTheNumberOfRows()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView input = Input(mlContext);
        int rows = input.AllRows().Length;
        var told = new ToldRows();

        BatchTransformer transformer = Create(mlContext, new StepSettings(Progress: told)).Fit(input);
        told.AssertRisesTo(RowsToldByFit(transformer));
        transformer.BatchSize = 3;
        transformer.Transform(input).AllRows();
        told.AssertRisesTo(rows, least: rows / 3);

        var reloaded = (BatchTransformer)Reload(mlContext, transformer, input.Schema);
        reloaded.Transform(input).AllRows();
        told.AssertRisesTo(0);
        reloaded.Progress = told;
        reloaded.Transform(input).AllRows();
        told.AssertRisesTo(rows);
    }

    private protected IEstimator<BatchTransformer> Create(MLContext mlContext) => Create(mlContext, new StepSettings());

    private protected static ITransformer Reload(MLContext mlContext, ITransformer transformer, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        mlContext.Model.Save(transformer, schema, stream);
        ITransformer loaded = new MLContext().Model.Load(stream, out _);
        return loaded is IEnumerable<ITransformer> chain ? chain.Single() : loaded;
    }

    private static void AssertRefuses(string message, Action action)
    {
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(action, message);
        Assert.AreEqual($"{message} (Parameter 'inputSchema')", error.Message);
    }

    // ML.NET keeps the way from a schema to its shape to itself.
    private static SchemaShape ShapeOf(DataViewSchema schema)
        => (SchemaShape)typeof(SchemaShape).GetMethod("Create",
        BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.Invoke(null, [schema])!;

    private static string Describe(SchemaShape shape) => string.Join("; ", shape
        .Select(c
        => $"{c.Name} {c.Kind} {c.ItemType} key {c.IsKey} "
        + $"[{string.Join(", ", c.Annotations.Select(a => $"{a.Name} {a.Kind} {a.ItemType}"))}]"));

    private sealed class ToldRows : IProgress<long>
    {
        private readonly List<long> _rows = [];

        public void Report(long value) => _rows.Add(value);

        /// <summary>Checks what was told since the last time.</summary>
        public void AssertRisesTo(long last, int least = 0)
        {
            CollectionAssert.AreEqual(_rows.Distinct().Order().ToArray(), _rows);
            Assert.AreEqual(last, _rows.LastOrDefault());
            Assert.IsGreaterThanOrEqualTo(least, _rows.Count);
            _rows.Clear();
        }
    }
}
