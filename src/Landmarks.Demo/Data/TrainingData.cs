using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Landmarks.Demo.Data;

/// <summary>The photographs that a model is fitted to.</summary>
/// <param name="Rows">Id, Label and ImagePath; the label -1 is a non-landmark.</param>
/// <param name="Counts">How many there are of each kind.</param>
/// <param name="Remark">What there is to say of them, in words; null for nothing.</param>
internal sealed record TrainingData(IDataView Rows, RowCounts Counts, string? Remark = null)
{
    /// <summary>Reads a file, and no photograph. Non-landmarks are those that it has itself, if any.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="train">Reference photographs.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="JobFailedException">The folder is missing, or there is no landmark.</exception>
    public static TrainingData OfCsvFile(MLContext ml, LandmarkSource train, CancellationToken cancellation)
    {
        ImageFolder.Require(train.ImageFolder);
        IDataView rows = ml.Data.LoadLandmarks(train);
        RowCounts counts = RowCounts.Of(rows, cancellation);
        RequireLandmarks(counts, train.CsvFile);
        return new TrainingData(rows, counts);
    }

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
        RequireLandmarks(inTrain, train.CsvFile);
        if (inTrain.NonLandmarks + takenOfOthers == 0)
            throw Errors.NoNonLandmarkRows(nonLandmarks.CsvFile);
        return new TrainingData(ml.Data.LoadLandmarks(train, taken), new RowCounts(inTrain.Landmarks, inTrain.NonLandmarks + takenOfOthers),
            DescribeLeftOut(nonLandmarks, others - takenOfOthers));
    }

    /// <summary>Reads a file, and no photograph: non-landmarks alone.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="nonLandmarks">Only rows labelled -1 are taken.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="JobFailedException">The folder is missing, or there is no non-landmark.</exception>
    public static TrainingData OfNonLandmarks(MLContext ml, LandmarkSource nonLandmarks, CancellationToken cancellation)
    {
        ImageFolder.Require(nonLandmarks.ImageFolder);
        IDataView rows = ml.Data.LoadLandmarks(new LandmarkSource(nonLandmarks) { NonLandmarksOnly = true });
        long all = RowCounts.Of(ml.Data.LoadLandmarks(nonLandmarks), cancellation).All, taken = RowCounts.Of(rows, cancellation).All;
        return taken == 0 ? throw Errors.NoNonLandmarkRows(nonLandmarks.CsvFile)
            : new TrainingData(rows, new RowCounts(0, taken), DescribeLeftOut(nonLandmarks, all - taken));
    }

    /// <summary>The non-landmarks that come with the program.</summary>
    public static TrainingData OfSample(MLContext ml, CancellationToken cancellation)
        => OfNonLandmarks(ml, Sample.NonLandmarks, cancellation) with { Remark = Sample.DescribeNonLandmarks(ml) };

    /// <summary>Reads a file, and no photograph. The non-landmarks are those that come with the program.</summary>
    /// <inheritdoc cref="OfCsvFiles"/>
    public static TrainingData OfCsvFileAndSample(MLContext ml, LandmarkSource train, CancellationToken cancellation)
        => OfCsvFiles(ml, train, Sample.NonLandmarks, cancellation) with { Remark = Sample.DescribeNonLandmarks(ml) };

    /// <summary>Reads the names in the folders, and no photograph.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="folder">A folder for each landmark lies in it.</param>
    /// <param name="nonLandmarkFolder">The one whose photographs show none; null where there are no non-landmarks.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <param name="needsBoth">Whether there must be photographs of either kind; else of one.</param>
    /// <exception cref="JobFailedException">There is no landmark, or no non-landmark in the folder for them.</exception>
    public static TrainingData OfFolders(MLContext ml, string folder, string? nonLandmarkFolder, CancellationToken cancellation,
        bool needsBoth = true)
    {
        IDataView rows = ml.Data.LoadLandmarkFolders(folder, nonLandmarkFolder);
        RowCounts counts = RowCounts.Of(rows, cancellation);
        bool lacksLandmarks = needsBoth ? counts.Landmarks == 0 : counts.All == 0;
        if (lacksLandmarks || (needsBoth && counts.NonLandmarks == 0 && nonLandmarkFolder is not null))
            throw Errors.NoPhotographs(lacksLandmarks ? folder : Path.Join(folder, nonLandmarkFolder));
        return new TrainingData(rows, counts);
    }

    /// <summary>Reads the names in the folders, and no photograph. The non-landmarks are those that come with the program.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="folder">A folder for each landmark lies in it.</param>
    /// <param name="queryFolder">How the folder of queries is called that show none; null where no queries lie in folders.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="JobFailedException">There is no landmark, or one is called as if it were none.</exception>
    public static TrainingData OfFoldersAndSample(MLContext ml, string folder, string? queryFolder, CancellationToken cancellation)
    {
        if (queryFolder is not null && Path.Join(folder, queryFolder) is var none && Directory.Exists(none))
            throw Errors.NonLandmarkFolderOfQueriesAlone(none);
        IDataView landmarks = ml.Data.LoadLandmarkFolders(folder), nonLandmarks = ml.Data.LoadLandmarks(Sample.NonLandmarks);
        RowCounts counts = RowCounts.Of(landmarks, cancellation);
        if (counts.Landmarks == 0)
            throw Errors.NoPhotographs(folder);
        IDataView rows = ml.Data.LoadFromEnumerable(
            TrainingPhoto<string>.Read(ml, landmarks).Concat(Relabel<int, string>(ml, nonLandmarks, Truth.NonLandmark)));
        return new TrainingData(rows, new RowCounts(counts.Landmarks, counts.NonLandmarks + RowCounts.Of(nonLandmarks, cancellation).All),
            Sample.DescribeNonLandmarks(ml));
    }

    /// <summary>The same with labels of the type that those of a model have: non-landmarks have one of either type.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="type">The type; null where it is not known.</param>
    /// <param name="nonLandmark">The label of a non-landmark.</param>
    /// <param name="model">The model's file.</param>
    /// <exception cref="JobFailedException">There are landmarks, whose labels are of another type, or non-landmarks, whose label is
    /// another.</exception>
    public TrainingData LabeledAs(MLContext ml, DataViewType? type, string nonLandmark, string model)
    {
        if (Counts.NonLandmarks > 0 && nonLandmark != Truth.NonLandmark)
            throw Errors.OtherNonLandmarkLabel(model, nonLandmark);
        bool hasNames = Rows.Schema["Label"].Type is TextDataViewType, takesNames = type is TextDataViewType;
        if (hasNames == takesNames || type is null or KeyDataViewType)
            return this;
        if (Counts.Landmarks > 0)
            throw Errors.LabelsOfAnotherKind(model, takesNames);
        return this with
        {
            Rows = takesNames ? ml.Data.LoadFromEnumerable(Relabel<int, string>(ml, Rows, Truth.NonLandmark))
                : ml.Data.LoadFromEnumerable(Relabel<string, int>(ml, Rows, int.Parse(Truth.NonLandmark, CultureInfo.InvariantCulture))),
        };
    }

    private static IEnumerable<TrainingPhoto<TTo>> Relabel<TFrom, TTo>(MLContext ml, IDataView rows, TTo label)
        => TrainingPhoto<TFrom>.Read(ml, rows).Select(photo => new TrainingPhoto<TTo>
        {
            Id = photo.Id,
            Label = label,
            ImagePath = photo.ImagePath,
        });

    private static string? DescribeLeftOut(LandmarkSource nonLandmarks, long count)
        => count > 0 ? $"Left out {Quantity.Of(count, "row")} of {nonLandmarks.CsvFile}: not labelled -1." : null;

    private static void RequireLandmarks(RowCounts counts, string csvFile)
    {
        if (counts.All == 0)
            throw Errors.NoRows(csvFile);
        if (counts.Landmarks == 0)
            throw Errors.NoLandmarkRows(csvFile);
    }
}
