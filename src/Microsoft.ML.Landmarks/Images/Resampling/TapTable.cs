using System.Buffers;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>
/// What each wanted place of a side is made of: neighboring pixels and their weights. Every place has as many pixels, all inside the
/// picture, so that the loops over them are of one length; those that a place does not need weigh nothing.
/// </summary>
/// <typeparam name="T">The type of the weights.</typeparam>
internal sealed class TapTable<T> : IDisposable
    where T : unmanaged
{
    // As many as Pillow holds, in double precision, before it gives up.
    private const int MostWeights = int.MaxValue / sizeof(double);

    private readonly int _original;
    private readonly int[] _firsts;
    private readonly T[] _weights;

    /// <param name="side">The side.</param>
    /// <param name="mostTaps">The most pixels that a place is made of.</param>
    /// <exception cref="InvalidDataException">They are too many to hold their weights.</exception>
    public TapTable(ResizedSide side, double mostTaps)
    {
        (Places, _original) = (side.Count, side.Original);
        Taps = (int)Math.Min(mostTaps, side.Original);
        if ((long)Places * Taps > MostWeights)
            throw Errors.SideTooLong(side.Original, side.Resized);
        _firsts = ArrayPool<int>.Shared.Rent(Places);
        _weights = ArrayPool<T>.Shared.Rent(Places * Taps);
    }

    public int Places { get; }

    /// <summary>Pixels that each place is made of.</summary>
    public int Taps { get; }

    public ReadOnlySpan<int> Firsts => _firsts.AsSpan(0, Places);

    /// <summary>[places, taps].</summary>
    public ReadOnlySpan<T> Weights => _weights.AsSpan(0, Places * Taps);

    public int First(int place) => _firsts[place];

    /// <summary>The first and the last pixel that a place is made of.</summary>
    public (int First, int Last) PixelsOf(int place) => (First(place), First(place) + Taps - 1);

    public ReadOnlySpan<T> WeightsOf(int place) => _weights.AsSpan(place * Taps, Taps);

    /// <summary>Sets what a place is made of, at most <see cref="Taps"/> pixels of the picture from <paramref name="first"/> on.</summary>
    public void Set(int place, int first, ReadOnlySpan<T> weights)
    {
        int inside = Math.Min(first, _original - Taps);
        _firsts[place] = inside;
        Span<T> all = _weights.AsSpan(place * Taps, Taps);
        all.Clear();
        weights.CopyTo(all[(first - inside)..]);
    }

    /// <summary>Counts the pixels from the other end of the side.</summary>
    public void Reverse()
    {
        for (int place = 0; place < Places; place++)
        {
            _firsts[place] = _original - Taps - _firsts[place];
            _weights.AsSpan(place * Taps, Taps).Reverse();
        }
    }

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_firsts);
        ArrayPool<T>.Shared.Return(_weights);
    }
}
