using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Checking;
using Microsoft.ML.Landmarks.Data;
using Microsoft.ML.Landmarks.Evaluation;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Landmark recognition for ML.NET: steps of a pipeline, and reading, writing and judging its data.</summary>
public static class LandmarksCatalog
{
    /// <summary>Rows of a CSV file of the Google Landmark Recognition data.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="csvFile">
    /// UTF-8 with a header: <c>id,landmark_id</c>, or <c>landmark_id,images</c> (ids by blanks, as in GLDv2's train_clean.csv); for
    /// queries, whose label is -1, <c>id,landmarks</c>, <c>id</c> or <c>id,url</c> (GLDv2's test.csv and index.csv). Whole numbers may have
    /// a point, as pandas writes them: 7.0. The landmark ids of GLDv2's index are others than those of its training data.
    /// </param>
    /// <param name="imageFolder">The photograph of id <c>abc…</c> is <c>imageFolder/a/b/c/abc….jpg</c>.</param>
    /// <returns>Id (text), Label (Int32), ImagePath (text). The file is read anew in each pass and no row is kept, but the ids of queries
    /// while they are read, since each may stand there once, and what comes through a pipe.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no CSV file, or a column is missing; or, while rows are read, a line can't be: the message names file and line.
    /// </exception>
    public static IDataView LoadLandmarks(this DataOperationsCatalog catalog, string csvFile, string imageFolder)
        => catalog.LoadLandmarks(new LandmarkSource(csvFile, imageFolder));

