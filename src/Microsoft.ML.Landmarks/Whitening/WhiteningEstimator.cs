using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Vectors.Linear;
using Microsoft.ML.Landmarks.Whitening;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Whitens features: directions in which they vary much, whatever is photographed, count less, and those that tell photographs apart count
/// more. Made by <see cref="LandmarksCatalog.WhitenFeatures(TransformsCatalog, Options)"/>.
/// </summary>
/// <remarks>
/// <para>Rows are scaled to unit length first, in Fit and afterwards. Fit learns their mean and principal axes from all rows that it is
/// given, training and non-landmark rows alike; labels are not read. A row is centred and projected onto the first axes, its value along
/// axis i is divided by eigenvalue_i^(exponent / 2), and the result is scaled to unit length. An eigenvalue is the variance along its axis,
/// the squares divided by the number of rows.</para>
/// <para>The output has as many values as the option says, or as there are axes where there are fewer: one for each eigenvalue above
/// 1e-10 of the largest and above 2^-48, about 3.6e-15, so at most one less than there are rows. What is smaller is rounding, of which
/// Single leaves a variance of 2^-48 in rows of unit length; where rows are so alike that their largest eigenvalue is below 3.6e-5, it is
/// 2^-48 that decides. A row that differs from the mean along none of the axes becomes zeros, which <see cref="KnnLandmarkEstimator"/>
/// takes for a missing row.</para>
/// <para>A row with a value that is NaN or infinite, or of zeros alone, has no direction: it is left out of Fit, counted in a warning, and
/// whitened to NaN.</para>
/// <para>Fit reads the rows once, after counting them where the view does not know their number, and holds no more of them than they have
/// values. Memory: some 50 bytes for each of the d x d values of a covariance, d the values of a row. Time grows with d x d for each row,
/// and with d x d x d for the axes: 8 seconds for 1280.</para>
/// <para>Source: Jégou and Chum, Negative evidences and co-occurrences in image retrieval: the benefit of PCA and whitening, 2012, whose
/// exponent is 1.</para>
/// </remarks>
public sealed class WhiteningEstimator : IEstimator<WhiteningTransformer>
{
    // Enough that telling of them takes no time.
    private const int RowsBetweenReports = 256;

    private readonly IHostEnvironment _env;
    private readonly Options _options;

    internal WhiteningEstimator(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _env = env;
        _options = options;
    }

    /// <summary>The values that are taken unless told otherwise.</summary>
    public static class Defaults
    {
        /// <summary>The most values of a whitened row.</summary>
        public const int Dimension = 512;

        /// <summary>How far the variances of the axes are evened out: from 0, not at all, to 1, all alike.</summary>
        public const float Exponent = 0.5f;

        /// <summary>The most rows that Fit learns from.</summary>
        public const long MaximumExampleCount = 2_000_000;
    }

