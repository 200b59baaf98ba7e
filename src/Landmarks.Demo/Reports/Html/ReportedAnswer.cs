using Microsoft.ML;
using Microsoft.ML.Landmarks.Data;

namespace Landmarks.Demo.Reports.Html;

/// <summary>What a photograph was answered with, and what it shows.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Path">Its file; null where that is not at hand.</param>
/// <param name="Shows">The landmarks that it shows, by their labels as text; none where it shows none; null where that is not
/// known.</param>
/// <param name="IsUnknown">Whether it shows landmarks alone that the model does not know.</param>
internal sealed record ReportedAnswer(LandmarkAnswer Answer, string? Path, IReadOnlyList<string>? Shows, bool IsUnknown = false)
{
    public string Id => Answer.Id ?? "";

    /// <summary>Whether a landmark was answered: a model without verdicts answers its best guess.</summary>
    public bool IsAnswered => HasGuess && Answer.IsLandmark != false;

    /// <summary>Whether the best guess is a landmark that it shows.</summary>
    public bool IsGuessRight => HasGuess && ShowsLandmark(Answer.Landmark!);

    public Outcome Outcome => Answer switch
    {
        { Error: not null } or { Score: null } => Outcome.Unreadable,
        _ when Shows is null => IsAnswered ? Outcome.Landmark : Outcome.NoLandmark,
        _ when IsAnswered => IsGuessRight ? Outcome.Right : Shows.Count == 0 ? Outcome.FalseAlarm : Outcome.WrongLandmark,
        _ => Shows.Count == 0 || IsUnknown ? Outcome.RightlyNone : Outcome.Missed,
    };

    private bool HasGuess => Answer is { Landmark: { } landmark, Score: not null } && !LandmarkName.IsNone(landmark);

    /// <summary>Whether it is known to show a landmark; 7 and 007 are one, as the measures have it.</summary>
    public bool ShowsLandmark(string label) => Shows?.Any(shown => LandmarkName.Normalize(shown) == LandmarkName.Normalize(label)) == true;
}
