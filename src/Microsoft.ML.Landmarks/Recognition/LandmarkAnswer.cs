namespace Microsoft.ML;

/// <summary>What a <see cref="LandmarkRecognizer"/> says of a photograph, and why.</summary>
/// <remarks>What there is none of is null or empty: a model of another kind tells less, and of a photograph that could not be read
/// <see cref="Error"/> alone is told.</remarks>
public sealed record LandmarkAnswer
{
    /// <summary>The photograph's path as it was given; null where bytes or a stream were.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// The label of the best guess as text. It stays the best guess where <see cref="IsLandmark"/> is false, as the model's columns do;
    /// null where the photograph could not be read, or the network makes zeros of it.
    /// </summary>
    public string? Landmark { get; init; }

    /// <summary>The name of <see cref="Landmark"/>; its label where no name is known.</summary>
    public string? Name { get; init; }

    /// <summary>How sure the best guess is: higher is surer. It sorts the answers of one model, and is no probability.</summary>
    public float? Score { get; init; }

    /// <summary>The verdict: whether the photograph shows a landmark that the model knows, false where the network makes zeros of it. Null
    /// where the model gives none, or the photograph could not be read.</summary>
    public bool? IsLandmark { get; init; }

    /// <summary>From 0 to 1: how often a photograph of no landmark is answered as surely as this one, by those that were held out of the
    /// fit.</summary>
    public float? FalseAlarmProbability { get; init; }

    /// <summary>From 0 to 1: how often a photograph of a landmark that the model does not know is answered as surely as this one, an
    /// estimate.</summary>
    public float? UnknownLandmarkProbability { get; init; }

    /// <summary>The best landmarks, the best first: at most <see cref="LandmarkRecognizer.NumberOfTopLandmarks"/>.</summary>
    public IReadOnlyList<LandmarkCandidate> Top { get; init; } = [];

    /// <summary>The training photographs that voted, the nearest first.</summary>
    public IReadOnlyList<VotingNeighbor> Neighbors { get; init; } = [];

    /// <summary>The photographs of no landmark that are most alike, the most alike first: <see cref="QueryPenalty"/> is the mean of their
    /// similarities.</summary>
    public IReadOnlyList<NonLandmarkLikeness> NonLandmarkNeighbors { get; init; } = [];

    /// <summary>How alike the photograph is to those of no landmark, before the weight with which that counts against
    /// <see cref="Score"/>.</summary>
    public float? QueryPenalty { get; init; }

    /// <summary>Why the photograph could not be read; null where it could.</summary>
    public string? Error { get; init; }
}
