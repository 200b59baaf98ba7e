using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Reads rows to be fitted. Those without a cosine are left out and counted.</summary>
/// <param name="columns">What is read.</param>
/// <param name="cancellation">Asked at each row.</param>
internal sealed class LandmarkRowReader(FittedColumns columns, CancellationToken cancellation)
{
    private readonly LeftOutRows _leftOut = new();

    /// <summary>How many rows were left out.</summary>
    public long LeftOutCount => _leftOut.Count;

    /// <summary>How many landmark rows were read, those that are not kept too.</summary>
    public int LandmarkCount { get; private set; }

    /// <summary>Reads rows whose labels say which of them are landmarks.</summary>
    /// <param name="view">The rows.</param>
    /// <param name="dimension">How many features they must have; null for any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LandmarkRows Read(IDataView view, int? dimension = null) => Read(view, dimension, shard: null, numbers: null);

    /// <summary>Reads rows of which those with a landmark are kept that belong to a shard, and all others.</summary>
    /// <param name="view">The rows, with ids.</param>
    /// <param name="shard">The shard.</param>
    /// <returns>What is kept, and the number of each landmark row among all that have a cosine.</returns>
    /// <inheritdoc cref="Read(IDataView, int?)"/>
    public (LandmarkRows Rows, int[] Numbers) ReadShard(IDataView view, LandmarkShard shard)
    {
        List<int> numbers = [];
        return (Read(view, dimension: null, shard, numbers), [.. numbers]);
    }

    private LandmarkRows Read(IDataView view, int? dimension, LandmarkShard? shard, List<int>? numbers)
    {
        DataViewSchema.Column label = view.Schema.GetColumn("label", columns.Label);
        DataViewSchema.Column? id = columns.Id is null ? null : view.Schema.GetColumn("id", columns.Id);
        using DataViewRowCursor cursor = OpenCursor(view, id is null ? [label] : [label, id.Value], dimension, out FeatureReader features);
        var labels = new LabelReader(cursor, label, columns.NonLandmarkLabel);
        Func<string>? readId = null;
        List<string>? ids = null, nonLandmarkIds = null;
        if (id is { } idColumn)
        {
            readId = ColumnText.CreateTextReader(cursor, "id", idColumn);
            (ids, nonLandmarkIds) = ([], []);
        }

        var landmarks = new UnitRows(features.Dimension);
        var nonLandmarks = new UnitRows(features.Dimension);
        while (cursor.MoveNext())
        {
            bool isLandmark = labels.ReadIsLandmark();
            if (!TryRead(features))
                continue;
            string? rowId = readId?.Invoke();
            if (!isLandmark)
            {
                nonLandmarks.Add(features.UnitRow);
                nonLandmarkIds?.Add(rowId!);
                continue;
            }

            int number = LandmarkCount++;
            if (shard?.Holds(rowId!) == false)
                continue;
            numbers?.Add(number);
            landmarks.Add(features.UnitRow);
            labels.Add();
            ids?.Add(rowId!);
        }

        return new LandmarkRows(landmarks, labels.ToLabels(), ids?.ToArray(), nonLandmarks, nonLandmarkIds?.ToArray());
    }

    /// <summary>Reads rows that are all non-landmarks, after others.</summary>
    /// <param name="view">The rows; without the column of ids theirs are empty.</param>
    /// <param name="rows">Those that were read before.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LandmarkRows ReadNonLandmarks(IDataView view, LandmarkRows rows)
    {
        DataViewSchema.Column? id = columns.Id is null ? null : view.Schema.GetColumnOrNull(columns.Id);
        using DataViewRowCursor cursor = OpenCursor(view, id is null ? [] : [id.Value], dimension: null, out FeatureReader features);
        Func<string> readId = id is null ? () => "" : ColumnText.CreateTextReader(cursor, "id", id.Value);
        if (features.Dimension != rows.NonLandmarks.Dimension)
            throw Errors.ColumnType("feature", columns.Features, $"Vector<Single, {rows.NonLandmarks.Dimension}>",
                features.Type.Describe());
        List<string>? ids = rows.NonLandmarkIds is null ? null : [.. rows.NonLandmarkIds];
        while (cursor.MoveNext())
        {
            if (!TryRead(features))
                continue;
            rows.NonLandmarks.Add(features.UnitRow);
            ids?.Add(readId());
        }

        return rows with { NonLandmarkIds = ids?.ToArray() };
    }

    /// <summary>Reads the features alone.</summary>
    /// <inheritdoc cref="Read(IDataView, int?)"/>
    public UnitRows ReadFeatures(IDataView view, int dimension)
    {
        using DataViewRowCursor cursor = OpenCursor(view, [], dimension, out FeatureReader features);
        var rows = new UnitRows(dimension);
        while (cursor.MoveNext())
        {
            if (TryRead(features))
                rows.Add(features.UnitRow);
        }

        return rows;
    }

    /// <summary>Warns of what was left out.</summary>
    public void Warn(IChannel channel) => _leftOut.Warn(channel);

    // Asked at each row, so that a cancelled Fit stops while its input is read too.
    private bool TryRead(FeatureReader features)
    {
        cancellation.ThrowIfCancellationRequested();
        return features.TryRead();
    }

    private DataViewRowCursor OpenCursor(IDataView view, DataViewSchema.Column[] others, int? dimension, out FeatureReader features)
    {
        DataViewSchema.Column column = FeatureReader.GetColumn(view.Schema, columns.Features, dimension);
        DataViewRowCursor cursor = view.GetRowCursor([column, .. others]);
        features = new FeatureReader(cursor, column, _leftOut);
        return cursor;
    }
}
