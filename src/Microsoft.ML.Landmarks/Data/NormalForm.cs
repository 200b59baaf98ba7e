using ADRaffy.ENSNormalize;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>The Unicode normalization form C of names: macOS may write an é as two characters where other systems write one.</summary>
internal static class NormalForm
{
    // No character below U+0300 combines with another, and all of them are composed.
    private const char LastComposed = '\u02ff';

    // Not string.Normalize: in a program with InvariantGlobalization, as one without ICU must be, that returns its text as it is.
    public static string Of(string name) => name.AsSpan().ContainsAnyExceptInRange('\0', LastComposed) ? ENSNormalize.NF.NFC(name) : name;
}
