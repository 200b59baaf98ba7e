using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Labels;

/// <summary>Reads the labels of training rows, tells landmarks from non-landmarks and numbers the landmarks in the order in which they
/// come.</summary>
internal sealed class LabelReader
{
    internal const string AllowedTypes = "Int32, Int64, String or Key";

    private readonly Action _read;
    private readonly DataViewSchema.Column _column;
    private readonly KeyValues? _keyValues;
    private readonly List<int> _landmarkOfRow = [];
    private readonly Dictionary<LandmarkLabel, int> _landmarks = [];
    private LandmarkLabel _label;
    private bool _isLandmark;

    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    public LabelReader(DataViewRow row, DataViewSchema.Column column, string nonLandmarkLabel)
    {
        _column = column;
        _keyValues = column.Type is KeyDataViewType ? KeyValues.Of(column) : null;
        HashSet<long> nonLandmarks = [];
        bool isNumber = long.TryParse(nonLandmarkLabel, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number.ToString(CultureInfo.InvariantCulture) == nonLandmarkLabel;
        if (column.Type is KeyDataViewType)
        {
            nonLandmarks.Add(0);
            // A key without key values counts from 1 what is read and written from 0.
            if (_keyValues is null && isNumber && number >= 0)
                nonLandmarks.Add(number + 1);
            string[] texts = _keyValues?.GetTexts() ?? [];
            for (int i = 0; i < texts.Length; i++)
            {
                if (IsNonLandmark(texts[i]))
                    nonLandmarks.Add(i + 1);
            }
        }
        else if (isNumber)
        {
            nonLandmarks.Add(number);
        }

        _read = column.Type.RawType switch
        {
            _ when column.Type is TextDataViewType => ReadText(row.GetGetter<ReadOnlyMemory<char>>(column)),
            _ when !IsAllowed(column.Type) => throw Errors.ColumnType("label", column.Name, AllowedTypes, column.Type.Describe()),
            var t when t == typeof(int) => ReadNumber(row.GetGetter<int>(column), v => v),
            var t when t == typeof(long) => ReadNumber(row.GetGetter<long>(column), v => v),
            var t when t == typeof(byte) => ReadNumber(row.GetGetter<byte>(column), v => v),
            var t when t == typeof(ushort) => ReadNumber(row.GetGetter<ushort>(column), v => v),
            var t when t == typeof(uint) => ReadNumber(row.GetGetter<uint>(column), v => v),
            _ => ReadNumber(row.GetGetter<ulong>(column), v => (long)v),
        };

        bool IsNonLandmark(string text) => text.Length == 0 || text == nonLandmarkLabel;

        Action ReadText(ValueGetter<ReadOnlyMemory<char>> get)
        {
            ReadOnlyMemory<char> value = default;
            return () =>
            {
                get(ref value);
                _label = new LandmarkLabel(0, value.ToString());
                _isLandmark = !IsNonLandmark(_label.Text!);
            };
        }

        Action ReadNumber<T>(ValueGetter<T> get, Func<T, long> toNumber)
        {
            T value = default!;
            return () =>
            {
                get(ref value);
                _label = new LandmarkLabel(toNumber(value), null);
                _isLandmark = !nonLandmarks.Contains(_label.Number);
            };
        }
    }

    public static bool IsAllowed(DataViewType type)
        => type is KeyDataViewType or TextDataViewType || type == NumberDataViewType.Int32 || type == NumberDataViewType.Int64;

    /// <summary>Reads the label of the row at which the cursor stands.</summary>
    /// <returns>Whether it names a landmark.</returns>
    public bool ReadIsLandmark()
    {
        _read();
        return _isLandmark;
    }

    /// <summary>Keeps the label that was just read, for the next row of the gallery.</summary>
    public void Add()
    {
        if (!_landmarks.TryGetValue(_label, out int landmark))
            _landmarks.Add(_label, landmark = _landmarks.Count);
        _landmarkOfRow.Add(landmark);
    }

    public LandmarkLabels ToLabels() => new((PrimitiveDataViewType)_column.Type, _keyValues, [.. _landmarks.Keys], [.. _landmarkOfRow]);
}
