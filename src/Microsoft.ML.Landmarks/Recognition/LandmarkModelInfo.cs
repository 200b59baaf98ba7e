using System.Text.Json.Serialization;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Recognition;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Voting;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML;

/// <summary>What a model consists of: its networks, how it has learned, what it knows, and by what it judges.</summary>
/// <example>
/// <code>
/// LandmarkModelInfo info = LandmarkModelInfo.Of(mlContext.Model.Load("landmarks.zip", out _));
/// foreach (LandmarkInfo landmark in info.Landmarks)
///     Console.WriteLine($"{landmark.Name ?? landmark.Label}: {landmark.RowCount} photographs");
/// </code>
/// </example>
public sealed record LandmarkModelInfo
{
    /// <summary>The networks of its steps, in their order; none where the model takes features.</summary>
    public IReadOnlyList<LandmarkNetworkInfo> Networks { get; init; } = [];

    /// <summary>How many features a row has that the step which names landmarks reads.</summary>
    public int Dimension { get; init; }

    /// <summary>How it has learned; null where its step is <see cref="KnnLandmarkEstimator"/>'s.</summary>
    public LandmarkMethod? Method { get; init; }

    /// <summary>Why <see cref="Method"/> was chosen, in words; none where it was asked for.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>How many rows vote.</summary>
    public int NumberOfNeighbors { get; init; }

    /// <summary>How many non-landmarks make the penalty of a row.</summary>
    public int NumberOfTrainingPenaltyNeighbors { get; init; }

    /// <summary>How many non-landmarks make the penalty of a query.</summary>
    public int NumberOfQueryPenaltyNeighbors { get; init; }

    /// <summary>The factor of the rows' penalties.</summary>
    public double TrainingPenaltyWeight { get; init; }

    /// <summary>The factor of a query's own penalty.</summary>
    public double QueryPenaltyWeight { get; init; }

    /// <summary>The exponent of the neighbors' scores in the vote.</summary>
    public double SimilarityExponent { get; init; }

    /// <summary>How many rows a query is averaged with.</summary>
    public int QueryExpansion { get; init; }

    /// <summary>The factor with which landmark rows were drawn towards those of their landmark, 0 for none; null in a model that an older
    /// version saved, which does not tell.</summary>
    public double? SameLandmarkSmoothing { get; init; }

    /// <summary>The label of rows without a landmark, as text.</summary>
    public string NonLandmarkLabel { get; init; } = KnnLandmarkEstimator.Defaults.NonLandmarkLabel;

    /// <summary>What holds its rows where they are no part of it, PostgreSql say; null where they are.</summary>
    public string? IndexKind { get; init; }

    /// <summary>What the rows are called there, the schema of a database; null where they are part of the model.</summary>
    public string? IndexName { get; init; }

    /// <summary>The landmarks that it knows, in the order in which they came; none where its rows are elsewhere and not attached.</summary>
    public IReadOnlyList<LandmarkInfo> Landmarks { get; init; } = [];

    /// <summary>How many rows have a landmark.</summary>
    public int LandmarkRowCount { get; init; }

    /// <summary>How many rows without a landmark make penalties; those that are held out are not among them.</summary>
    public int NonLandmarkRowCount { get; init; }

    /// <summary>
    /// The SHA-256 of the rows with a landmark, in hexadecimal: of their ids, labels and values as they are searched, in their order. Two
    /// models whose fingerprints are equal know the same. It is computed when it is first asked for; empty where rows are elsewhere.
    /// </summary>
    public string LandmarkFingerprint { get => OfLandmarks.Value; init => OfLandmarks = new(value); }

    /// <summary>How many rows without a landmark are held out of all that is learned, so that answers can be judged by them; none where the
    /// verdict is by folds, and in a model that an older version saved, which keeps their scores alone.</summary>
    public int HeldOutRowCount { get; init; }

