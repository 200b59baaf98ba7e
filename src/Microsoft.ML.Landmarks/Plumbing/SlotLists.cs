using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>The lists of one output column: for each slot of a batch the first places of a vector, of which some may be unused.</summary>
/// <param name="length">The length of the vectors; 0 for a column that is not asked for, which takes no memory.</param>
/// <param name="most">How many places can be used.</param>
/// <param name="unused">What stands in the others.</param>
internal sealed class SlotLists<T>(int length, int most, T unused)
{
    private readonly int _places = Math.Min(length, most);
    private T[] _values = [];

    /// <summary>The places of a slot that can be used.</summary>
    public Span<T> this[int slot] => _values.AsSpan(slot * _places, _places);

    /// <summary>Makes room for so many slots; none of their places is used.</summary>
    public void Clear(int slots)
    {
        BatchArray.Reserve(ref _values, slots, _places);
        _values.AsSpan(0, slots * _places).Fill(unused);
    }

    /// <summary>Gives the places of a slot, the unused ones too.</summary>
    /// <param name="select">What a place is shown as.</param>
    public SlotGetter<VBuffer<TValue>> CreateGetter<TValue>(Func<T, TValue> select) => (int slot, ref VBuffer<TValue> value) =>
    {
        VBufferEditor<TValue> editor = VBufferEditor.Create(ref value, length);
        Span<T> places = this[slot];
        for (int i = 0; i < places.Length; i++)
            editor.Values[i] = select(places[i]);
        editor.Values[places.Length..].Fill(select(unused));
        value = editor.Commit();
    };
}
