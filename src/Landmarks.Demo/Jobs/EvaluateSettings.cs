using Microsoft.ML;

namespace Landmarks.Demo.Jobs;

/// <summary>What is compared with the truth, and how.</summary>
internal sealed record EvaluateSettings
{
    /// <summary>Answers, as predict writes them.</summary>
    public required string Predictions { get; init; }

    /// <summary>What the queries show.</summary>
    public required string Truth { get; init; }

    /// <summary>Opens rows whose labels are the landmarks that the model knows; null where that is not told.</summary>
    public Func<MLContext, IDataView>? OpenKnown { get; init; }

    /// <summary>The rate of false alarms at which verdicts are decided anew; null: several.</summary>
    public double? FalseAlarmRate { get; init; }

    /// <summary>Likewise that of landmarks which the model does not know; null: they have no part in it.</summary>
    public double? UnknownLandmarkRate { get; init; }
}
