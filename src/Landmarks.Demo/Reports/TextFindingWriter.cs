using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>Writes findings for a reader: what those of a kind are, and a line for each.</summary>
/// <param name="writeLine">Writes a line.</param>
internal sealed class TextFindingWriter(Action<string> writeLine) : IResultWriter<Finding>
{
    private LandmarkFindingKind? _last;

    public void Write(Finding result)
    {
        LandmarkFindingKind kind = result.Kind;
        if (_last != kind)
            writeLine($"{FindingKinds.NameOf(kind)}: {FindingKinds.TitleOf(kind)}. {FindingKinds.RemedyOf(kind)}");
        _last = kind;
        string?[] parts =
        [
            Describe(result.Id, result.Place),
            result.OtherId is { } other ? Describe(other, result.OtherPlace) : result.OtherName,
            FindingKinds.Describe(kind, result.Score),
        ];
        string reason = kind == LandmarkFindingKind.Unreadable ? $": {result.Advice}" : "";
        writeLine($"  {string.Join(", ", parts.OfType<string>())}{reason}");
    }

    // The name of a file in folders says itself where it stands.
    private static string Describe(string id, string? place)
        => place is null || id.StartsWith($"{place}/", StringComparison.Ordinal) ? id : $"{id} ({place})";
}
