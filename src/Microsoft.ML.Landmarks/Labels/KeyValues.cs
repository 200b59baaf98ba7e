using System.Globalization;
using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Labels;

/// <summary>The key values of a key column: what each key stands for. Text, numbers or Boolean.</summary>
internal abstract class KeyValues
{
    /// <summary>ML.NET's name of the annotation with them.</summary>
    public const string Annotation = "KeyValues";

    private const string Entry = "KeyValues";

    private static readonly PrimitiveDataViewType[] s_itemTypes =
    [
        TextDataViewType.Instance, BooleanDataViewType.Instance, NumberDataViewType.SByte, NumberDataViewType.Byte,
        NumberDataViewType.Int16,
        NumberDataViewType.UInt16, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double,
    ];

    /// <summary>What the values are.</summary>
    public abstract PrimitiveDataViewType ItemType { get; }

    /// <summary>How many keys there are.</summary>
    public abstract int Count { get; }

    /// <summary>The values in the order of the keys; numbers as the invariant culture writes them, which reads back as the same
    /// number.</summary>
    public abstract string[] GetTexts();

    /// <summary>The annotation that a key column carries.</summary>
    public abstract DataViewSchema.Annotations ToAnnotations();

    /// <summary>These, and then those of the others that are not among them.</summary>
    /// <param name="others">Of the same type.</param>
    /// <param name="keys">The key that each of the others has then, from 1.</param>
    public KeyValues With(KeyValues others, out long[] keys)
    {
        List<string> texts = [.. GetTexts()];
        Dictionary<string, long> keyOfText = [];
        for (int i = 0; i < texts.Count; i++)
            keyOfText.TryAdd(texts[i], i + 1);
        string[] added = others.GetTexts();
        keys = new long[added.Length];
        for (int i = 0; i < added.Length; i++)
        {
            // In its own place, where the same value stands twice.
            if (i < Count && added[i] == texts[i])
            {
                keys[i] = i + 1;
            }
            else if (!keyOfText.TryGetValue(added[i], out keys[i]))
            {
                texts.Add(added[i]);
                keyOfText.Add(added[i], keys[i] = texts.Count);
            }
        }

        return texts.Count == Count ? this : CreateTyped(ItemType, texts.ToArray());
    }

    /// <summary>The key values of a column of keys, or of vectors of keys; null where it has none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are of another type.</exception>
    public static KeyValues? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Annotation)
            is not { Type: VectorDataViewType { ItemType: var itemType, Size: var size } }
            || ((column.Type as VectorDataViewType)?.ItemType ?? column.Type) is not KeyDataViewType key || key.Count != (ulong)size)
            return null;
        return s_itemTypes.Contains(itemType)
            ? CreateTyped(itemType, column.Annotations) : throw Errors.KeyValueType(column.Name, itemType);
    }

    /// <param name="model">The model.</param>
    /// <param name="count">How many keys there are.</param>
    public static KeyValues Load(ModelReader model, ulong count)
    {
        PrimitiveDataViewType itemType = s_itemTypes[model.ReadInt32("the type of key values", 0, s_itemTypes.Length - 1)];
        int found = model.ReadInt32("the number of key values", 0);
        string[] texts = model.ReadStrings(Entry, found);
        if ((ulong)found != count)
            throw model.Damaged(Entry, $"has {found} values for {count} keys");
        try
        {
            return CreateTyped(itemType, texts);
        }
        catch (TargetInvocationException e) when (e.InnerException is FormatException or OverflowException)
        {
            throw model.Damaged(Entry, $"has one that is no {itemType}");
        }
    }

    public void Save(ModelWriter model)
    {
        string[] texts = GetTexts();
        model.Write(Array.IndexOf(s_itemTypes, ItemType));
        model.Write(texts.Length);
        model.WriteStrings(Entry, texts);
    }

    private static KeyValues CreateTyped(PrimitiveDataViewType itemType, object source)
        => (KeyValues)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(itemType.RawType), itemType, source)!;

    private sealed class Typed<T> : KeyValues
    {
        private readonly VBuffer<T> _values;

        public Typed(PrimitiveDataViewType itemType, DataViewSchema.Annotations annotations)
        {
            ItemType = itemType;
            annotations.GetValue(Annotation, ref _values);
        }

        public Typed(PrimitiveDataViewType itemType, string[] texts)
        {
            ItemType = itemType;
            _values = new VBuffer<T>(texts.Length, [.. texts.Select(Parse)]);
        }

        public override PrimitiveDataViewType ItemType { get; }

        public override int Count => _values.Length;

        public override string[] GetTexts() => [.. _values.DenseValues().Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)!)];

        public override DataViewSchema.Annotations ToAnnotations()
        {
            var builder = new DataViewSchema.Annotations.Builder();
            builder.Add(Annotation, new VectorDataViewType(ItemType, _values.Length), (ref VBuffer<T> value) => _values.CopyTo(ref value));
            return builder.ToAnnotations();
        }

        private static T Parse(string text)
            => typeof(T) == typeof(ReadOnlyMemory<char>)
            ? (T)(object)text.AsMemory() : (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture);
    }
}
