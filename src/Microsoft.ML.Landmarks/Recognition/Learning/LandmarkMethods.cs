namespace Microsoft.ML.Landmarks.Recognition.Learning;

/// <summary>What each method does.</summary>
internal static class LandmarkMethods
{
    /// <summary>Whether rows are whitened.</summary>
    public static bool Whitens(this LandmarkMethod method)
        => method is LandmarkMethod.Whitened or LandmarkMethod.WhitenedNoPenalties or LandmarkMethod.WhitenedTuned;

    /// <summary>Whether weights and exponent of the vote are chosen by leave-one-out.</summary>
    public static bool Tunes(this LandmarkMethod method) => method is LandmarkMethod.WhitenedTuned;

    /// <summary>The weight of both penalties, unless they are tuned.</summary>
    public static double PenaltyWeight(this LandmarkMethod method)
        => method is LandmarkMethod.NoPenalties or LandmarkMethod.WhitenedNoPenalties ? 0 : 1;

    /// <summary>What messages call it.</summary>
    public static string Name(this LandmarkMethod method) => method switch
    {
        LandmarkMethod.Plain => "plain",
        LandmarkMethod.NoPenalties => "no-penalties",
        LandmarkMethod.Whitened => "whitened",
        LandmarkMethod.WhitenedNoPenalties => "whitened-no-penalties",
        _ => "whitened-tuned",
    };
}
