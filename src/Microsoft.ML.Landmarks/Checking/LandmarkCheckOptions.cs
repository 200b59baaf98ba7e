using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML;

/// <summary>What <see cref="LandmarksCatalog.CheckLandmarks"/> looks at, and how it works.</summary>
public sealed class LandmarkCheckOptions
{
    /// <summary>A vector of Single of known size, dense or sparse. A row may have NaN, as that of a photograph that was skipped.</summary>
    public string FeatureColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(FeatureColumnName)); field = value; }
    } = "Features";

    /// <summary>Int32, Int64, text or key.</summary>
    public string LabelColumnName
    {
        get;
        init { ArgumentException.ThrowIfNullOrEmpty(value, nameof(LabelColumnName)); field = value; }
    } = "Label";

    /// <summary>Text: what findings call a photograph. Null: its position in the view.</summary>
    public string? IdColumnName
    {
        get;
        init => field = ColumnName.CheckOptional(value, nameof(IdColumnName));
    } = "Id";

    /// <summary>
    /// Paths (text), the bytes of files (Vector&lt;Byte&gt;) or MLImage. Null: pixels are not looked at, so that nothing is said of
    /// photographs that are unreadable, blank, tiny or dark, and duplicates are found by their features, inside a landmark alone.
    /// </summary>
    public string? ImageColumnName
    {
        get;
        init => field = ColumnName.CheckOptional(value, nameof(ImageColumnName));
    } = "ImagePath";

    /// <summary>The label of a non-landmark, as text; for a key, its key value. A missing key and empty text are non-landmarks
    /// too.</summary>
    public string NonLandmarkLabel
    {
        get;
        init { ArgumentNullException.ThrowIfNull(value, nameof(NonLandmarkLabel)); field = value; }
    } = LandmarkLabel.NonLandmarkText;

    /// <summary>Queries that are to be told from the rows: a view with the same columns, of which the label is not read. Null: nothing is
    /// said of leaks.</summary>
    public IDataView? Queries { get; init; }

    /// <summary>How photographs are decoded, all their pixels; mean, standard deviation, threads and what becomes of those that can't be
    /// read play no part.</summary>
    public ImagePreparationOptions Images
    {
        get;
        init { ArgumentNullException.ThrowIfNull(value, nameof(Images)); field = value; }
    } = new();

    /// <summary>The GPU to search on, by CUDA's number. Null: <see cref="MLContext.GpuDeviceId"/> with
    /// <see cref="MLContext.FallbackToCpu"/>, and without that the CPU. Findings are the same on both.</summary>
    public int? GpuDeviceId { get; init; }

    /// <summary>Whether the CPU may take the place of the GPU in <see cref="GpuDeviceId"/> where that can't be used; a warning says
    /// so.</summary>
    public bool FallbackToCpu { get; init; }

    /// <summary>How many threads work, at least 1; null for all cores. It changes no finding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? MaxDegreeOfParallelism
    {
        get;
        init => field = StepOptions.CheckThreads(value, nameof(MaxDegreeOfParallelism));
    }

    /// <summary>Stops the check with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Told how far the check is. Any thread may tell.</summary>
    public IProgress<LandmarkCheckProgress>? Progress { get; init; }

    internal ParallelOptions CreateParallelOptions()
        => new() { MaxDegreeOfParallelism = MaxDegreeOfParallelism ?? -1, CancellationToken = CancellationToken };

    /// <summary>To be told how much of a work is done.</summary>
    internal IProgress<long>? ProgressOf(string work, long? total)
        => Progress is null ? null : new WorkProgress(Progress, work, total);

    private sealed record WorkProgress(IProgress<LandmarkCheckProgress> Told, string Work, long? Total) : IProgress<long>
    {
        public void Report(long value) => Told.Report(new LandmarkCheckProgress(Work, value, Total));
    }
}