    /// <summary>Settings of <see cref="WhiteningEstimator"/>.</summary>
    public sealed class Options : StepOptions
    {
        /// <summary>The column that is added: Vector&lt;Single, k&gt; of unit length, k the <see cref="Dimension"/>, or less where the rows
        /// have fewer axes.</summary>
        public required string OutputColumnName
        {
            get;
            init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(OutputColumnName)); field = value; }
        }

        /// <summary>The column with the features: a vector of Single of known size, dense or sparse. It is scaled to unit length here.
        /// Null: the output's name.</summary>
        public string? InputColumnName
        {
            get;
            init { field = ColumnName.CheckOptional(value, nameof(InputColumnName)); }
        }

        /// <summary>The most values of a whitened row, at least 1; all axes where there are fewer.</summary>
        public int Dimension
        {
            get;
            init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Dimension)); field = value; }
        } = Defaults.Dimension;

        /// <summary>
        /// From 0 to 2: how far the variances of the axes are evened out. 0: not at all, which leaves a projection onto the principal axes;
        /// 1: all are alike; above: their order is turned round.
        /// </summary>
        public float Exponent
        {
            get;
            init
            {
                // NaN is below every number here.
                ArgumentOutOfRangeException.ThrowIfLessThan(value, 0, nameof(Exponent));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 2, nameof(Exponent));
                field = value;
            }
        } = Defaults.Exponent;

        /// <summary>
        /// The most rows that Fit learns from, at least 2: where there are more, a sample of so many is drawn, the same each time. Those of
        /// them that have a value that is NaN or infinite, or zeros alone, are left out, and no others take their places.
        /// </summary>
        public long MaximumExampleCount
        {
            get;
            init { ArgumentOutOfRangeException.ThrowIfLessThan(value, 2, nameof(MaximumExampleCount)); field = value; }
        } = Defaults.MaximumExampleCount;
    }

    /// <summary>
    /// Learns the mean and the principal axes of the rows. Cancelled, a computation of the axes that has begun ends on a thread of its own.
    /// </summary>
    /// <param name="input">Training and non-landmark rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">
    /// No row that is read has all of its features and one that is not 0, or all rows are equal.
    /// </exception>
    /// <exception cref="OperationCanceledException"><see cref="StepOptions.CancellationToken"/> was cancelled.</exception>
    public WhiteningTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using IChannel channel = _env.Start("Whitening features");
        DataViewSchema.Column column = FeatureReader.GetColumn(input.Schema, InputColumnName, dimension: null);
        long rowCount = Count(input);
        long? drawnFrom = rowCount > _options.MaximumExampleCount ? rowCount : null;
        RowMoments moments = Read(input, column, rowCount, drawnFrom, channel);
        PrincipalComponents axes = moments.ToPrincipalComponents();
        if (axes.Eigenvalues.Length == 0)
            throw Errors.NoVariance(InputColumnName, moments.Count, drawnFrom);
        var projection = WhiteningProjection.Create(axes, _options.Dimension, _options.Exponent);
        double share = axes.Eigenvalues.Take(projection.OutputDimension).Sum() / axes.Eigenvalues.Sum();
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture,
            $"{moments.Count} rows of {projection.InputDimension} dimensions have {axes.Eigenvalues.Length} axes; the first "
            + $"{projection.OutputDimension} hold {100 * share:f1} % of the variance."));
        return new WhiteningTransformer(
            _env, _options.OutputColumnName, InputColumnName, projection, Lineage.Of(input.Schema, column), _options);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or no vector of Single of known size.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column features = inputSchema.GetColumn("feature", InputColumnName);
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.ItemType != NumberDataViewType.Single)
            throw Errors.ColumnType("feature", features.Name, FeatureReader.TypeName(null), features.Describe());
        return inputSchema.With(MLNetInternals.ShapeColumn(_options.OutputColumnName, SchemaShape.Column.VectorKind.Vector,
            NumberDataViewType.Single, annotations: Fingerprint.Shape));
    }

    private string InputColumnName => _options.InputColumnName ?? _options.OutputColumnName;

    private RowMoments Read(IDataView input, DataViewSchema.Column column, long rowCount, long? drawnFrom, IChannel channel)
    {
        var sample = new RowSample(rowCount, _options.MaximumExampleCount);
        using DataViewRowCursor cursor = input.GetRowCursor([column]);
        var leftOut = new LeftOutRows();
        var features = new FeatureReader(cursor, column, leftOut);
        var moments = new RowMoments(features.Dimension, _options.CreateParallelOptions());
        long read = 0;
        while (cursor.MoveNext())
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            if (++read % RowsBetweenReports == 0)
                _options.Progress?.Report(read);
            if (sample.TakesNext() && features.TryRead())
                moments.Add(features.UnitRow);
        }

        if (read % RowsBetweenReports > 0)
            _options.Progress?.Report(read);
        if (leftOut.Missing > 0)
            channel.Warning(MessageSensitivity.None, drawnFrom is { } all
                ? Errors.MissingRowsOfSample(leftOut.Missing, leftOut.Count + moments.Count, all, moments.Count)
                : Errors.MissingRows(leftOut.Missing));
        if (leftOut.Zeros > 0)
            channel.Warning(MessageSensitivity.None, drawnFrom is { } all
                ? Errors.ZeroRowsOfSample(leftOut.Zeros, leftOut.Count + moments.Count, all, moments.Count)
                : Errors.ZeroRows(leftOut.Zeros));
        return moments.Count > 0 ? moments : throw Errors.NoRowsToWhiten(InputColumnName, leftOut, drawnFrom);
    }

    // A cursor that is asked for no column computes none: no photograph is read.
    private long Count(IDataView input)
    {
        if (input.GetRowCount() is { } known)
            return known;
        using DataViewRowCursor cursor = input.GetRowCursor([]);
        long count = 0;
        while (cursor.MoveNext())
        {
            _options.CancellationToken.ThrowIfCancellationRequested();
            count++;
        }

        return count;
    }
}
