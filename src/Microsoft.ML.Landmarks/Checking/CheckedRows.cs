using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>
/// The rows of a view: their ids and landmarks, and the features of those that have some. These have a place each: landmark rows first,
/// then non-landmarks, both in the order of the view.
/// </summary>
internal sealed class CheckedRows
{
    /// <summary>The landmark of a non-landmark, and of a query.</summary>
    public const int NonLandmark = -1;

    // Enough that telling of them takes no time.
    private const int RowsBetweenReports = 256;

    private readonly List<string> _ids = [];
    private readonly List<int> _landmarks = [];
    private readonly List<bool> _haveFeatures = [];
    private readonly List<string> _names = [];
    private List<int> _landmarkRows = [], _nonLandmarkRows = [];

    private CheckedRows(int dimension)
        => (Landmarks, NonLandmarks) = (new UnitRows(dimension), new UnitRows(dimension));

    /// <summary>All rows of the view.</summary>
    public int Count => _ids.Count;

    /// <summary>How many landmarks there are.</summary>
    public int LandmarkCount => _names.Count;

    /// <summary>The features of landmark rows.</summary>
    public UnitRows Landmarks { get; private set; }

    /// <summary>The features of non-landmarks, or of queries.</summary>
    public UnitRows NonLandmarks { get; private set; }

    /// <summary>The rows that have features.</summary>
    public int PlaceCount => _landmarkRows.Count + _nonLandmarkRows.Count;

    /// <summary>The row that has a place.</summary>
    public int RowAt(int place)
        => place < _landmarkRows.Count ? _landmarkRows[place] : _nonLandmarkRows[place - _landmarkRows.Count];

    public string IdOf(int row) => _ids[row];

    /// <summary>The number of a row's landmark; <see cref="NonLandmark"/> where it has none.</summary>
    public int LandmarkOf(int row) => _landmarks[row];

    /// <summary>The label of a landmark as text; null for <see cref="NonLandmark"/>.</summary>
    public string? NameOf(int landmark) => landmark == NonLandmark ? null : _names[landmark];

    /// <summary>Whether a row had features in the view.</summary>
    public bool HasFeatures(int row) => _haveFeatures[row];

    /// <summary>Takes the features of rows away, and so their places.</summary>
    public void LeaveOut(Func<int, bool> isLeftOut)
    {
        (Landmarks, _landmarkRows) = Keep(Landmarks, _landmarkRows);
        (NonLandmarks, _nonLandmarkRows) = Keep(NonLandmarks, _nonLandmarkRows);

        (UnitRows, List<int>) Keep(UnitRows features, List<int> rows)
        {
            if (!rows.Exists(row => isLeftOut(row)))
                return (features, rows);
            var kept = new UnitRows(features.Dimension);
            foreach ((int place, int row) in rows.Index())
            {
                if (!isLeftOut(row))
                    kept.Add(features[place]);
            }

            return (kept, [.. rows.Where(row => !isLeftOut(row))]);
        }
    }

    /// <summary>Puts other features in the place of the rows'.</summary>
    public void Map(Func<UnitRows, UnitRows> map) => (Landmarks, NonLandmarks) = (map(Landmarks), map(NonLandmarks));

    /// <summary>Reads a view of landmarks and non-landmarks once.</summary>
    /// <param name="view">The view.</param>
    /// <param name="options">Its columns.</param>
    /// <param name="progress">Told how many rows were read.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static CheckedRows Read(IDataView view, LandmarkCheckOptions options, IProgress<long>? progress)
        => Read(view, options, view.Schema.GetColumn("label", options.LabelColumnName), dimension: null, progress);

    /// <summary>Reads a view of queries once; none has a landmark.</summary>
    /// <param name="view">The view.</param>
    /// <param name="options">Its columns.</param>
    /// <param name="rows">Those that the queries are compared with.</param>
    /// <param name="progress">Told how many were read.</param>
    /// <inheritdoc cref="Read(IDataView, LandmarkCheckOptions, IProgress{long}?)" path="/exception"/>
    public static CheckedRows ReadQueries(IDataView view, LandmarkCheckOptions options, CheckedRows rows, IProgress<long>? progress)
        => Read(view, options, label: null, rows.Landmarks.Dimension, progress);

    private static CheckedRows Read(IDataView view, LandmarkCheckOptions options, DataViewSchema.Column? label, int? dimension,
        IProgress<long>? progress)
    {
        DataViewSchema.Column features = FeatureReader.GetColumn(view.Schema, options.FeatureColumnName, dimension);
        DataViewSchema.Column? id = options.IdColumnName is null ? null : view.Schema.GetColumn("id", options.IdColumnName);
        DataViewSchema.Column[] columns
            = [.. new[] { features, id ?? features, label ?? features }.DistinctBy(column => column.Index)];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        var reader = new FeatureReader(cursor, features);
        Func<string>? readId = id is null ? null : ColumnText.CreateTextReader(cursor, "id", id.Value),
            readLabel = label is null ? null : ColumnText.CreateLabelReader(cursor, "label", label.Value);
        LabelReader? isLandmark = label is null ? null : new LabelReader(cursor, label.Value, options.NonLandmarkLabel);
        var rows = new CheckedRows(reader.Dimension);
        Dictionary<string, int> numbers = [];
        while (cursor.MoveNext())
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            string? landmark = isLandmark?.ReadIsLandmark() == true ? readLabel!() : null;
            rows.Add(readId?.Invoke(), landmark, numbers, reader);
            if (rows.Count % RowsBetweenReports == 0)
                progress?.Report(rows.Count);
        }

        progress?.Report(rows.Count);
        return rows;
    }

    private void Add(string? id, string? name, Dictionary<string, int> numbers, FeatureReader features)
    {
        int row = Count, landmark = NonLandmark;
        if (name is not null && !numbers.TryGetValue(name, out landmark))
        {
            numbers.Add(name, landmark = _names.Count);
            _names.Add(name);
        }

        _ids.Add(id ?? FormattableString.Invariant($"{row}"));
        _landmarks.Add(landmark);
        _haveFeatures.Add(features.TryRead());
        if (!_haveFeatures[row])
            return;
        (landmark == NonLandmark ? _nonLandmarkRows : _landmarkRows).Add(row);
        (landmark == NonLandmark ? NonLandmarks : Landmarks).Add(features.UnitRow);
    }
}
