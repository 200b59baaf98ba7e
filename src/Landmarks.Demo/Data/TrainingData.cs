using Microsoft.ML;

namespace Landmarks.Demo.Data;

/// <summary>The photographs that a model is fitted to.</summary>
/// <param name="Rows">Id, Label and ImagePath; the label -1 is a non-landmark.</param>
/// <param name="Counts">How many there are of each kind.</param>
/// <param name="LeftOut">What was left out, in words; null for nothing.</param>
internal sealed record TrainingData(IDataView Rows, RowCounts Counts, string? LeftOut = null)
{
    /// <summary>Reads the files, and no photograph.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="train">Reference photographs; rows labelled -1 are non-landmarks too.</param>
    /// <param name="nonLandmarks">Only rows labelled -1 are taken.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="JobFailedException">A folder is missing, or there is no landmark or no non-landmark.</exception>
    public static TrainingData OfCsvFiles(MLContext ml, LandmarkSource train, LandmarkSource nonLandmarks, CancellationToken cancellation)
    {
        ImageFolder.Require(train.ImageFolder);
        ImageFolder.Require(nonLandmarks.ImageFolder);
        var taken = new LandmarkSource(nonLandmarks) { NonLandmarksOnly = true };
        RowCounts inTrain = RowCounts.Of(ml.Data.LoadLandmarks(train), cancellation);
        long others = RowCounts.Of(ml.Data.LoadLandmarks(nonLandmarks), cancellation).All,
            takenOfOthers = RowCounts.Of(ml.Data.LoadLandmarks(taken), cancellation).All;
        if (inTrain.All == 0)
            throw Errors.NoRows(train.CsvFile);
        if (inTrain.Landmarks == 0)
            throw Errors.NoLandmarkRows(train.CsvFile);
        if (inTrain.NonLandmarks + takenOfOthers == 0)
            throw Errors.NoNonLandmarkRows(nonLandmarks.CsvFile);
        string? leftOut = others > takenOfOthers
            ? $"Left out {Quantity.Of(others - takenOfOthers, "row")} of {nonLandmarks.CsvFile}: not labelled -1." : null;
        return new TrainingData(ml.Data.LoadLandmarks(train, taken), new RowCounts(inTrain.Landmarks, inTrain.NonLandmarks + takenOfOthers),
            leftOut);
    }

    /// <summary>Reads the names in the folders, and no photograph.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="folder">A folder for each landmark lies in it.</param>
    /// <param name="nonLandmarkFolder">The one whose photographs show none.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="JobFailedException">There is no landmark or no non-landmark.</exception>
    public static TrainingData OfFolders(MLContext ml, string folder, string nonLandmarkFolder, CancellationToken cancellation)
    {
        IDataView rows = ml.Data.LoadLandmarkFolders(folder, nonLandmarkFolder);
        RowCounts counts = RowCounts.Of(rows, cancellation);
        if (counts.Landmarks == 0 || counts.NonLandmarks == 0)
            throw Errors.NoPhotographs(counts.Landmarks == 0 ? folder : Path.Join(folder, nonLandmarkFolder));
        return new TrainingData(rows, counts);
    }
}
