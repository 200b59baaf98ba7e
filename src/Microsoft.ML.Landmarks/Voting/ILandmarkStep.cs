using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>A step that names landmarks, and can show all of its answers.</summary>
internal interface ILandmarkStep
{
    /// <summary>Whether neighbors are named by ids, and not by position.</summary>
    bool KnowsIds { get; }

    /// <summary>The name of a landmark by its label as text; empty where there are no names.</summary>
    IReadOnlyDictionary<string, string> Names { get; }

    /// <summary>The columns of fitted rows.</summary>
    FittedColumns Rows { get; }

    /// <summary>The columns that it adds.</summary>
    AnswerColumns Columns { get; }

    /// <summary>What finds its rows.</summary>
    LandmarkIndex Index { get; }

    /// <summary>What tells its rows from those of other models: what made them, and how their penalties were made.</summary>
    string RowsFingerprint { get; }

    /// <summary>The same step with rows that are elsewhere.</summary>
    /// <param name="index">Where they are; it is not disposed with the step.</param>
    /// <exception cref="InvalidOperationException">They are rows of other steps, or a column can't be shown of them.</exception>
    ITransformer WithIndex(LandmarkIndex index);

    /// <summary>Reads rows that are to come to its own, as they are kept.</summary>
    /// <param name="rows">With the columns of fitted rows.</param>
    /// <param name="parallelism">Threads and cancellation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than those that were fitted, or other steps
    /// made the features.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    LandmarkRows ReadRows(IDataView rows, ParallelOptions parallelism);

    /// <summary>Reads rows that are asked, as they are searched; those without a cosine are left out.</summary>
    /// <param name="rows">With the column of features.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    UnitRows ReadQueries(IDataView rows, CancellationToken cancellation);

    /// <summary>The same step with other columns. It works with the fitted rows of this one, which are not disposed with it.</summary>
    ITransformer Showing(AnswerColumns columns);

    /// <summary>The same step with more fitted rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="replace">Whether they take the places of those that have their ids.</param>
    /// <param name="names">What their landmarks are called; null where nobody says it.</param>
    ITransformer With(IDataView rows, bool replace, IDataView? names);

    /// <summary>The same step without some of its rows, by their ids.</summary>
    ITransformer Without(IEnumerable<string> ids);

    /// <summary>The same step without some of its landmarks, by their labels as text.</summary>
    ITransformer WithoutLandmarks(IEnumerable<string> labels);
}
