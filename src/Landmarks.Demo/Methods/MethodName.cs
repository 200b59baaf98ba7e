using Microsoft.ML;

namespace Landmarks.Demo.Methods;

/// <summary>What tables call the methods; without blanks or commas.</summary>
internal static class MethodName
{
    public const string Notebook = "notebook";

    /// <summary>What fit makes where the notebook's method suits the photographs: without the non-landmarks that verdicts are judged
    /// by.</summary>
    public const string NotebookWithVerdict = "notebook-with-verdict";

    public static string Of(LandmarkMethod method) => method switch
    {
        LandmarkMethod.Plain => Notebook,
        LandmarkMethod.NoPenalties => "no-penalties",
        LandmarkMethod.Whitened => "whitened",
        LandmarkMethod.WhitenedNoPenalties => "whitened-no-penalties",
        _ => "whitened-tuned",
    };
}
