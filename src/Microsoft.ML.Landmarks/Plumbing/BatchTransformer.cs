using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks;

/// <summary>
/// A transformer that adds columns to a view and computes them for several rows at once: an <see cref="IDataView"/> is pulled row by row,
/// a network and a matrix product want many. Views read ahead by one batch; a <see cref="PredictionEngine{TSrc, TDst}"/> gets batches of
/// one row. Rows keep their order and their ids, and each input row is evaluated once a pass.
/// </summary>
/// <remarks>Safe for use by several threads; a cursor or row that it gives is used by one thread at a time.</remarks>
public abstract class BatchTransformer : ITransformer, IDisposable
{
    private readonly Lock _uses = new();
    private int _useCount;
    private bool _isGivenUp;

    /// <param name="env">The environment.</param>
    /// <param name="options">How it works to begin with; null for a model that was loaded.</param>
    private protected BatchTransformer(IHostEnvironment env, StepOptions? options)
    {
        ArgumentNullException.ThrowIfNull(env);
        Env = env;
        (MaxDegreeOfParallelism, CancellationToken, Progress)
            = (options?.MaxDegreeOfParallelism, options?.CancellationToken ?? CancellationToken.None, options?.Progress);
    }

    private protected IHostEnvironment Env { get; }

    /// <summary>True: every row's outputs depend on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The step with whose resources this one works; null where it has its own.</summary>
    private protected virtual BatchTransformer? Owner => null;

    /// <summary>How many rows a view computes at once. It is no part of the model: the results do not depend on it.</summary>
    internal abstract int BatchSize { get; set; }

    /// <summary>How many threads compute, at least 1; null for all cores. It is no part of the model, and changes no result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? MaxDegreeOfParallelism
    {
        get;
        set { field = StepOptions.CheckThreads(value, nameof(MaxDegreeOfParallelism)); }
    }

    /// <summary>
    /// Ends what the views and rows of this step compute with an <see cref="OperationCanceledException"/>: after the photographs that are
    /// being decoded, and in the midst of a network's run. It is no part of the model.
    /// </summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// Told in each pass over a view of this step how many rows are computed: they are before the pass comes to them. Rows that are mapped
    /// one at a time are not told. Any thread may tell, one at a time in a pass. It is no part of the model.
    /// </summary>
    public IProgress<long>? Progress { get; set; }

    /// <summary>Settings for work of this step's own threads, as they are now.</summary>
    private protected ParallelOptions Parallelism => CreateParallelOptions(CancellationToken);

    /// <summary>What is told of each photograph that a pass skips; null where a warning counts them.</summary>
    private protected virtual IProgress<SkippedImage>? ToldOfSkippedImages => null;

    private protected abstract ModelFormat SavedFormat { get; }

    /// <summary>The columns that a kernel reads.</summary>
    private protected abstract IReadOnlyList<string> InputColumnNames { get; }

    /// <summary>What the step was fitted on; an input that other steps made is refused.</summary>
    private protected virtual Lineage Lineage => Lineage.Unknown;

    /// <summary>Checks the input schema and says which columns are added to it.</summary>
    private protected abstract IReadOnlyList<DataViewSchema.DetachedColumn> GetAddedColumns(DataViewSchema inputSchema);

