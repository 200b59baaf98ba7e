using Microsoft.ML.Landmarks.Plumbing;
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
        return Of(gallery.Landmarks, gallery.Ids, ofRows);
    }

    /// <summary>Of ids and values.</summary>
    public static string OfNonLandmarks(Gallery gallery) => Of(gallery.NonLandmarks, gallery.NonLandmarkIds, labels: null);

    // With what tells where each part ends.
    private static string Of(UnitRows rows, string[]? ids, string[]? labels) => new Fingerprint(writer =>
    {
        writer.Write(rows.Count);
        writer.Write(rows.Dimension);
        WriteTexts(writer, ids);
        WriteTexts(writer, labels);
        writer.Flush();
        rows.Write(writer.BaseStream);
    }).ToString();

    private static void WriteTexts(BinaryWriter writer, string[]? texts)
    {
        writer.Write(texts is not null);
        foreach (string text in texts ?? [])
            writer.Write(text);
    }
}
