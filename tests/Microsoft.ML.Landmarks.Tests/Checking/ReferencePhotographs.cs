using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Checking;

/// <summary>A reference photograph as it is checked.</summary>
internal sealed class ReferencePhotograph
{
    public string Id { get; set; } = "";

    public string Label { get; set; } = "";

    public string ImagePath { get; set; } = "";

    [VectorType(ReferencePhotographs.Dimension)]
    public float[] Features { get; set; } = new float[ReferencePhotographs.Dimension];
}

/// <summary>Reference photographs that are made one by one: files in a folder, and features that lie around a direction.</summary>
/// <param name="folder">Where the files are.</param>
/// <param name="firstSeed">That of the first picture.</param>
internal sealed class ReferencePhotographs(TemporaryFolder folder, int firstSeed = 1000)
{
    public const int Dimension = 24;

    private readonly List<ReferencePhotograph> _rows = [];
    private readonly Random _random = new(1);

    /// <summary>Adds a photograph.</summary>
    /// <param name="id">Its id, and the name of its file.</param>
    /// <param name="label">Its label.</param>
    /// <param name="direction">What it shows: features of one direction are alike.</param>
    /// <param name="save">Writes the file; null: a picture like no other.</param>
    /// <param name="noise">How far its features lie from the direction.</param>
    public ReferencePhotographs Add(string id, string label, int direction, Func<string, string>? save = null, double noise = 0.5)
    {
        var features = new float[Dimension];
        features[direction] = 1;
        for (int i = 0; i < Dimension; i++)
            features[i] += (float)(noise * (_random.NextDouble() - 0.5));
        using var photograph = new DrawnPhotograph(firstSeed + _rows.Count);
        string path = folder[$"{id}.png"];
        _rows.Add(new ReferencePhotograph { Id = id, Label = label, ImagePath = (save ?? photograph.Save)(path), Features = features });
        return this;
    }

    /// <summary>Adds several photographs of one direction.</summary>
    public ReferencePhotographs AddMany(int count, string label, int direction)
    {
        for (int i = 0; i < count; i++)
            Add($"{label}{direction}-{i}", label, direction);
        return this;
    }

    public IReadOnlyList<ReferencePhotograph> Rows => _rows;

    public IReadOnlyList<LandmarkFinding> Check(MLContext mlContext, LandmarkCheckOptions? options = null)
        => mlContext.Data.CheckLandmarks(mlContext.Data.LoadFromEnumerable(_rows), options);
}
