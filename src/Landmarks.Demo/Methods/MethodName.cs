using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>What tables call the methods; without blanks or commas, unless a file has them.</summary>
internal static class MethodName
{
    public const string Plain = "plain";

    /// <summary>What fit makes where the plain method suits the photographs: without the non-landmarks that verdicts are judged
    /// by.</summary>
    public const string PlainWithVerdict = "plain-with-verdict";

    /// <summary>A model that was not fitted here: its file, and the index that holds its rows where there is one.</summary>
    public static string OfGiven(string file, string? index)
        => $"given:{Path.GetFileName(file)}{(index is null ? "" : $"@{index}")}";

    public static string Of(LandmarkMethod method) => method switch
    {
        LandmarkMethod.Plain => Plain,
        LandmarkMethod.NoPenalties => "no-penalties",
        LandmarkMethod.Whitened => "whitened",
        LandmarkMethod.WhitenedNoPenalties => "whitened-no-penalties",
        _ => "whitened-tuned",
    };
}