    /// <summary>The SHA-256 of the rows without a landmark, in hexadecimal: of the ids and values of those that make penalties, and of
    /// those that are held out; empty where rows are elsewhere.</summary>
    public string NonLandmarkFingerprint { get => OfNonLandmarks.Value; init => OfNonLandmarks = new(value); }

    /// <summary>The ids of all these rows, and of those that are held out; none where the model was fitted without ids, or its rows are
    /// elsewhere. They are no part of this as JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>By what answers are judged; null where they are not.</summary>
    public LandmarkVerdictInfo? Verdict { get; init; }

    /// <summary>What was added and removed since Fit, oldest first.</summary>
    public IReadOnlyList<LandmarkChange> Changes { get; init; } = [];

    /// <summary>How many of its rows, those too that are held out, came since Fit: what Fit has learned, a whitening say, knows nothing of
    /// them.</summary>
    public long RowsSinceFit { get; init; }

    private Lazy<string> OfLandmarks { get; init; } = new("");

    private Lazy<string> OfNonLandmarks { get; init; } = new("");

    /// <summary>Looks at a model.</summary>
    /// <param name="model">A chain that names landmarks, or the step that does.</param>
    /// <exception cref="InvalidOperationException">No step of this library names landmarks in it.</exception>
    public static LandmarkModelInfo Of(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var steps = new LandmarkSteps(model);
        var recognizing = steps.Step as LandmarkRecognizingTransformer;
        KnnLandmarkTransformer landmarks = steps.Landmarks;
        HeldOutRows? heldOut = recognizing?.Model.Verdict?.Calibration.HeldOut;
        KnnLandmarkSettings settings = landmarks.Settings;
        var rows = (landmarks.Index as MemoryLandmarkIndex)?.Gallery;
        return new LandmarkModelInfo
        {
            Networks = [.. steps.Before.OfType<ImageEmbeddingTransformer>()
                .Select(embedding => LandmarkNetworkInfo.Of(embedding, steps.Before.TakeWhile(step => step != embedding)))],
            Dimension = recognizing?.Model.Dimension ?? landmarks.Dimension,
            Method = recognizing?.Method,
            Reasons = recognizing?.Reasons ?? [],
            NumberOfNeighbors = settings.NumberOfNeighbors,
            NumberOfTrainingPenaltyNeighbors = settings.NumberOfTrainingPenaltyNeighbors,
            NumberOfQueryPenaltyNeighbors = settings.NumberOfQueryPenaltyNeighbors,
            TrainingPenaltyWeight = settings.Vote.TrainingPenaltyWeight,
            QueryPenaltyWeight = settings.Vote.QueryPenaltyWeight,
            SimilarityExponent = settings.Vote.SimilarityExponent,
            QueryExpansion = settings.QueryExpansion,
            SameLandmarkSmoothing = settings.SameLandmarkSmoothing,
            NonLandmarkLabel = settings.Rows.NonLandmarkLabel,
            IndexKind = landmarks.Index.External?.Kind,
            IndexName = landmarks.Index.External?.Name,
            Landmarks = landmarks.Index is DetachedLandmarkIndex ? [] : LandmarkInfo.Of(steps.Step),
            LandmarkRowCount = landmarks.LandmarkRowCount,
            NonLandmarkRowCount = landmarks.NonLandmarkRowCount,
            OfLandmarks = new(() => rows is null ? "" : RowFingerprint.OfLandmarks(rows)),
            OfNonLandmarks = new(() => rows is null ? "" : RowFingerprint.OfNonLandmarks(rows, heldOut)),
            Ids = [.. new[] { rows?.Ids, rows?.NonLandmarkIds, heldOut?.Ids }.SelectMany(ids => ids ?? [])],
            HeldOutRowCount = heldOut?.Rows.Count ?? 0,
            Changes = landmarks.Changes,
            RowsSinceFit = recognizing?.Model.RowsSinceFit ?? landmarks.RowsSinceFit,
            Verdict = recognizing?.Model.Verdict is { } verdict ? LandmarkVerdictInfo.Of(verdict) : null,
        };
    }
}
