using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Landmarks;

/// <summary>The photographs of a batch: read row by row, decoded on all cores, and what becomes of those that can't be.</summary>
internal sealed class PhotographBatch(ImagePreparationOptions preparation, PassWarnings warnings, ImageSource source, int capacity) : IDisposable
{
    private readonly long[] _positions = new long[capacity];
    private readonly Exception?[] _errors = new Exception?[capacity];

    public LevelNormaliser Normaliser { get; } = new(preparation.Mean, preparation.Std);

    public void Read(int slot, long position)
    {
        _positions[slot] = position;
        source.Read(slot);
    }

    /// <summary>Whether the photograph of a slot could not be read.</summary>
    public bool IsMissing(int slot) => _errors[slot] is not null;

    /// <summary>Opens photographs side by side.</summary>
    /// <param name="first">The first slot.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="use">Reads one; it is closed afterwards.</param>
    /// <exception cref="InvalidDataException">One can't be read, and that is an error: the first one, with its row.</exception>
    public void ForEach(int first, int count, Action<int, PixelRows> use)
    {
        ParallelLoop.For(count, new ParallelOptions(), i => Use(first + i, use));
        for (int slot = first; slot < first + count; slot++)
        {
            if (_errors[slot] is not { } error)
                continue;
            if (error is not InvalidDataException)
                ExceptionDispatchInfo.Throw(error);
            InvalidDataException named = Errors.BadImage(_positions[slot], error);
            if (preparation.BadImages == BadImageHandling.Throw)
                throw named;
            warnings.AddSkippedImage(named.Message);
        }
    }

    public void Dispose() => source.Dispose();

    private void Use(int slot, Action<int, PixelRows> use)
    {
        _errors[slot] = null;
        try
        {
            using PixelRows image = source.Open(slot);
            use(slot, image);
        }
        catch (Exception e)
        {
            // Kept, so that it is always the first of a batch that is told.
            _errors[slot] = e;
        }
    }
}
