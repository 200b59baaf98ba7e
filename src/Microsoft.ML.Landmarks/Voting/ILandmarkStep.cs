namespace Microsoft.ML.Landmarks.Voting;

/// <summary>A step that names landmarks, and can show all of its answers.</summary>
internal interface ILandmarkStep
{
    /// <summary>Whether neighbors are named by ids, and not by position.</summary>
    bool KnowsIds { get; }

    /// <summary>The name of a landmark by its label as text; empty where there are no names.</summary>
    IReadOnlyDictionary<string, string> Names { get; }

    /// <summary>The columns that it adds.</summary>
    AnswerColumns Columns { get; }

    /// <summary>The same step with other columns. It works with the fitted rows of this one, which are not disposed with it.</summary>
    ITransformer Showing(AnswerColumns columns);
}
