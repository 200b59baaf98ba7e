using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>A photograph that a model is fitted to.</summary>
/// <typeparam name="TLabel">The type of labels: numbers of a CSV file, or names of folders.</typeparam>
internal sealed class TrainingPhoto<TLabel>
{
    public string Id { get; set; } = "";

    public TLabel Label { get; set; } = default!;

    public string ImagePath { get; set; } = "";

    /// <summary>The rows of a view whose labels are of this type.</summary>
    public static IEnumerable<TrainingPhoto<TLabel>> Read(MLContext ml, IDataView rows)
        => ml.Data.CreateEnumerable<TrainingPhoto<TLabel>>(rows, reuseRowObject: false);
}