    private protected abstract IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings);

    private protected abstract void SaveValues(ModelWriter model);

    /// <summary>The schema of the view that <see cref="Transform"/> gives for an input of this schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, has another type than this step reads, or was made by other steps
    /// than those it was fitted on.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Bind(inputSchema).OutputSchema;

    /// <summary>A view with the added columns; nothing is computed before its rows are read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, has another type than this step reads, or was made by other steps
    /// than those it was fitted on.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BatchDataView(Bind(input.Schema), input);
    }

    /// <summary>Maps one row at a time, with the values that a view would have.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, has another type than this step reads, or was made by other steps
    /// than those it was fitted on.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new SingleRowMapper(Bind(inputSchema));

    /// <summary>
    /// Frees what the step holds outside of .NET's memory: its network, its rows on a GPU. A cursor that is open keeps them until it is
    /// disposed, and a later use makes them anew: a model outlives the prediction engines that were made of it. Where engines come and go,
    /// <see cref="PredictionEngineOptions.OwnsTransformer"/> = false saves making them each time.
    /// </summary>
    public void Dispose()
    {
        lock (_uses)
        {
            _isGivenUp = true;
            if (_useCount == 0)
                GiveUpIfToldTo();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what can be made again; nothing is at work with it.</summary>
    private protected virtual void GiveUp() { }

    /// <summary>Frees what is kept from one row to the next; no cursor is open, and no row is computed.</summary>
    private protected virtual void Rest() { }

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelWriter.Save(ctx, SavedFormat, SaveValues);

    private ParallelOptions CreateParallelOptions(CancellationToken cancellation)
        => new() { MaxDegreeOfParallelism = MaxDegreeOfParallelism ?? -1, CancellationToken = cancellation };

    /// <summary>Works with what the step holds, which is not given up meanwhile.</summary>
    private protected T Use<T>(Func<T> use)
    {
        BeginUse();
        try
        {
            return use();
        }
        finally
        {
            EndUse();
        }
    }

    private void BeginUse()
    {
        Owner?.BeginUse();
        lock (_uses)
            _useCount++;
    }

    private void EndUse()
    {
        lock (_uses)
        {
            if (--_useCount == 0)
            {
                Rest();
                GiveUpIfToldTo();
            }
        }

        Owner?.EndUse();
    }

    private void GiveUpIfToldTo()
    {
        if (_isGivenUp)
            GiveUp();
        _isGivenUp = false;
    }

    private Binding Bind(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Use(() => new Binding(this, inputSchema));
    }

    /// <summary>The transformer applied to one input schema.</summary>
    internal sealed class Binding
    {
        private const int MostRowsAtOnce = 1 << 16;

        private readonly BatchTransformer _transformer;
        private readonly IReadOnlyList<DataViewSchema.DetachedColumn> _added;

        public Binding(BatchTransformer transformer, DataViewSchema inputSchema)
        {
            _transformer = transformer;
            InputSchema = inputSchema;
            _added = transformer.GetAddedColumns(inputSchema);
            var builder = new DataViewSchema.Builder();
            builder.AddColumns(inputSchema);
            foreach (DataViewSchema.DetachedColumn column in _added)
                builder.AddColumn(column.Name, column.Type, column.Annotations);
            OutputSchema = builder.ToSchema();
            ReadColumns = [.. transformer.InputColumnNames.Select(name => inputSchema[name])];
            foreach (DataViewSchema.Column column in ReadColumns)
            {
                if (transformer.Lineage.FindOther(Lineage.Of(inputSchema, column)) is { } other)
                    throw Errors.OtherSteps(transformer.SavedFormat.LoaderName, other.Column, other.Found, other.Fitted);
            }
        }

        public DataViewSchema InputSchema { get; }

        public DataViewSchema OutputSchema { get; }

        /// <summary>The input columns that the kernel reads.</summary>
        public IReadOnlyList<DataViewSchema.Column> ReadColumns { get; }

        /// <summary>The most rows at once: more gain nothing, and what is held for each row takes memory before there are any.</summary>
        public int BatchSize => Math.Min(_transformer.BatchSize, MostRowsAtOnce);

        public int AddedCount => _added.Count;

        public bool IsAdded(DataViewSchema.Column column) => column.Index >= InputSchema.Count;

        /// <summary>The input columns among <paramref name="outputColumns"/>.</summary>
        public DataViewSchema.Column[] PassedThrough(IEnumerable<DataViewSchema.Column> outputColumns)
            => [.. outputColumns.Where(c => !IsAdded(c)).Select(c => InputSchema[c.Index]).DistinctBy(c => c.Index)];

        /// <summary>The input columns that <paramref name="outputColumns"/> depend on.</summary>
        public DataViewSchema.Column[] DependenciesOf(IReadOnlyCollection<DataViewSchema.Column> outputColumns)
        {
            DataViewSchema.Column[] passed = PassedThrough(outputColumns);
            return outputColumns.Any(IsAdded) ? [.. passed.Concat(ReadColumns).DistinctBy(c => c.Index)] : passed;
        }

        public PassWarnings CreateWarnings() => new(_transformer.Env, _transformer.ToldOfSkippedImages);

        public CancellationToken CancellationToken => _transformer.CancellationToken;

        public IProgress<long>? Progress => _transformer.Progress;

        /// <param name="cancellation">The step's, or one that it cancels.</param>
        public ParallelOptions CreateParallelOptions(CancellationToken cancellation) => _transformer.CreateParallelOptions(cancellation);

        /// <summary>Keeps what the step works with, until <see cref="EndUse"/>.</summary>
        public void BeginUse() => _transformer.BeginUse();

        /// <summary>Once for each <see cref="BeginUse"/>.</summary>
        public void EndUse() => _transformer.EndUse();

        public IBatchKernel CreateKernel(DataViewRow input, int capacity, PassWarnings warnings)
            => _transformer.Use(() => _transformer.CreateKernel(input, capacity, warnings));
    }
}
