using System.Runtime.ExceptionServices;
using Microsoft.ML.Landmarks.Images.Resampling;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>The photographs of a batch: read row by row, decoded side by side, and what becomes of those that can't be.</summary>
internal sealed class PhotographBatch : IDisposable
{
    private readonly ImagePreparationOptions _preparation;
    private readonly PassWarnings _warnings;
    private readonly ImageSource _source;
    private readonly long[] _positions;
    // Kept, so that it is always the first of a batch that is told.
    private readonly Exception?[] _errors;

    /// <param name="input">The rows.</param>
    /// <param name="columnName">Their column with photographs.</param>
    /// <param name="preparation">How photographs are prepared.</param>
    /// <param name="buffers">The step's.</param>
    /// <param name="warnings">Told of those that can't be read, and of those whose orientation is gone.</param>
    /// <param name="resizedSides">The sides to which a picture of other sides will be resized; null where it is not.</param>
    /// <param name="capacity">The most photographs.</param>
    public PhotographBatch(DataViewRow input, string columnName, ImagePreparationOptions preparation, ImageBuffers buffers,
        PassWarnings warnings, ResizedSides? resizedSides, int capacity)
    {
        (_preparation, _warnings) = (preparation, warnings);
        _source = ImageSource.Create(input, ImageSource.GetColumn(input.Schema, columnName), preparation, buffers, warnings, resizedSides,
            capacity);
        _positions = new long[capacity];
        _errors = new Exception?[capacity];
    }

    /// <inheritdoc cref="ImageSource.HeldBytes"/>
    public long HeldBytes => _source.HeldBytes;

    public void Read(int slot, long position)
    {
        _positions[slot] = position;
        _errors[slot] = null;
        try
        {
            _source.Read(slot);
        }
        catch (InvalidDataException e)
        {
            _errors[slot] = e;
        }
    }

    /// <summary>Whether the photograph of a slot could not be read.</summary>
    public bool IsMissing(int slot) => _errors[slot] is not null;

    /// <summary>Opens photographs side by side.</summary>
    /// <param name="first">The first slot.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="use">Reads one; it is closed afterwards.</param>
    /// <param name="parallelism">How many at once; cancelled, it ends after the photographs at hand.</param>
    /// <exception cref="InvalidDataException">One can't be read, and that is an error: the first one, with its row.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void ForEach(int first, int count, Action<int, PixelRows> use, ParallelOptions parallelism)
    {
        // A loop without a limit would have more of them open than there are cores.
        var limited = new ParallelOptions
        {
            MaxDegreeOfParallelism = ParallelLoop.ThreadsOf(parallelism),
            CancellationToken = parallelism.CancellationToken,
        };
        ParallelLoop.For(count, limited, i => Use(first + i, use));
        for (int slot = first; slot < first + count; slot++)
        {
            if (_errors[slot] is not { } error)
                continue;
            if (error is not InvalidDataException)
                ExceptionDispatchInfo.Throw(error);
            InvalidDataException named = Errors.BadImage(_positions[slot], error);
            if (_preparation.BadImages == BadImageHandling.Throw)
                throw named;
            _warnings.AddSkippedImage(_positions[slot], named.Message);
        }
    }

    public void Dispose() => _source.Dispose();

    private void Use(int slot, Action<int, PixelRows> use)
    {
        if (_errors[slot] is not null)
            return;
        try
        {
            using PixelRows image = _source.Open(slot);
            use(slot, image);
        }
        catch (Exception e)
        {
            _errors[slot] = e;
        }
    }
}
