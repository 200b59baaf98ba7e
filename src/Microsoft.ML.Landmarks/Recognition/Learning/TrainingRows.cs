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

    private TrainingRows(KeptRows kept, int[] rows, IReadOnlyList<string?> landmarks)
    {
        _kept = kept;
        _rows = rows;
        _landmarks = landmarks;
        View = kept.ToView(rows);
        Labels = [.. rows.Select(row => landmarks[row])];
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

    /// <summary>How many landmarks there are, each of at least one row.</summary>
    public int LandmarkCount { get; }

    /// <summary>How many rows share their landmark with another.</summary>
    public int WithCompanyCount { get; }

    /// <summary>How many rows are non-landmarks.</summary>
    public int NonLandmarkCount { get; }

    /// <summary>Some of the rows, in the order that is given.</summary>
    /// <param name="rows">Their numbers among these, from 0.</param>
    public TrainingRows Take(IEnumerable<int> rows) => new(_kept, [.. rows.Select(row => _rows[row])], _landmarks);

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
        if (id is not null)
            ColumnText.CreateTextReader(own, "id", kept.Schema[id.Value.Name]);
        var leftOut = new LeftOutRows();
        var reader = new FeatureReader(own, kept.Schema[features.Name], leftOut);
        List<int> rows = [];
        List<string?> landmarks = [];
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            keep();
            own.MoveNext();
            landmarks.Add(isLandmark.ReadIsLandmark() ? readLabel() : null);
            if (reader.TryRead())
                rows.Add(kept.Count - 1);
            if (kept.Count % RowsBetweenReports == 0)
                options.Progress?.Report(kept.Count);
        }

        if (kept.Count % RowsBetweenReports > 0)
            options.Progress?.Report(kept.Count);
        return Check(new TrainingRows(kept, [.. rows], landmarks), leftOut, options, channel);
    }

    private static TrainingRows Check(TrainingRows rows, LeftOutRows leftOut, LandmarkOptions options, IChannel channel)
    {
        if (leftOut.Missing > 0)
            channel.Warning(MessageSensitivity.None, Errors.MissingRows(leftOut.Missing));
        if (leftOut.Zeros > 0)
            channel.Warning(MessageSensitivity.None, Errors.ZeroRows(leftOut.Zeros));
        if (rows.LandmarkCount == 0)
            throw Errors.NoLandmarks(options.NonLandmarkLabel, rows.NonLandmarkCount, leftOut.Count);
        if (rows.NonLandmarkCount == 0 && !options.AllowNoNonLandmarks)
            throw Errors.NoNonLandmarks(options.NonLandmarkLabel, leftOut.Count, takesMore: false);
        return rows;
    }
}
