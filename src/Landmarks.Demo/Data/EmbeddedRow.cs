namespace Landmarks.Demo.Data;

/// <summary>An embedded photograph of a CSV file.</summary>
internal sealed class EmbeddedRow
{
    public string Id { get; set; } = "";

    public int Label { get; set; }

    public float[] Features { get; set; } = [];
}
