using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using Microsoft.ML.Landmarks.Vectors;
using Microsoft.ML.Landmarks.Voting.Index;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>Tells the rows of a model from those of another: the SHA-256, in hexadecimal, of all that is kept of them, in their
/// order.</summary>
internal static class RowFingerprint
{
    /// <summary>Of ids, labels and values.</summary>
    public static string OfLandmarks(Gallery gallery)
    {
        IReadOnlyList<string> labels = gallery.Labels.Texts;
        string[] ofRows = new string[gallery.Landmarks.Count];
        for (int row = 0; row < ofRows.Length; row++)
            ofRows[row] = labels[gallery.Labels.LandmarkOfRow[row]];
        return Of((gallery.Landmarks, gallery.Ids, ofRows));
    }

    /// <summary>Of ids and values: of those that make penalties, and of those that are held out.</summary>
    public static string OfNonLandmarks(Gallery gallery, HeldOutRows? heldOut)
    {
        (UnitRows, string[]?, string[]?) fitted = (gallery.NonLandmarks, gallery.NonLandmarkIds, null);
        return heldOut is null ? Of(fitted) : Of(fitted, (heldOut.Rows, heldOut.Ids, null));
    }

    // With what tells where each part ends.
    private static string Of(params (UnitRows Rows, string[]? Ids, string[]? Labels)[] parts) => new Fingerprint(writer =>
    {
        foreach ((UnitRows rows, string[]? ids, string[]? labels) in parts)
        {
            writer.Write(rows.Count);
            writer.Write(rows.Dimension);
            WriteTexts(writer, ids);
            WriteTexts(writer, labels);
            writer.Flush();
            rows.Write(writer.BaseStream);
        }
    }).ToString().ToLowerInvariant();

    private static void WriteTexts(BinaryWriter writer, string[]? texts)
    {
        writer.Write(texts is not null);
        foreach (string text in texts ?? [])
            writer.Write(text);
    }
}
