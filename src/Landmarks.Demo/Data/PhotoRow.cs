namespace Landmarks.Demo.Data;

/// <summary>A photograph to be answered, in the columns that a model reads.</summary>
internal sealed class PhotoRow
{
    public required string Id { get; init; }

    public int Label { get; init; } = -1;

    public required string ImagePath { get; init; }
}
