using System.Text.Json.Serialization;
using Microsoft.ML.Landmarks;

namespace Microsoft.ML;

/// <summary>How a step works, whatever it does: settings that change no result and are no part of a model.</summary>
/// <remarks>
/// Fit obeys them, and the step that it gives begins with them: see <see cref="BatchTransformer.MaxDegreeOfParallelism"/>,
/// <see cref="BatchTransformer.CancellationToken"/> and <see cref="BatchTransformer.Progress"/>, which may be set on a loaded step too.
/// </remarks>
public abstract class StepOptions
{
    /// <summary>The values that are taken unless told otherwise.</summary>
    protected StepOptions()
    {
    }

    /// <summary>Those of another step.</summary>
    private protected StepOptions(StepOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (MaxDegreeOfParallelism, CancellationToken, Progress) = (other.MaxDegreeOfParallelism, other.CancellationToken, other.Progress);
    }

    /// <summary>How many threads work, at least 1; null for all cores. It is no part of the model, and changes no result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    [JsonIgnore]
    public int? MaxDegreeOfParallelism
    {
        get;
        init { field = CheckThreads(value, nameof(MaxDegreeOfParallelism)); }
    }

    /// <summary>
    /// Stops Fit with <see cref="OperationCanceledException"/>, and what the fitted step computes. It is no part of the model.
    /// </summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Told how many rows are done: by Fit, where it computes something for them, and then by each pass over what the fitted step makes.
    /// Any thread may tell. It is no part of the model.
    /// </summary>
    [JsonIgnore]
    public IProgress<long>? Progress { get; init; }

    internal ParallelOptions CreateParallelOptions()
        => new() { MaxDegreeOfParallelism = MaxDegreeOfParallelism ?? -1, CancellationToken = CancellationToken };

    internal static int? CheckThreads(int? threads, string name)
    {
        if (threads is { } number)
            ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, name);
        return threads;
    }
}