    /// <summary>Rows of CSV files of the Google Landmark Recognition data, one file after the other.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="sources">The files, at least one.</param>
    /// <inheritdoc cref="LoadLandmarks(DataOperationsCatalog, string, string)"/>
    public static IDataView LoadLandmarks(this DataOperationsCatalog catalog, params LandmarkSource[] sources)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Length == 0 || Array.Exists(sources, s => s is null))
            throw Errors.NoSources();
        LandmarkSource[] checkedSources = [.. sources];
        foreach (LandmarkSource source in checkedSources)
            LandmarkCsv.CheckHeader(source);
        return new LandmarkDataView(checkedSources.SelectMany(LandmarkCsv.Read), NumberDataViewType.Int32);
    }

    /// <summary>Predictions in the form of the Google Landmark Recognition challenge, as
    /// <see cref="SaveLandmarkSubmission(DataOperationsCatalog, IDataView, string, string, string, string)"/> writes them, or in columns of
    /// their own, with verdicts.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="csvFile">
    /// UTF-8 with a header: <c>id,landmarks</c>, the second a landmark, a blank and a confidence, or empty where there is no answer (a name
    /// may hold blanks: the confidence is what follows the last); or <c>id,landmark,score</c>. Where <c>isLandmark</c> is true or false in
    /// some row, it is read too, with <c>falseAlarmProbability</c> and <c>unknownLandmarkProbability</c>. Other columns are ignored.
    /// </param>
    /// <returns>
    /// Id (text), PredictedLabel (text; empty: no answer), Score (Single; NaN: no answer), and where there are verdicts IsLandmark
    /// (Boolean), FalseAlarmProbability and UnknownLandmarkProbability (Single; NaN: none): what
    /// <see cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)"/> takes. Read anew in each pass.
    /// </returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no CSV file, or a column is missing; or, while rows are read, a line can't be or an id stands there twice: the message names
    /// file and line.
    /// </exception>
    public static IDataView LoadLandmarkSubmission(this DataOperationsCatalog catalog, string csvFile)
    {
        CsvTable table = OpenCsv(catalog, csvFile);
        using CsvReader reader = table.Open();
        return LandmarkVerdictRow.IsIn(reader)
            ? CsvView.Create(catalog, table, LandmarkVerdictRow.Open) : CsvView.Create(catalog, table, LandmarkSubmissionRow.Open);
    }

    /// <summary>What queries show.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="csvFile">
    /// UTF-8 with a header: <c>id,landmark_id</c>, a name that may hold blanks; or <c>id,landmarks</c> as in the challenge's solution, ids
    /// of landmarks by blanks. Nothing or -1 where a query shows no landmark; 7.0 is 7. A column <c>Usage</c> holds Public, Private or
    /// Ignored. Other columns are ignored.
    /// </param>
    /// <returns>
    /// Id (text), Label (vector of text; of no value where there is no landmark), Usage (text; empty where the file has none): what
    /// <see cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)"/> takes. Read anew in each pass.
    /// </returns>
    /// <inheritdoc cref="LoadLandmarkSubmission"/>
    public static IDataView LoadLandmarkTruth(this DataOperationsCatalog catalog, string csvFile)
        => LoadCsv(catalog, csvFile, LandmarkTruthRow.Open);

    /// <summary>What landmarks are called.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="csvFile">
    /// UTF-8 with a header: <c>landmark_id,name</c>; or <c>landmark_id,category</c> as in GLDv2's train_label_to_category.csv, addresses of
    /// categories on Wikimedia Commons, whose last part is the name. Other columns are ignored.
    /// </param>
    /// <returns>Label (text), Name (text). Read anew in each pass.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no CSV file, or a column is missing; or, while rows are read, a line can't be or a label stands there twice: the message names
    /// file and line.
    /// </exception>
    public static IDataView LoadLandmarkNames(this DataOperationsCatalog catalog, string csvFile)
        => LoadCsv(catalog, csvFile, LandmarkNameRow.Open);

    /// <summary>Photographs that lie in a folder for each landmark: <c>photos/Eiffel Tower/a.jpg</c>, <c>photos/Eiffel
    /// Tower/2019/b.jpg</c>.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="folder">Each folder in it is a landmark, with all photographs in it and in the folders that it holds, at any
    /// depth.</param>
    /// <param name="nonLandmarkFolder">The name of the folder in it whose photographs show no landmark, in any Unicode form; null where
    /// there is none.</param>
    /// <returns>
    /// Id (text: <c>Eiffel Tower/2019/b.jpg</c>), Label (text: the landmark's folder, "-1" for <paramref name="nonLandmarkFolder"/>),
    /// ImagePath (text), by the names on the way in ordinal order. Labels are in Unicode's normalization form C, so that folders whose
    /// names differ in that alone are one landmark. The folders are read anew in each pass.
    /// </returns>
    /// <exception cref="DirectoryNotFoundException">The folder, or that of the non-landmarks in it, is missing, or there is no folder in
    /// it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read. One in it that may not is left out.</exception>
    /// <remarks>
    /// <para>
    /// Photographs are files that end in .jpg, .jpeg, .jpe, .jfif, .jif, .mpo, .png, .apng, .webp, .gif, .bmp or .dib, and also in .heic,
    /// .heif, .hif, .avif, .tif, .tiff, .jxl, .jp2, .j2k, .j2c, .jpc, .jpx or .jpf, which Magick.NET reads where the application
    /// references it, or in .svg or .psd: the step that reads them goes by their content, and says what they are where it can't read
    /// it.
    /// </para>
    /// <para>
    /// Left out are photographs beside the folders of landmarks, other files (raw files of cameras, .dng too, which mostly lie beside a
    /// JPEG), what is hidden by a dot, recycle bins and thumbnails of systems (<c>#recycle</c>, <c>@eaDir</c>, <c>$RECYCLE.BIN</c>,
    /// <c>__MACOSX</c>, <c>lost+found</c>, ...), names that are not UTF-8, folders that links lead to once more, and folders that can't be
    /// read. One warning of the context counts and names them, with the landmarks that have no photograph; others tell names that look
    /// alike. They come here, not in each pass.
    /// </para>
    /// </remarks>
    public static IDataView LoadLandmarkFolders(this DataOperationsCatalog catalog, string folder, string? nonLandmarkFolder = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        LandmarkFolders.Check(MLNetInternals.Environment(catalog), folder, nonLandmarkFolder);
        return new LandmarkDataView(LandmarkFolders.Read(folder, nonLandmarkFolder), TextDataViewType.Instance);
    }

    /// <summary>All photographs of a folder and of those that it holds, at any depth: queries, or photographs that show no
    /// landmark.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>
    /// Id (text: <c>2019/b.jpg</c>), Label (text: "-1"), ImagePath (text), by the names on the way in ordinal order. The folders are read
    /// anew in each pass.
    /// </returns>
    /// <exception cref="DirectoryNotFoundException">The folder is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read. One in it that may not is left out.</exception>
    /// <remarks>
    /// What is a photograph, and what is left out and told in a warning, <see cref="LoadLandmarkFolders"/> says; here the photographs that
    /// lie in the folder itself are taken too.
    /// </remarks>
    public static IDataView LoadPhotographs(this DataOperationsCatalog catalog, string folder)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        PhotographTree.Check(MLNetInternals.Environment(catalog), folder);
        return new LandmarkDataView(PhotographTree.Read(folder), TextDataViewType.Instance);
    }

    /// <summary>Makes the input of a network from photographs: decodes, resizes (bicubic, as OpenCV does it), crops and normalises
    /// them.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The column that is added: Vector&lt;Single, 3, size, size&gt;, channels R, G, B.</param>
    /// <param name="inputColumnName">Paths (text), the bytes of files (Vector&lt;Byte&gt;) or MLImage. Null: the output's name.</param>
    /// <param name="imageSize">Side of the square in pixels, from 1 to 16,384. The shorter side is resized to it, also when that
    /// enlarges.</param>
    /// <param name="applyOrientation">Whether a photograph is turned as its EXIF orientation says.</param>
    /// <param name="badImages">What becomes of a photograph that can't be read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    /// <remarks>Normalises with ImageNet's mean and standard deviation; <see cref="ImagePreparingEstimator.Options"/> takes
    /// others.</remarks>
    public static ImagePreparingEstimator PrepareImages(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName = null,
        int imageSize = ImagePreparingEstimator.Defaults.ImageSize,
            bool applyOrientation = ImagePreparingEstimator.Defaults.ApplyOrientation,
        BadImageHandling badImages = ImagePreparingEstimator.Defaults.BadImages)
        => catalog.PrepareImages(new ImagePreparingEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            ImageSize = imageSize,
            ApplyOrientation = applyOrientation,
            BadImages = badImages,
        });

    /// <inheritdoc cref="PrepareImages(TransformsCatalog, string, string, int, bool, BadImageHandling)"/>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All settings.</param>
    public static ImagePreparingEstimator PrepareImages(this TransformsCatalog catalog, ImagePreparingEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ImagePreparingEstimator(MLNetInternals.Environment(catalog), options);
    }

    /// <summary>Turns prepared images into embeddings by an ONNX network, a batch of rows at a time.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The column that is added: Vector&lt;Single, d&gt;, the network's output, flattened and unchanged; NaN
    /// for an image whose first value is NaN.</param>
    /// <param name="inputColumnName">Vector&lt;Single, 3, height, width&gt;.</param>
    /// <param name="modelFile">The ONNX file; its weights may lie in other files of its folder. All become part of a saved model.</param>
    /// <param name="gpuDeviceId">The GPU to work on, by CUDA's number. Null: <see cref="MLContext.GpuDeviceId"/> with
    /// <see cref="MLContext.FallbackToCpu"/>, and without that the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU may take the place of a GPU that can't be used.</param>
    /// <param name="batchSize">Rows that are embedded at once, at least 1.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no native ONNX Runtime, the GPU can't be used, or the file is no network that takes images and makes one row of values of
    /// each; the message says which.
    /// </exception>
    /// <remarks>
    /// ONNX Runtime has one environment in a process, which whoever comes first makes. Where that is this step, warnings about its network
    /// are told by the context's log, and what ONNX Runtime says of other sessions is printed to standard error as plain lines. Where an
    /// application has made it, sessions of this step are silent.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is below 1.</exception>
    public static ImageEmbeddingEstimator EmbedImages(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        string modelFile,
        int? gpuDeviceId = null, bool fallbackToCpu = false, int batchSize = ImageEmbeddingEstimator.Defaults.BatchSize)
        => catalog.EmbedImages(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            ModelFile = modelFile,
            GpuDeviceId = gpuDeviceId,
            FallbackToCpu = fallbackToCpu,
            BatchSize = batchSize,
        });

    /// <inheritdoc cref="EmbedImages(TransformsCatalog, string, string, string, int?, bool, int)"/>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">
    /// All settings. With <see cref="ImageEmbeddingEstimator.Options.ImageSizes"/> it takes photographs, as <c>EmbedPhotographs</c> does.
    /// </param>
    public static ImageEmbeddingEstimator EmbedImages(this TransformsCatalog catalog, ImageEmbeddingEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ImageEmbeddingEstimator(MLNetInternals.Environment(catalog), options);
    }

    /// <summary>
    /// Turns photographs into embeddings by an ONNX network: decodes each once, prepares it at each size as <c>PrepareImages</c> does, and
    /// takes the mean of the network's outputs, each scaled to unit length.
    /// </summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">
    /// The column that is added: Vector&lt;Single, d&gt;, of unit length where there is one size; NaN for a photograph that is skipped.
    /// </param>
    /// <param name="inputColumnName">Paths (text), the bytes of files (Vector&lt;Byte&gt;) or MLImage.</param>
    /// <param name="modelFile">The ONNX file; its weights may lie in other files of its folder. All become part of a saved model.</param>
    /// <param name="imageSizes">
    /// Sides in pixels, at most 64, from 1 to 16,384. None: the size that suits the network, which is its fixed input, else its metadata
    /// entry <c>image_size</c>, else 384.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="InvalidOperationException">
    /// There is no native ONNX Runtime, a GPU can't be used, or the file is no network that takes images of these sizes and makes one row
    /// of values of each; the message says which.
    /// </exception>
    /// <exception cref="ArgumentException">There are too many sizes, or one is out of range.</exception>
    /// <remarks>
    /// What ONNX Runtime says is told as by <see cref="EmbedImages(TransformsCatalog, string, string, string, int?, bool, int)"/>.
    /// </remarks>
    public static ImageEmbeddingEstimator EmbedPhotographs(this TransformsCatalog catalog, string outputColumnName, string inputColumnName,
        string modelFile, params IReadOnlyList<int> imageSizes)
    {
        ArgumentNullException.ThrowIfNull(imageSizes);
        return catalog.EmbedPhotographs(new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            ModelFile = modelFile,
            ImageSizes = imageSizes.Count > 0 ? imageSizes : null,
        });
    }

    /// <inheritdoc cref="EmbedPhotographs(TransformsCatalog, string, string, string, IReadOnlyList{int})"/>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All settings.</param>
    public static ImageEmbeddingEstimator EmbedPhotographs(this TransformsCatalog catalog, ImageEmbeddingEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new ImageEmbeddingEstimator(MLNetInternals.Environment(catalog), options, takesPhotographs: true);
    }

    /// <summary>Whitens features: centres them, projects them onto their principal axes, evens out the variances along these, and scales to
    /// unit length.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The column that is added: Vector&lt;Single, k&gt; of unit length, k the <paramref name="dimension"/>,
    /// or less where the rows have fewer axes; NaN for a row with NaN.</param>
    /// <param name="inputColumnName">Single vector of known size; scaled to unit length here. Null: the output's name.</param>
    /// <param name="dimension">The most values of a whitened row, at least 1.</param>
    /// <param name="exponent">From 0 to 2: values along axis i are divided by eigenvalue_i^(exponent / 2), so that 0 leaves the variances
    /// as they are and 1 makes them equal.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dimension or the exponent is out of range.</exception>
    /// <remarks>Fitted on all rows, training and non-landmark rows together: put it before <c>KnnLandmark</c>, or any other
    /// learner.</remarks>
    public static WhiteningEstimator WhitenFeatures(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null,
        int dimension = WhiteningEstimator.Defaults.Dimension, float exponent = WhiteningEstimator.Defaults.Exponent)
        => catalog.WhitenFeatures(new WhiteningEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Dimension = dimension,
            Exponent = exponent,
        });

    /// <inheritdoc cref="WhitenFeatures(TransformsCatalog, string, string, int, float)"/>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All settings.</param>
    public static WhiteningEstimator WhitenFeatures(this TransformsCatalog catalog, WhiteningEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new WhiteningEstimator(MLNetInternals.Environment(catalog), options);
    }

    /// <summary>Names the landmark in each row, by the method that suits the training rows: whitens and tunes where they bear it.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="labelColumnName">Int32, Int64, text or key; "-1" is a non-landmark, as are a missing key and empty text. Read by Fit
    /// only.</param>
    /// <param name="featureColumnName">Single vector of known size; scaled to unit length here.</param>
    /// <param name="idColumnName">Text: an id for each training row, by which neighbors are named. Read by Fit only. Null: they are named
    /// by position.</param>
    /// <returns>
    /// Adds PredictedLabel (the label's type), Score (Single; higher is surer, not a probability), and the verdict: IsLandmark (Boolean),
    /// FalseAlarmProbability and UnknownLandmarkProbability (Single).
    /// </returns>
    /// <exception cref="InvalidOperationException"><see cref="MLContext.GpuDeviceId"/> names a GPU that can't be used, and
    /// <see cref="MLContext.FallbackToCpu"/> is off.</exception>
    /// <remarks><c>WhitenFeatures</c> and <c>KnnLandmark</c> as one step, with a verdict. Fit reads its input once, and chooses the
    /// settings; it needs 19 non-landmarks for the verdict, unless <see cref="LandmarkRecognizingEstimator.Options"/> say
    /// otherwise.</remarks>
    public static LandmarkRecognizingEstimator RecognizeLandmarks(this TransformsCatalog catalog, string labelColumnName = "Label",
        string featureColumnName = "Features", string? idColumnName = null)
        => catalog.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            IdColumnName = idColumnName,
        });

    /// <inheritdoc cref="RecognizeLandmarks(TransformsCatalog, string, string, string)"/>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All settings.</param>
    /// <exception cref="ArgumentException">Columns have the same name, or one has more places than a column holds.</exception>
    public static LandmarkRecognizingEstimator RecognizeLandmarks(this TransformsCatalog catalog,
        LandmarkRecognizingEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new LandmarkRecognizingEstimator(MLNetInternals.Environment(catalog), options);
    }

    /// <summary>Names the landmark in each row by a vote of its nearest training rows, less penalties for likeness to
    /// non-landmarks.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="labelColumnName">Int32, Int64, text or key; "-1" is a non-landmark, as are a missing key and empty text. Read by Fit
    /// only.</param>
    /// <param name="featureColumnName">Single vector of known size; scaled to unit length here.</param>
    /// <param name="numberOfNeighbors">How many vote, at least 1; all rows where there are fewer.</param>
    /// <param name="nonLandmarks">More rows with the feature column, all of them non-landmarks; null where the training rows hold
    /// them.</param>
    /// <returns>Adds PredictedLabel (the label's type) and Score (Single; higher is surer, not a probability).</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one neighbor, or no such feature column in
    /// <paramref name="nonLandmarks"/>.</exception>
    /// <exception cref="InvalidOperationException"><see cref="MLContext.GpuDeviceId"/> names a GPU that can't be used, and
    /// <see cref="MLContext.FallbackToCpu"/> is off.</exception>
    /// <remarks>Penalties: psinger, Google Landmark Recognition 2020, 1st place, blend_ranking.ipynb.</remarks>
    public static KnnLandmarkEstimator KnnLandmark(this TransformsCatalog catalog, string labelColumnName = "Label",
        string featureColumnName = "Features",
        int numberOfNeighbors = KnnLandmarkEstimator.Defaults.NumberOfNeighbors, IDataView? nonLandmarks = null)
        => catalog.KnnLandmark(new KnnLandmarkEstimator.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            NumberOfNeighbors = numberOfNeighbors,
        }, nonLandmarks);

    /// <inheritdoc cref="KnnLandmark(TransformsCatalog, string, string, int, IDataView)"/>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All settings.</param>
    /// <param name="nonLandmarks">More rows with the feature column, all of them non-landmarks; null where the training rows hold
    /// them.</param>
    /// <exception cref="ArgumentException">There are more neighbors than a column of them holds, or two columns that are added have one
    /// name.</exception>
    public static KnnLandmarkEstimator KnnLandmark(this TransformsCatalog catalog, KnnLandmarkEstimator.Options options,
        IDataView? nonLandmarks = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new KnnLandmarkEstimator(MLNetInternals.Environment(catalog), options, nonLandmarks);
    }

    /// <summary>Names the landmark of each row by fitted rows that are elsewhere, in a database that other programs ask and write too: Fit
    /// reads none.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">All settings but those of fitting: a tuning, a smoothing or a column of all landmarks' scores is
    /// refused.</param>
    /// <param name="index">Where the rows are; it is not disposed with the fitted step, which says in its file where they are.</param>
    /// <exception cref="ArgumentException">Two columns that are added have one name.</exception>
    /// <exception cref="InvalidOperationException">An option can't be kept with rows that are elsewhere.</exception>
    // So that a null stands for no non-landmarks.
    [OverloadResolutionPriority(-1)]
    public static KnnLandmarkEstimator KnnLandmark(this TransformsCatalog catalog, KnnLandmarkEstimator.Options options,
        LandmarkIndex index)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(index);
        return new KnnLandmarkEstimator(MLNetInternals.Environment(catalog), options, index);
    }

    /// <summary>
    /// Writes predictions as the Google Landmark Recognition challenge takes them: <c>id,landmarks</c>, then for each row its id and
    /// <c>label confidence</c>. Confidences are scaled so that the smallest is 0 and the largest 1 (all 0 where they are equal), with 8
    /// decimals.
    /// </summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="predictions">Read once.</param>
    /// <param name="file">
    /// Written as UTF-8 with LF, through a file beside it that takes its place at the end, when all of it is on the disk. A file that is
    /// replaced keeps its mode and its owner; of a link the target is written. A device or a pipe is written through.
    /// </param>
    /// <param name="idColumnName">Text.</param>
    /// <param name="predictedLabelColumnName">
    /// Int32, Int64, text or key; a key is written as its key value, or where it has none as ML.NET writes it, counted from 0.
    /// </param>
    /// <param name="scoreColumnName">Single. A row with NaN gets an empty second field and takes no part in the scaling.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="IOException">
    /// The file can't be written, found before a row is read: it is read-only, a folder or a socket, its folder is missing or takes
    /// nothing, or another run is writing it.
    /// </exception>
    public static void SaveLandmarkSubmission(this DataOperationsCatalog catalog, IDataView predictions, string file,
        string idColumnName = "Id",
        string predictedLabelColumnName = "PredictedLabel", string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentException.ThrowIfNullOrEmpty(file);
        LandmarkSubmission.Save(LandmarkPrediction.Read(predictions, idColumnName, predictedLabelColumnName, scoreColumnName), file);
    }

    /// <summary>Writes predictions to a stream, as
    /// <see cref="SaveLandmarkSubmission(DataOperationsCatalog, IDataView, string, string, string, string)"/> does to a file.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="predictions">Id (text), PredictedLabel (Int32, Int64, text or key) and Score (Single); read once, before anything is
    /// written.</param>
    /// <param name="stream">Written as UTF-8 with LF, and left open.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public static void SaveLandmarkSubmission(this DataOperationsCatalog catalog, IDataView predictions, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(stream);
        LandmarkSubmission.Save(LandmarkPrediction.Read(predictions, "Id", "PredictedLabel", "Score"), stream);
    }

    /// <summary>Compares predictions with the truth by global average precision and accuracy.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="predictions">Id (text), PredictedLabel (Int32, Int64, text or key) and Score (Single), each id once. There is no answer
    /// where the score is NaN, or the label is empty or -1. IsLandmark (Boolean) may tell which of the landmarks are there: it changes no
    /// measure but <see cref="LandmarkMetrics.Verdict"/>.</param>
    /// <param name="truth">
    /// Id (text) and Label (Int32, Int64, text or key: one landmark, whose name may hold blanks; or a vector of these: several), -1 or
    /// empty text for none. Numbers compare as numbers: 7, "7" and "7.0" are one landmark. A missing key shows no landmark, unless -1 is a
    /// key value: then it is a landmark that the key values lack, and no answer is right. A warning tells how many keys are missing. Usage
    /// (text) may tell queries that count (Public, Private) from those that do not (Ignored).
    /// </param>
    /// <param name="ignoreNonLandmarks">Whether answers to queries that show no landmark are left out of the ranking. The challenge counts
    /// them as wrong.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <returns>
    /// Measures of all queries that count, and where there are both, of those whose Usage is Public and of those whose Usage is Private.
    /// Without intervals, which the overload with options makes.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// A query stands twice in either view or is missing from the truth, no query that counts shows a landmark, a label is the mark of a
    /// missing value (nan, None, …), or a Usage is another.
    /// </exception>
    public static LandmarkMetrics EvaluateLandmarks(this DataOperationsCatalog catalog, IDataView predictions, IDataView truth,
        bool ignoreNonLandmarks = false)
        => catalog.EvaluateLandmarks(predictions, truth,
            new LandmarkEvaluationOptions { IgnoreNonLandmarks = ignoreNonLandmarks, NumberOfResamples = 0 });

    /// <summary>Compares predictions with the truth by global average precision and accuracy, with the intervals in which these
    /// lie.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="predictions"><inheritdoc cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)"
    /// path="/param[@name='predictions']"/></param>
    /// <param name="truth"><inheritdoc cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)"
    /// path="/param[@name='truth']"/></param>
    /// <param name="options">What is measured, and how often the queries are resampled.</param>
    /// <inheritdoc cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)" path="/exception"/>
    /// <returns>Measures of all queries that count, and where there are both, of those whose Usage is Public and of those whose Usage is
    /// Private.</returns>
    public static LandmarkMetrics EvaluateLandmarks(this DataOperationsCatalog catalog, IDataView predictions, IDataView truth,
        LandmarkEvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return catalog.CompareLandmarkPredictions([predictions], truth, options)[0].Metrics;
    }

    /// <summary>Compares several sets of predictions, of several models say, by the same queries: the measures of each, and how much
    /// better it is than the first.</summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="predictions">At least one view, each as
    /// <see cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, LandmarkEvaluationOptions)"/> takes it.</param>
    /// <param name="truth"><inheritdoc cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)"
    /// path="/param[@name='truth']"/></param>
    /// <param name="options">What is measured, and how often the queries are resampled; null: the defaults.</param>
    /// <returns>A comparison for each view, in their order.</returns>
    /// <exception cref="ArgumentException">There is no view, or one is null.</exception>
    /// <inheritdoc cref="EvaluateLandmarks(DataOperationsCatalog, IDataView, IDataView, bool)" path="/exception"/>
    public static IReadOnlyList<LandmarkComparison> CompareLandmarkPredictions(this DataOperationsCatalog catalog,
        IReadOnlyList<IDataView> predictions, IDataView truth, LandmarkEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(truth);
        if (predictions.Count == 0 || predictions.Contains(null))
            throw Errors.NoPredictions();
        options ??= new LandmarkEvaluationOptions();
        using IChannel channel = MLNetInternals.Environment(catalog).Start("Evaluating landmarks");
        var rule = new VerdictRule(options.FalseAlarmRate, options.UnknownLandmarkRate);
        return LandmarkEvaluation.Compare([.. predictions.Select(p => LandmarkPrediction.Read(p, "Id", "PredictedLabel", "Score", rule))],
            LandmarkTruth.Read(truth, channel), options.KnownLandmarks is { } known ? KnownLandmarks.Read(known) : null, options, channel);
    }

    /// <summary>
    /// Looks for what is wrong with reference photographs: the same one twice or under two landmarks, labels that the others contradict,
    /// non-landmarks that show a landmark, queries that are among them, and photographs that can't be read or show nothing.
    /// </summary>
    /// <param name="catalog">The data catalog.</param>
    /// <param name="rows">
    /// Landmarks and non-landmarks, with their features and photographs: Features (vector of Single), Label (Int32, Int64, text or key),
    /// Id (text), ImagePath (a path, the bytes of a file or MLImage). Read twice: the photographs apart, each once, unless the features
    /// are computed of them.
    /// </param>
    /// <param name="options">The columns, the queries, and how the check works; null: the defaults.</param>
    /// <returns>By kind, in the order of <see cref="LandmarkFindingKind"/>; of a kind the worst first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or other steps made the features of the
    /// queries.</exception>
    /// <exception cref="InvalidOperationException">A row has more or fewer features than their column's type says, or the GPU can't be
    /// used.</exception>
    /// <exception cref="OperationCanceledException"><see cref="LandmarkCheckOptions.CancellationToken"/> was cancelled.</exception>
    /// <remarks>
    /// <para>
    /// Each row is compared with all others, exactly: with 8 landmarks and more on whitened features, as
    /// <see cref="LandmarkRecognizingEstimator"/> does. Then all rows but itself, and but those of the same photograph, answer a row as
    /// <see cref="KnnLandmarkEstimator"/> does by its defaults, a photograph by one vote. At least three of the other landmark must
    /// contradict; a row that is the only photograph of its landmark is not judged so, and none is where fewer than 10 rows are not.
    /// Blank photographs take no part.
    /// </para>
    /// <para>
    /// Duplicates are looked for among the 8 nearest landmark rows and the 8 nearest non-landmarks of each row, and told by small gray
    /// pictures, laid one upon the other; those with the same pixels are found wherever they are. Memory: the features in Single, twice
    /// while they are whitened, and about 2 KB for each row.
    /// </para>
    /// </remarks>
    public static IReadOnlyList<LandmarkFinding> CheckLandmarks(this DataOperationsCatalog catalog, IDataView rows,
        LandmarkCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(rows);
        return LandmarkCheck.Run(MLNetInternals.Environment(catalog), rows, options ?? new LandmarkCheckOptions());
    }

    private static IDataView LoadCsv<TRow>(DataOperationsCatalog catalog, string csvFile, Func<CsvReader, Func<TRow>> open)
        where TRow : class
        => CsvView.Create(catalog, OpenCsv(catalog, csvFile), open);

    private static CsvTable OpenCsv(DataOperationsCatalog catalog, string csvFile)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(csvFile);
        return new CsvTable(csvFile);
    }
}
