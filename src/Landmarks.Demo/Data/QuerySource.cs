using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>Where queries come from: a CSV file with a folder of photographs, or a folder tree.</summary>
internal sealed class QuerySource
{
    private readonly Func<MLContext, IDataView> _load;
    private readonly string _folder;

    private QuerySource(string folder, Func<MLContext, IDataView> load) => (_folder, _load) = (folder, load);

    /// <summary>The files that say which they are.</summary>
    public IReadOnlyList<string> Files { get; private init; } = [];

    public static QuerySource Of(LandmarkSource csv)
        => new(csv.ImageFolder, ml => ml.Data.LoadLandmarks(csv)) { Files = [csv.CsvFile] };

    /// <summary>All photographs of a folder tree, called by the names on the way.</summary>
    public static QuerySource OfFolder(string folder) => new(folder, ml =>
    {
        IDataView rows = ml.Data.LoadPhotographs(folder);
        return ImagePaths.Of(rows, CancellationToken.None).Any() ? rows : throw Errors.NoPhotographs(folder);
    });

    /// <summary>Rows with Id and ImagePath.</summary>
    /// <exception cref="JobFailedException">There is no such folder, or no photograph in it.</exception>
    public IDataView Load(MLContext ml)
    {
        ImageFolder.Require(_folder);
        return _load(ml);
    }
}
