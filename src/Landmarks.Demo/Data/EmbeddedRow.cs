namespace Landmarks.Demo.Data;

/// <summary>An embedded photograph, its label as text.</summary>
internal sealed class EmbeddedRow
{
    public string Id { get; set; } = "";

    public string Label { get; set; } = "";

    public float[] Features { get; set; } = [];
}
