namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>
/// Arrays of a step that are kept from one pass to the next: a pass over one row then takes no memory for its image anew. Where many passes
/// are open, as many are kept as there are cores.
/// </summary>
/// <param name="most">How many are kept at most; null: as many as there are cores.</param>
internal sealed class SpareArrays(int? most = null)
{
    // An image of 590 x 590 pixels: what is larger would be missed while nothing is computed.
    private const int MostBytes = 4 << 20;

    private readonly List<AlignedArray<float>> _idle = [];

    /// <summary>An array of so many values, with whatever it held before.</summary>
    public AlignedArray<float> Take(int length)
    {
        lock (_idle)
        {
            int found = _idle.FindLastIndex(array => array.Length == length);
            if (found >= 0)
            {
                AlignedArray<float> array = _idle[found];
                _idle.RemoveAt(found);
                return array;
            }
        }

        return new AlignedArray<float>(length);
    }

    /// <summary>Gives back an array that nobody uses any more.</summary>
    public void Return(AlignedArray<float> array)
    {
        if ((long)array.Length * sizeof(float) > MostBytes)
            return;
        lock (_idle)
        {
            // The oldest may be of a length that is not asked for any more.
            if (_idle.Count == (most ?? Environment.ProcessorCount))
                _idle.RemoveAt(0);
            _idle.Add(array);
        }
    }

    /// <summary>Frees all but one, which the next row takes.</summary>
    public void Trim()
    {
        lock (_idle)
            _idle.RemoveRange(0, Math.Max(0, _idle.Count - 1));
    }
}
