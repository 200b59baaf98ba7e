namespace Landmarks.Demo.Data;

/// <summary>A photograph in the columns that a model of fit reads.</summary>
internal sealed class PhotoRow
{
    public required string Id { get; init; }

    public int Label { get; init; } = -1;

    public required string ImagePath { get; init; }
}
