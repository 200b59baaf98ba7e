using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Checking;

/// <summary>The photographs of a view: decoded once each, on all cores, a few at a time.</summary>
internal sealed class PhotographReader : IProgress<SkippedImage>
{
    private const int MostAtOnce = 256;

    private readonly PhotographSketch?[] _sketches;
    private readonly string?[] _reasons;

    private PhotographReader(int count) => (_sketches, _reasons) = (new PhotographSketch?[count], new string?[count]);

    /// <summary>[n], what is kept of each; null where it can't be read.</summary>
    public PhotographSketch?[] Sketches => _sketches;

    /// <summary>Why the photograph of a row can't be read; null where it can.</summary>
    public string? ReasonOf(int row) => _reasons[row];

    /// <summary>Looks at all photographs.</summary>
    /// <param name="env">Its log is told of MLImages whose orientation is gone.</param>
    /// <param name="view">The view.</param>
    /// <param name="count">The rows that it has.</param>
    /// <param name="columnName">The column of photographs.</param>
    /// <param name="options">How they are decoded.</param>
    /// <param name="progress">Told how many were.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PhotographReader Read(IHostEnvironment env, IDataView view, int count, string columnName, LandmarkCheckOptions options,
        IProgress<long>? progress)
    {
        var reader = new PhotographReader(count);
        using DataViewRowCursor cursor = view.GetRowCursor([ImageSource.GetColumn(view.Schema, columnName)]);
        using var warnings = new PassWarnings(env, reader);
        using var batch = new PhotographBatch(cursor, columnName, options.Images.With(BadImageHandling.Skip), new ImageBuffers(), warnings,
            resizedSides: null, MostAtOnce);
        ParallelOptions parallelism = options.CreateParallelOptions();
        for (int done = 0; done < count;)
        {
            int read = 0;
            while (read < MostAtOnce && done + read < count && batch.HeldBytes < RowBatch.MostBytes && cursor.MoveNext())
                batch.Read(read, done + read++);
            if (read == 0)
                break;
            int first = done;
            batch.ForEach(0, read, (slot, image) => reader._sketches[first + slot] = PhotographSketch.Of(image), parallelism);
            done += read;
            progress?.Report(done);
        }

        return reader;
    }

    void IProgress<SkippedImage>.Report(SkippedImage value) => _reasons[value.Row] = value.Reason;
}
