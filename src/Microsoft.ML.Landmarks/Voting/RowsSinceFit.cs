using Microsoft.ML.Runtime;

namespace Microsoft.ML.Landmarks.Voting;

/// <summary>Tells of rows that came since Fit: what it has learned knows nothing of them.</summary>
internal static class RowsSinceFit
{
    // Cross-validations in 5 folds let what was learned of four fifths of the rows stand for what is learned of all.
    private const double MostShare = 0.2;

    /// <summary>Says how many rows came, and warns where they are many and something was learned without them.</summary>
    /// <param name="came">How many of the rows came since Fit.</param>
    /// <param name="rows">How many rows there are now.</param>
    /// <param name="learned">What was learned and stays as it was; none where nothing was.</param>
    /// <param name="channel">Told.</param>
    public static void Tell(long came, long rows, IReadOnlyList<string> learned, IChannel channel)
    {
        if (came > MostShare * rows && learned.Count > 0)
            channel.Warning(MessageSensitivity.None, Errors.ManyRowsSinceFit(came, rows, learned));
        else if (came > 0)
            channel.Info(MessageSensitivity.None, Errors.RowsSinceFit(came, rows, learned));
    }
}
