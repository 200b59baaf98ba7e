using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>Training rows in memory: their features, labels and ids, read once. Each has a cosine to others.</summary>
internal sealed class TrainingRows
{
    // Enough that telling of them takes no time.
    private const int RowsBetweenReports = 256;

    private readonly KeptRows _kept;
    // The numbers of these rows among those that are kept, and the label of each of those as text; null for a non-landmark.
    private readonly int[] _rows;
    private readonly IReadOnlyList<string?> _landmarks;
    // The ids of those that are kept; null without a column of them.
    private readonly IReadOnlyList<string>? _ids;

    private TrainingRows(KeptRows kept, int[] rows, IReadOnlyList<string?> landmarks, IReadOnlyList<string>? ids)
    {
        _kept = kept;
        _rows = rows;
        _landmarks = landmarks;
        _ids = ids;
        View = kept.ToView(rows);
        Labels = [.. rows.Select(row => landmarks[row])];
        Ids = ids is null ? null : [.. rows.Select(row => ids[row])];
        int[] ofEach = [.. Labels.OfType<string>().CountBy(label => label).Select(landmark => landmark.Value)];
        LandmarkCount = ofEach.Length;
        WithCompanyCount = ofEach.Where(count => count > 1).Sum();
        NonLandmarkCount = Labels.Count(label => label is null);
    }

    /// <summary>The columns of the input that Fit reads, in the order of its rows.</summary>
    public IDataView View { get; }

    public int Count => _rows.Length;

    /// <summary>[n], the label of each row as text; null for a non-landmark.</summary>
    public IReadOnlyList<string?> Labels { get; }

    /// <summary>[n], the id of each row; null without a column of them.</summary>
    public string[]? Ids { get; }

    /// <summary>The column of <see cref="View"/> that holds the features: the first that was asked for.</summary>
    public DataViewSchema.Column FeatureColumn => View.Schema[0];

    /// <summary>The numbers of the non-landmarks among these rows, rising.</summary>
    public int[] NonLandmarks => [.. Enumerable.Range(0, Count).Where(row => Labels[row] is null)];

    /// <summary>How many landmarks there are, each of at least one row.</summary>
    public int LandmarkCount { get; }

    /// <summary>How many rows share their landmark with another.</summary>
    public int WithCompanyCount { get; }

    /// <summary>How many rows are non-landmarks.</summary>
    public int NonLandmarkCount { get; }

    /// <summary>Some of the rows, in the order that is given.</summary>
    /// <param name="rows">Their numbers among these, from 0.</param>
    public TrainingRows Take(IEnumerable<int> rows) => new(_kept, [.. rows.Select(row => _rows[row])], _landmarks, _ids);

    /// <summary>All rows but some, in order.</summary>
    /// <param name="rows">Their numbers among these, from 0.</param>
    public TrainingRows Without(IEnumerable<int> rows)
    {
        HashSet<int> isLeftOut = [.. rows];
        return Take(Enumerable.Range(0, Count).Where(row => !isLeftOut.Contains(row)));
    }

    /// <summary>Reads all rows of a view, once. Those without a cosine are left out, with a warning.</summary>
    /// <param name="input">The view.</param>
    /// <param name="options">The columns, and which label is that of non-landmarks.</param>
    /// <param name="channel">Told what there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no landmark row, or no non-landmark row where one is needed.</exception>
    public static TrainingRows Read(IDataView input, LandmarkOptions options, IChannel channel)
    {
        TrainingRows rows = ReadMore(input, options, channel, out long leftOut);
        if (rows.LandmarkCount == 0)
            throw Errors.NoLandmarks(options.NonLandmarkLabel, rows.NonLandmarkCount, leftOut);
        if (rows.NonLandmarkCount == 0 && !options.AllowNoNonLandmarks)
            throw Errors.NoNonLandmarks(options.NonLandmarkLabel, leftOut, takesMore: false);
        return rows;
    }

    /// <summary>Reads all rows of a view, once, whichever there are. Those without a cosine are left out, with a warning.</summary>
    /// <param name="input">The view.</param>
    /// <param name="options">The columns, and which label is that of non-landmarks.</param>
    /// <param name="channel">Told what there are.</param>
    /// <param name="leftOutCount">How many were left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static TrainingRows ReadMore(IDataView input, LandmarkOptions options, IChannel channel, out long leftOutCount)
    {
        DataViewSchema.Column features = FeatureReader.GetColumn(input.Schema, options.FeatureColumnName, dimension: null),
            label = input.Schema.GetColumn("label", options.LabelColumnName);
        DataViewSchema.Column? id = options.IdColumnName is null ? null : input.Schema.GetColumn("id", options.IdColumnName);
        DataViewSchema.Column[] columns = [.. new[] { features, label, id ?? label }.DistinctBy(column => column.Index)];
        using DataViewRowCursor cursor = input.GetRowCursor(columns);
        var kept = new KeptRows(columns);
        Action keep = kept.CreateReader(cursor, columns);
        // What was kept is looked at, since a column may be computed whenever it is read.
        using DataViewRowCursor own = kept.ToView().GetRowCursor(kept.Schema);
        var isLandmark = new LabelReader(own, kept.Schema[label.Name], options.NonLandmarkLabel);
        Func<string> readLabel = ColumnText.CreateLabelReader(own, "label", kept.Schema[label.Name]);
        Func<string>? readId = id is null ? null : ColumnText.CreateTextReader(own, "id", kept.Schema[id.Value.Name]);
        var leftOut = new LeftOutRows();
        var reader = new FeatureReader(own, kept.Schema[features.Name], leftOut);
        List<int> rows = [];
        List<string?> landmarks = [];
        List<string>? ids = readId is null ? null : [];
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            keep();
            own.MoveNext();
            landmarks.Add(isLandmark.ReadIsLandmark() ? readLabel() : null);
            ids?.Add(readId!());
            if (reader.TryRead())
                rows.Add(kept.Count - 1);
            if (kept.Count % RowsBetweenReports == 0)
                options.Progress?.Report(kept.Count);
        }

        if (kept.Count % RowsBetweenReports > 0)
            options.Progress?.Report(kept.Count);
        leftOut.Warn(channel);
        leftOutCount = leftOut.Count;
        return new TrainingRows(kept, [.. rows], landmarks, ids);
    }
}
