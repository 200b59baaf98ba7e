using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Labels;

/// <summary>The labels of the fitted landmark rows, and the type that predictions have.</summary>
internal sealed class LandmarkLabels
{
    /// <summary>ML.NET's name of the annotation with the names of a vector's places.</summary>
    public const string SlotNames = "SlotNames";

    private const int Unnumbered = -1;

    private const string RowsEntry = "LandmarkOfRow", LabelsEntry = "Labels";

    private static readonly Type[] s_keyTypes = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];

    private readonly KeyValues? _keyValues;
    private volatile LandmarkLabel[] _landmarks;
    private readonly int[] _landmarkOfRow;

    /// <param name="type">Int32, Int64, text or key.</param>
    /// <param name="keyValues">What the keys stand for; null where there is nothing.</param>
    /// <param name="landmarks">The labels that there are.</param>
    /// <param name="landmarkOfRow">[n], the place in <paramref name="landmarks"/> of each row's label.</param>
    public LandmarkLabels(PrimitiveDataViewType type, KeyValues? keyValues, LandmarkLabel[] landmarks, int[] landmarkOfRow)
    {
        Type = type;
        _keyValues = keyValues;
        _landmarks = landmarks;
        _landmarkOfRow = landmarkOfRow;
    }

    /// <summary>Labels of rows that are elsewhere, which become more as <see cref="Append"/> is told.</summary>
    /// <param name="type">Int32, Int64 or text.</param>
    public LandmarkLabels(PrimitiveDataViewType type) : this(type, keyValues: null, [], [])
    {
    }

    /// <summary>The type of the labels, and so of the predictions.</summary>
    public PrimitiveDataViewType Type { get; }

    public int LandmarkCount => _landmarks.Length;

    /// <summary>[n], the landmark of each row.</summary>
    public ReadOnlySpan<int> LandmarkOfRow => _landmarkOfRow;

    /// <summary>[l], the labels as text: a number as the invariant culture writes it, a key as its key value.</summary>
    public IReadOnlyList<string> Texts
    {
        get
        {
            string[]? keyValues = _keyValues?.GetTexts();
            return [.. _landmarks.Select(label => label.Text ?? (Type is not KeyDataViewType ? Write(label.Number)
                : keyValues is null ? Write(label.Number - 1) : keyValues[label.Number - 1]))];
        }
    }

    /// <summary>The places of a vector with a number for each landmark: one for each key where labels are keys.</summary>
    public ulong PlaceCount => Type is KeyDataViewType key ? key.Count : (ulong)_landmarks.Length;

    /// <summary>The place of a landmark in such a vector.</summary>
    public int PlaceOf(int landmark) => Type is KeyDataViewType ? (int)(_landmarks[landmark].Number - 1) : landmark;

    /// <summary>A column of labels.</summary>
    public DataViewSchema.DetachedColumn ToColumn(string name) => new(name, Type, _keyValues?.ToAnnotations());

    /// <summary>A column of vectors of labels.</summary>
    public DataViewSchema.DetachedColumn ToColumn(string name, int length)
        => new(name, new VectorDataViewType(Type, length), _keyValues?.ToAnnotations());

    /// <summary>A column of vectors with a number for each landmark, whose places are named by the labels.</summary>
    public DataViewSchema.DetachedColumn ToNumbersColumn(string name)
    {
        int length = (int)PlaceCount;
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(SlotNames, new VectorDataViewType(TextDataViewType.Instance, length),
            (ref VBuffer<ReadOnlyMemory<char>> value)
                => value = new VBuffer<ReadOnlyMemory<char>>(length, [.. PlaceNames.Select(text => text.AsMemory())]));
        return new(name, new VectorDataViewType(NumberDataViewType.Single, length), annotations.ToAnnotations());
    }

    /// <summary>A getter of the label's type.</summary>
    /// <param name="landmarkOfSlot">The landmark of each slot; below 0 for the missing value: key 0, number -1, empty text.</param>
    public Delegate CreateGetter(int[] landmarkOfSlot) => CreateGetter(new OneOfSlot(landmarkOfSlot));

    /// <summary>A getter of vectors of the label's type.</summary>
    /// <param name="landmarksOfSlot">The landmarks of each slot; below 0 for the missing value.</param>
    public Delegate CreateGetter(SlotLists<int> landmarksOfSlot) => CreateGetter(new SeveralOfSlot(landmarksOfSlot));

    /// <exception cref="InvalidOperationException">There are more places than a column has.</exception>
    public void CheckPlaces(string labelColumn, int most)
    {
        if (PlaceCount > (ulong)most)
            throw Errors.TooManyScores(labelColumn, PlaceCount, most);
    }

    /// <summary>The label of a landmark.</summary>
    public LandmarkLabel this[int landmark] => _landmarks[landmark];

    /// <summary>Takes landmarks that follow those which there are, whose numbers stay. Others may read labels meanwhile; one caller at a
    /// time appends.</summary>
    public void Append(IEnumerable<LandmarkLabel> landmarks) => _landmarks = [.. _landmarks, .. landmarks];

    /// <summary>Refuses labels of another kind than these.</summary>
    /// <param name="column">Where they stand.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are of another type, or keys whose values are.</exception>
    public void CheckKind(DataViewSchema.Column column)
    {
        KeyValues? keyValues = column.Type is KeyDataViewType ? KeyValues.Of(column) : null;
        // Keys may be more than there are.
        bool isSame = Type is not KeyDataViewType key ? column.Type.Equals(Type) : column.Type is KeyDataViewType other
            && other.RawType == key.RawType && keyValues?.ItemType == _keyValues?.ItemType;
        if (!isSame)
            throw Errors.ColumnType("label", column.Name, Describe(Type, _keyValues), Describe(column.Type, keyValues));
    }

    /// <summary>The labels of rows after a change, numbered anew in the order in which they come. Key values of the new ones follow those
    /// that there are.</summary>
    /// <param name="change">Of the rows.</param>
    /// <param name="added">Of the new rows, of the kind of these; null where there are none.</param>
    /// <param name="labelColumn">Where their labels stand.</param>
    /// <exception cref="InvalidOperationException">There would be more keys than their type has.</exception>
    public LandmarkLabels After(RowChange change, LandmarkLabels? added, string labelColumn)
    {
        PrimitiveDataViewType type = Type;
        KeyValues? keyValues = _keyValues;
        LandmarkLabel[] addedLandmarks = added?._landmarks ?? [];
        if (added is { Type: KeyDataViewType addedKey } && Type is KeyDataViewType key)
        {
            ulong count = Math.Max(key.Count, addedKey.Count);
            if (_keyValues is not null)
            {
                keyValues = _keyValues.With(added._keyValues!, out long[] keys);
                addedLandmarks = [.. addedLandmarks.Select(label => new LandmarkLabel(keys[label.Number - 1], null))];
                count = (ulong)keyValues.Count;
            }

            if (count > LargestKey(key.RawType))
                throw Errors.TooManyKeys(labelColumn, count, LargestKey(key.RawType));
            type = new KeyDataViewType(key.RawType, count);
        }

        // The landmarks that there were, and then those which only the new rows have; and what each is called now.
        List<LandmarkLabel> all = [.. _landmarks], landmarks = [];
        int[] ofAdded = FindOrAdd(all, addedLandmarks), numbers = new int[all.Count], landmarkOfRow = new int[change.Sources.Length];
        Array.Fill(numbers, Unnumbered);
        for (int row = 0, next = 0; row < landmarkOfRow.Length; row++)
        {
            int source = change.Sources[row];
            int landmark = source == RowChange.New ? ofAdded[added!._landmarkOfRow[next++]] : _landmarkOfRow[source];
            if (numbers[landmark] == Unnumbered)
            {
                numbers[landmark] = landmarks.Count;
                landmarks.Add(all[landmark]);
            }

            landmarkOfRow[row] = numbers[landmark];
        }

        return new LandmarkLabels(type, keyValues, [.. landmarks], landmarkOfRow);
    }

    public static LandmarkLabels Load(ModelReader model, int rows)
    {
        PrimitiveDataViewType type = LoadType(model);
        int count = model.ReadInt32("the number of landmarks", 1, rows);
        LandmarkLabel[] landmarks = type is TextDataViewType
            ? [.. model.ReadStrings(LabelsEntry, count).Select(text => new LandmarkLabel(0, text))]
            : [.. model.ReadEntry<long>(LabelsEntry, count).Select(number => new LandmarkLabel(number, null))];
        int[] landmarkOfRow = model.ReadEntry<int>(RowsEntry, rows);
        if (landmarkOfRow.AsSpan().ContainsAnyExceptInRange(0, count - 1))
            throw model.Damaged(RowsEntry, $"names landmarks beyond the {count} that there are");
        if (!Array.TrueForAll(landmarks, label => IsAllowed(label, type)))
            throw model.Damaged(LabelsEntry, $"has one that is no {type}");
        if (landmarks.Distinct().Count() < count)
            throw model.Damaged(LabelsEntry, "has the same one twice");
        bool hasKeyValues = model.ReadBoolean();
        if (hasKeyValues && type is not KeyDataViewType)
            throw model.Damaged(LabelsEntry, $"has key values, but is of type {type}");
        return new LandmarkLabels(type, hasKeyValues ? KeyValues.Load(model, ((KeyDataViewType)type).Count) : null, landmarks,
            landmarkOfRow);
    }

    public void Save(ModelWriter model)
    {
        SaveType(model);
        model.Write(_landmarks.Length);
        if (Type is TextDataViewType)
            model.WriteStrings(LabelsEntry, [.. _landmarks.Select(l => l.Text!)]);
        else
            model.WriteEntry<long>(LabelsEntry, _landmarks.Select(l => l.Number).ToArray());
        model.WriteEntry<int>(RowsEntry, _landmarkOfRow);
        model.Write(_keyValues is not null);
        _keyValues?.Save(model);
    }

    // A key without key values is written as ML.NET writes it, counted from 0.
    private IEnumerable<string> PlaceNames => Type is KeyDataViewType
        ? _keyValues?.GetTexts() ?? Enumerable.Range(0, (int)PlaceCount).Select(key => Write(key)) : Texts;

    // The places in a list of some landmarks, which are appended where they are not in it.
    private static int[] FindOrAdd(List<LandmarkLabel> all, LandmarkLabel[] landmarks)
    {
        if (landmarks.Length == 0)
            return [];
        Dictionary<LandmarkLabel, int> places = [];
        for (int place = 0; place < all.Count; place++)
            places.Add(all[place], place);
        return Array.ConvertAll(landmarks, label =>
        {
            if (!places.TryGetValue(label, out int place))
            {
                places.Add(label, place = all.Count);
                all.Add(label);
            }

            return place;
        });
    }

    private static string Describe(DataViewType type, KeyValues? keyValues)
        => keyValues is null ? type.Describe() : $"{type.Describe()} with key values of type {keyValues.ItemType}";

    private Delegate CreateGetter(IGetterFactory factory)
    {
        if (Type is TextDataViewType)
            return factory.Create(landmark => (landmark < 0 ? "" : _landmarks[landmark].Text).AsMemory());
        long missing = Type is KeyDataViewType ? 0 : -1;
        return Type.RawType switch
        {
            var t when t == typeof(int) => factory.Create(landmark => (int)NumberOf(landmark)),
            var t when t == typeof(long) => factory.Create(NumberOf),
            var t when t == typeof(byte) => factory.Create(landmark => (byte)NumberOf(landmark)),
            var t when t == typeof(ushort) => factory.Create(landmark => (ushort)NumberOf(landmark)),
            var t when t == typeof(uint) => factory.Create(landmark => (uint)NumberOf(landmark)),
            _ => factory.Create(landmark => (ulong)NumberOf(landmark)),
        };

        long NumberOf(int landmark) => landmark < 0 ? missing : _landmarks[landmark].Number;
    }

    private static string Write(long number) => number.ToString(CultureInfo.InvariantCulture);

    // A landmark has a label: neither the empty text nor the key 0.
    private static bool IsAllowed(LandmarkLabel label, PrimitiveDataViewType type) => type switch
    {
        TextDataViewType => label.Text!.Length > 0,
        KeyDataViewType key => label.Number != 0 && (ulong)label.Number <= key.Count,
        _ => type == NumberDataViewType.Int64 || label.Number == (int)label.Number,
    };

    private static ulong LargestKey(Type type) => ulong.MaxValue >> (64 - 8 * Marshal.SizeOf(type));

    private void SaveType(ModelWriter model)
    {
        var key = Type as KeyDataViewType;
        model.Write(key is not null ? 3 + Array.IndexOf(s_keyTypes, key.RawType) : Type is TextDataViewType
            ? 2 : Type == NumberDataViewType.Int64 ? 1 : 0);
        model.Write((long)(key?.Count ?? 0));
    }

    private static PrimitiveDataViewType LoadType(ModelReader model)
    {
        int kind = model.ReadInt32("the type of labels", 0, 2 + s_keyTypes.Length);
        ulong keyCount = model.ReadUInt64("the number of keys", kind < 3 ? 0 : 1ul, kind < 3 ? 0 : LargestKey(s_keyTypes[kind - 3]));
        return kind switch
        {
            0 => NumberDataViewType.Int32,
            1 => NumberDataViewType.Int64,
            2 => TextDataViewType.Instance,
            _ => new KeyDataViewType(s_keyTypes[kind - 3], keyCount),
        };
    }

    private interface IGetterFactory
    {
        /// <param name="labelOf">The label of a landmark, or the missing value.</param>
        Delegate Create<T>(Func<int, T> labelOf);
    }

    private sealed class OneOfSlot(int[] landmarks) : IGetterFactory
    {
        public Delegate Create<T>(Func<int, T> labelOf)
            => (SlotGetter<T>)((int slot, ref T value) => value = labelOf(landmarks[slot]));
    }

    private sealed class SeveralOfSlot(SlotLists<int> landmarks) : IGetterFactory
    {
        public Delegate Create<T>(Func<int, T> labelOf) => landmarks.CreateGetter(labelOf);
    }
}
