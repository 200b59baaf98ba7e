using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Data;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Images.Magick;
using Microsoft.ML.Landmarks.Labels;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Calibration;
using static Microsoft.ML.Landmarks.VisibleText;

namespace Microsoft.ML.Landmarks;

/// <summary>Every message: what was found, what is allowed, the way out.</summary>
internal static class Errors
{
    // Each with its number and the first names.
    private const int MostCharactersOfGroups = 4_000;

    // Columns and options; the first two have ML.NET's own form.
    public static ArgumentOutOfRangeException ColumnMissing(string role, string name)
        => new("inputSchema", $"Could not find {Visible(role)} column '{Visible(name)}'");

    public static ArgumentOutOfRangeException ColumnType(string role, string name, string expected, string actual)
        => new("inputSchema", $"Schema mismatch for {Visible(role)} column '{Visible(name)}': expected {Visible(expected)}, got "
        + $"{Visible(actual)}");

    public static ArgumentOutOfRangeException KeyValueType(string name, DataViewType itemType)
        => new("inputSchema", $"The key values of column '{Visible(name)}' are of type {itemType}; text, numbers and Boolean are allowed. "
        + "Convert them before MapValueToKey.");

    public static ArgumentOutOfRangeException InactiveColumn(string name)
        => new("column", $"Column '{Visible(name)}' is not active in this cursor. Name it in the columns that GetRowCursor is asked for.");

    public static ArgumentOutOfRangeException OtherSteps(string step, string column, string? found, string? fitted)
        => new("inputSchema", $"Column '{Visible(column)}' was made by {Steps(found)}, and '{Visible(step)}' was fitted on what "
        + $"{Steps(fitted)} made: another preparation, network or whitening. "
            + $"Use the steps that were fitted together, or fit '{Visible(step)}' anew on this column.");

    public static ArgumentOutOfRangeException OtherStepsOfNonLandmarks(string column, string? found, string? fitted)
        => new("nonLandmarks", $"Column '{Visible(column)}' of the non-landmarks was made by {Steps(found)}, and that of the training "
        + $"rows by {Steps(fitted)}: another preparation, network or whitening. "
            + "Make both by the same steps.");

    public static ArgumentOutOfRangeException OtherStepsOfQueries(string column, string? found, string? fitted)
        => new("inputSchema", $"Column '{Visible(column)}' of the queries was made by {Steps(found)}, and that of the rows by "
        + $"{Steps(fitted)}: another preparation, network or whitening. Make both by the same steps.");

    public static InvalidOperationException GetterType(string name, DataViewType type, Type asked)
        => new($"Column '{Visible(name)}' has values of type {type.RawType}, not {asked}. Ask for a getter of the column's own type.");

    public static InvalidOperationException VectorLength(long row, string column, int expected, int found)
        => new($"Length mismatch: expected {expected} slots but got {found} in row {row} of column '{Visible(column)}'. Give each row as "
        + "many "
            + "values as the column's type has.");

    public static InvalidOperationException NoCurrentRow()
        => new("The cursor stands at no row. Call MoveNext first, and only while it returns true.");

    public static ArgumentException Option(string name, object value, string allowed)
        => new($"{Visible(name)} is {Visible($"{value}")}; it must be {Visible(allowed)}.", Visible(name));

    public static ArgumentException ShorterSide(int side, int imageSize)
        => new($"ShorterSideTo is {side}, and the square has {imageSize} pixels: it would not be filled. Make it at least {imageSize}, or "
        + "set none.", nameof(ImagePreparationOptions.ShorterSideTo));

    // Files that say how photographs are prepared.
    private const string SetPreparation = ", or set ImagePreparationOptions yourself.";

    public static FileNotFoundException PreparationMissing(string file) => new($"'{Visible(file)}' {WhyNoFile(file)}.", file);

    public static InvalidDataException PreparationUnreadable(string file, Exception inner)
        => new($"'{Visible(file)}' can't be read: {Visible(inner.Message)}", inner);

    public static InvalidDataException PreparationTooLarge(string file, int most)
        => new($"'{Visible(file)}' has more than {most} bytes; no file that says how photographs are prepared has. Name "
        + $"preprocessor_config.json or timm's config.json{SetPreparation}");

    public static InvalidDataException PreparationNotJson(string file, Exception inner)
        => new($"'{Visible(file)}' is no JSON: {Visible(inner.Message)} Download it anew{SetPreparation}", inner);

    public static InvalidDataException PreparationKind(string file, string[] keys)
        => new($"'{Visible(file)}' is JSON {(keys.Length == 0 ? "without keys" : $"with the keys [{Visible(keys)}]")}, and neither "
        + $"Hugging Face's preprocessor_config.json nor timm's config.json. Name one of these{SetPreparation}");

    public static InvalidDataException PreparationKey(string file, string key, string value, string allowed)
        => new($"'{Visible(file)}' has \"{Visible(key)}\": {Visible(value)}; what can be done here is {Visible(allowed)}. Change it in a "
        + $"copy of the file{SetPreparation}");

    public static InvalidDataException PreparationKeyUnknown(string file, string key, string value)
        => new($"'{Visible(file)}' has \"{Visible(key)}\": {Visible(value)}, a key that may change pixels and is not known here. Take it "
        + $"out of a copy of the file if it does not{SetPreparation}");

    public static InvalidDataException PreparationKeyMissing(string file, string key)
        => new($"'{Visible(file)}' has no \"{Visible(key)}\", for which there is no one default. Add it to a copy of the "
        + $"file{SetPreparation}");

    public static ArgumentOutOfRangeException OptionRange(string name, double value, string allowed)
        => new(Visible(name), string.Create(CultureInfo.InvariantCulture, $"{Visible(name)} is {value}; it must be {Visible(allowed)}."));

    public static InvalidOperationException EnvironmentVariable(string variable, string value, IEnumerable<string> allowed)
        => new($"The environment variable {Visible(variable)} is '{Visible(value)}'; on this machine it can be {Visible(allowed)}. Unset "
        + "it to leave the choice to the library.");

    public const string TextType = "String";

    // CSV files.
    public static ArgumentException NoSources() => new("There is no source, or one is null. Name at least one CSV file.", "sources");

    public static FileNotFoundException CsvMissing(string file) => new($"'{Visible(file)}' {WhyNoFile(file)}.", file);

    public static InvalidDataException CsvKind(string file, string kind)
        => new($"'{Visible(file)}' is {Visible(kind)}, no CSV file in UTF-8. Unpack or convert it first.");

    public static InvalidDataException CsvHeader(string file, string[] names, string needed)
        => new($"'{Visible(file)}' has the columns [{Visible(names)}]; it needs {Visible(needed)}.{WhyNotFound(names)}");

    public static InvalidDataException LandmarkCsvHeader(string file, string[] names)
        => new($"'{Visible(file)}' has the columns [{Visible(names)}]; it needs 'id' and one of 'landmark_id' and 'landmarks', or "
        + $"'landmark_id' and 'images'; for queries 'id' alone or with 'url' will do.{WhyNotFound(names)}");

    public static InvalidDataException CsvColumnTwice(string file, int line, string name)
        => new($"'{Visible(file)}', line {line}: the column '{Visible(name)}' stands there twice; rename or remove one.");

    public static InvalidDataException CsvColumns(string file, int line, int found, int needed)
        => new($"'{Visible(file)}', line {line}: {found} {(found == 1 ? "column" : "columns")} where the header has "
        + $"{needed}.{(found > needed ? " A field that holds commas is written in quotes." : "")}");

    public static InvalidDataException CsvId(string file, int line, string id)
        => new($"'{Visible(file)}', line {line}: the id '{Visible(id)}' must have at least 3 characters, no '/', '\\' or '..', and no "
        + "blank at its ends, since it names a file.");

    public static InvalidDataException CsvNoPhotographs(string file, int line)
        => new($"'{Visible(file)}', line {line}: 'images' names no photograph; ids by blanks are needed.");

    public static InvalidDataException CsvText(string file, int line, string column, string text)
        => new($"'{Visible(file)}', line {line}: '{Visible(text)}' is no {Visible(column)}; "
        + $"{(string.IsNullOrWhiteSpace(text) ? "it must not be empty" : "control characters can't be in it")}.");

    public static InvalidDataException CsvTwice(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: '{Visible(text)}' stands there a second time.");

    public static InvalidDataException CsvLabel(string file, int line, string label)
        => new($"'{Visible(file)}', line {line}: the label '{Visible(label)}' is no whole number from {int.MinValue} to {int.MaxValue}; "
        + "-1 is a non-landmark.");

    public static InvalidDataException CsvName(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: '{Visible(text)}' is no landmark; a name or a whole number is needed, and -1 or nothing "
        + "where there is none.");

    public static InvalidDataException CsvNamesByBlanks(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: '{Visible(text)}' is no list of landmarks by blanks, which are whole numbers in the "
        + "column 'landmarks'. A name with blanks stands in a column 'landmark_id'.");

    public static InvalidDataException CsvUsage(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: the usage '{Visible(text)}' is none of Public, Private and Ignored. Rename the column if "
        + "it means something else.");

    public static InvalidDataException CsvAnswer(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: the prediction '{Visible(text)}' is no landmark, a blank and a confidence; leave it "
        + "empty where there is no answer.");

    public static InvalidDataException CsvAnswers(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: the prediction '{Visible(text)}' names several landmarks; one with its confidence is "
        + "taken. Keep the surest.");

    public static InvalidDataException CsvScore(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: the score '{Visible(text)}' is no number; leave it and the landmark empty where there is "
        + "no answer.");

    public static InvalidDataException CsvVerdict(string file, int line, string column, string text)
        => new($"'{Visible(file)}', line {line}: '{Visible(text)}' in column '{Visible(column)}' is neither true nor false. Leave it empty "
        + "where there is no verdict.");

    public static InvalidDataException CsvProbability(string file, int line, string column, string text)
        => new($"'{Visible(file)}', line {line}: '{Visible(text)}' in column '{Visible(column)}' is no number from 0 to 1. Leave it empty "
        + "where there is none.");

    public static InvalidDataException CsvCategory(string file, int line, string text)
        => new($"'{Visible(file)}', line {line}: '{Visible(text)}' is no category of Wikimedia Commons, "
        + "https://commons.wikimedia.org/wiki/Category:…. Put names into a column 'name'.");

    public static InvalidDataException CsvQuote(string file, int line)
        => new($"'{Visible(file)}', line {line}: a quote is opened and never closed. A field that holds a quote is written in quotes, and "
        + "the quote in it twice.");

    public static InvalidDataException CsvStrayQuote(string file, int line)
        => new($"'{Visible(file)}', line {line}: a quote stands where a field neither begins nor ends. A field that holds a quote is "
        + "written in quotes, and the quote in it twice.");

    public static InvalidDataException CsvEncoding(string file, int line)
        => new($"'{Visible(file)}', line {line}: the text is not in UTF-8. Convert it, as by iconv -f LATIN1 -t UTF-8, if it is text at "
        + "all.");

    public static InvalidDataException CsvNul(string file, int line)
        => new($"'{Visible(file)}', line {line}: there is a NUL, which no text has. The file is damaged, in UTF-16 or no CSV file.");

    public static InvalidDataException CsvBroken(string file, int line, Exception inner)
        => new($"'{Visible(file)}' is no readable CSV file: the row that begins in line {line} is too long. Is a quote in it never "
        + $"closed? {Visible(inner)}", inner);

    // Folders.
    public static DirectoryNotFoundException FolderMissing(string folder) => new($"The folder '{Visible(folder)}' does not exist.");

    public static DirectoryNotFoundException NoLandmarkFolders(string folder)
        => new($"There is no folder in '{Visible(folder)}'. Put the photographs of each landmark into a folder of its own there.");

    public static DirectoryNotFoundException NonLandmarkFolderMissing(string folder, string name, IReadOnlyCollection<string> names)
        => new($"'{Visible(folder)}' has no folder '{Visible(name)}'; it has [{Visible(names)}]. Name the one with the photographs that "
        + "show no landmark.");

    public const string TakeByFolder = "To take what shows a landmark, move it into the folder of that landmark, or rename it.";

    public const string TakeByName = "To take one of them, rename it.";

    public const string LetFoldersBeRead = "Change the permissions of folders that can't be read.";

    public const string FillFolders = "Put photographs into the folders of landmarks that have none.";

    public static string LeftOutOfFolders(string folder, IEnumerable<string> groups, IEnumerable<string> waysOut)
        => $"Left out of '{Visible(folder)}': {Visible(string.Join("; ", groups), MostCharactersOfGroups)}."
        + Visible(string.Concat(waysOut.Select(way => $" {way}")));

    public static string LeftOutGroup(LeftOut reason, NameSample names)
        => $"{Describe(reason)}: {names.Count} ({(reason == LeftOut.NoPhotograph ? $"{Endings(names)}; " : "")}{Names(names)})";

    public static string KindsForMagick(string folder, NameSample names)
        => $"Photographs in '{Visible(folder)}' have endings of kinds that Magick.NET reads, which the application does not have: "
            + $"{Endings(names)} ({Names(names)}). They are tried, since the content decides. {AddMagick}";

    public static string UnreadableKinds(string folder, NameSample names)
        => $"Photographs in '{Visible(folder)}' have endings of kinds that are not read: {Endings(names)} ({Names(names)}). "
            + "They are tried, since the content decides. Convert those that are of such a kind to JPEG.";

    public static string FolderNamedAsNonLandmark(string folder)
        => $"'{Visible(folder)}' has a folder '{LandmarkLabel.NonLandmarkText}', which is the label of photographs that show no landmark: "
        + "its photographs are taken for such. Rename it if they show one.";

    public static string NamesInSeveralForms(string folder, NameSample names)
        => $"In '{Visible(folder)}' the names of folders that differ in their Unicode form alone are taken for one landmark: "
        + $"{names.Count} ({Names(names)}). Rename one where they are two.";

    public static string NamesThatFilesDoNotHold(string folder, NameSample names)
        => $"In '{Visible(folder)}' folders have names that a CSV file of answers or of the truth can't hold: {names.Count} "
        + $"({Names(names)}). There the mark of a missing value, a fraction, "
            + "and what has blanks around it or control characters are no names, and a form of -1 shows no landmark. Rename them.";

    public static string SimilarNames(string folder, NameSample pairs)
        => $"In '{Visible(folder)}' the names of folders differ in upper and lower case, in blanks at their ends or in how they write a "
        + $"number alone, and are taken for several landmarks: {pairs.Count} ({Names(pairs)}). Give them one name where they are one.";

    // Images.
    public static InvalidDataException BadImage(long row, Exception inner) => new($"{InRow(row)}{Visible(inner)}", inner);

    public static string InRow(long row) => $"Row {row}: ";

    public static InvalidDataException NoImage() => new("there is no image.");

    public static InvalidDataException NotAnImage(string name, Exception? inner = null)
        => new($"{Visible(name)} is not a readable image.", inner);

    public static InvalidDataException MagickMissing(string name, string kind)
        => new($"{Visible(name)}: {Visible(kind)} is read by Magick.NET, which the application does not have. {AddMagick}");

    public static InvalidDataException MagickNotLoaded(string name, string kind, Exception inner)
        => new($"{Visible(name)}: {Visible(kind)} is read by Magick.NET, which can't be loaded here: {Visible(inner)} Convert the "
            + "photograph to JPEG, or run on a platform that Magick.NET has a library for, with its packages of one version.", inner);

    public static InvalidDataException MagickTemporaryFile(string name, string kind, Exception inner)
        => new($"{Visible(name)}: {Visible(kind)} is read by Magick.NET through a temporary file, which it can't write. Let TMPDIR "
            + "(on Windows TEMP) name a folder that can be written.", inner);

    public static InvalidDataException UnsupportedImage(string name, ForeignFile file)
        => new($"{Visible(name)}: {Visible(file.Name)} is not supported; {file.Group switch
        {
            ForeignFile.Groups.Video => "save a picture of it as JPEG",
            ForeignFile.Groups.Archive => "unpack it and name the photographs in it",
            ForeignFile.Groups.Download => "download the photograph itself",
            ForeignFile.Groups.GitLfsPointer => "fetch the file by 'git lfs pull'",
            ForeignFile.Groups.AppleDouble => "delete it, the photograph is the file whose name has no '._'",
            _ => "convert it to JPEG",
        }}.");

    public static InvalidDataException ImageTooLarge(string name, long width, long height, long limit, long mostPixels)
        => new(width * height > mostPixels
            ? $"{Visible(name)} has {width} x {height} pixels; {mostPixels} are the most that can be decoded. Shrink it."
            : $"{Visible(name)} has {width} x {height} pixels, more than {limit}. Shrink it, or allow more by MaxPixels.");

    public static InvalidDataException ImageMemory(string name, int width, int height, Exception inner)
        => new($"{Visible(name)} has {width} x {height} pixels, and there is no memory to decode them. Shrink it, or let the program have "
        + "more.", inner);

    public static InvalidDataException SideTooLong(int original, long resized)
        => new($"A side of {original} pixels can't be resized to {resized}: that takes more than 1 GB. Cut the photograph, or shrink it.");

    public static InvalidDataException NotAFile(string name)
        => new($"{Visible(name)} is no regular file but a pipe, a device or the like. Name a file with a photograph.");

    public static InvalidDataException FileTooLarge(string name, long length, long limit)
        => new($"{Visible(name)} has {length} bytes, more than {limit}. Save the photograph as JPEG.");

    public static InvalidDataException FileMemory(string name, long length, Exception inner)
        => new($"{Visible(name)} takes {length} bytes to read, and there is no memory for them. Save the photograph as JPEG, or let the "
        + "program have more.", inner);

    public static InvalidDataException ImageIsAddress(string path, Exception inner)
        => new($"'{Visible(path)}' is an address, and photographs are read from files. Download it, and name the file.", inner);

    public static InvalidDataException ImageMissing(string path, Exception inner)
        => new($"'{Visible(path)}' does not "
        + $"exist{(path.Contains('\ufffd') ? ", or its name is not UTF-8 and can't be opened; rename it" : "")}.", inner);

    public static InvalidDataException ImageUnreadable(string path, Exception inner)
        => new($"'{Visible(path)}' can't be read: {(Directory.Exists(path) ? "it is a folder. Name a file in it." : Visible(inner))}",
        inner);

    public static string SkippedImages(long count, string first)
        => $"{count} {(count == 1 ? "photograph" : "photographs")} could not be read and became "
        + $"{(count == 1 ? "a missing row" : "missing rows")}. The first: {Visible(first)}";

    public static string UnorientedImages(long count)
        => $"{count} {(count == 1 ? "photograph" : "photographs")} came as MLImage, and the orientation of the file is gone: "
            + $"taken as {(count == 1 ? "it is" : "they are")}. "
            + "Give the step paths or the bytes of files, or set ApplyOrientation to false where images stand upright.";

    public static string OrientedImages(long count)
        => $"{count} {(count == 1 ? "photograph" : "photographs")} came as MLImage, without orientation; "
            + $"it was read from the {(count == 1 ? "file" : "files")} that Tag names.";

    public static InvalidDataException UnreadableImage(string reason) => new(Visible(reason));

    // Models that answer photographs.
    public static ArgumentNullException NoPhotograph(string parameter, string what)
        => new(Visible(parameter), $"A photograph is null. Name the {Visible(what)} of each.");

    public static InvalidOperationException ModelWithoutSchema()
        => new("The model was saved without the schema of the rows that it reads. Save it with one: Model.Save(model, photos.Schema, …).");

    public static InvalidOperationException ModelWithoutAnswers(string labelColumn, string scoreColumn)
        => new($"The model gives no columns '{Visible(labelColumn)}' and '{Visible(scoreColumn)}' (Single), so it names no landmark. Add a "
        + "step that does, as KnnLandmark is one.");

    public static InvalidOperationException ModelWithoutLandmarkStep()
        => new("No step of the model is of KnnLandmark or RecognizeLandmarks. Give a model that has one.");

    public static InvalidOperationException ModelOfOtherChain(Type type)
        => new($"The model is of type {Visible(type.FullName)}, whose steps can't be replaced. Make a TransformerChain of its steps.");

    public static ArgumentException ModelOfNoNames(string parameter)
        => new("A model of KnnLandmark holds no names. Leave them out, and give them to LandmarkRecognizer.Names.", Visible(parameter));

    public static ArgumentException LabelsWithoutKey(string column, string first, int count)
        => new($"A step of the model makes keys of labels, '{Visible(column)}', and knows none for {count} "
            + $"{(count == 1 ? "label" : "labels")} to be added; the first is '{Visible(first)}'. Fit a model whose labels are not mapped "
            + "to keys in its chain, or fit it anew.", "rows");

    public static InvalidOperationException ModelOfOtherRows()
        => new("The model has a step that does not map row by row, so it can't answer one photograph. Save it without that step.");

    public static InvalidOperationException ModelOfOtherInputs(IEnumerable<string> columns)
        => new($"The model takes no photograph: it reads [{Visible(columns)}]. Save it with the steps that make these of photographs, as "
        + "PrepareImages and EmbedImages do.");

    public static InvalidOperationException ModelOfOtherPhotographs(string given, Exception inner)
        => new($"The model takes no photograph as {Visible(given)}: {Visible(inner)}. PrepareImages and EmbedImages take paths and bytes.",
        inner);

    // Networks.
    public static FileNotFoundException NetworkMissing(string file) => new($"The network '{Visible(file)}' {WhyNoFile(file)}.", file);

    public static IOException NetworkUnreadable(string file, Exception inner)
        => new($"The network '{Visible(file)}' can't be read: {Visible(inner)}", inner);

    public static InvalidOperationException NoOnnxRuntime(Exception inner)
        => new("There is no native ONNX Runtime for this machine. Add the package Microsoft.ML.OnnxRuntime to the application, or "
        + "Microsoft.ML.OnnxRuntime.Gpu.", inner);

    /// <param name="name">What messages call the network.</param>
    /// <param name="problem">One of the sentences below.</param>
    /// <param name="inner">Why it could not be loaded.</param>
    public static InvalidOperationException NetworkUnusable(string name, string problem, Exception? inner = null)
        => new($"{Visible(name)} {Visible(problem)}", inner);

    public static string NotANetwork(string reason) => $"is no ONNX network that can be run: {Visible(reason.Trim())}";

    public const string NotOnnx
        = "is no ONNX network that can be run: it is not in ONNX's format, or only a part of a file. Download or export it anew.";

    public const string NetworkIsEmpty = "is no ONNX network that can be run: it is empty. Download or export it anew.";

    public const string NetworkIsLfsPointer
        = "is a pointer of Git LFS that stands for the network. Fetch the network itself: git lfs pull.";

    public const string NetworkIsPage = "is a web page and no ONNX network. Download the file itself, not the page that shows it.";

    public const string NetworkIsPacked = "is a packed file and no ONNX network. Unpack it, and name the .onnx file in it.";

    public const string NetworkIsSafetensors
        = "holds weights alone (safetensors) and no ONNX network. Export the network that has them: torch.onnx.export.";

    public const string NetworkOfPyTorch = "is a file of PyTorch and no ONNX network. Export the network: torch.onnx.export.";

    public const string NetworkOfTensorFlow
        = "is a file of TensorFlow or Keras and no ONNX network. Convert it by the Python package tf2onnx, with channels first (NCHW).";

    public static string WeightsOfBytes(string file)
        => $"keeps weights in a second file, '{Visible(file)}', which its bytes alone don't tell. Name its file in ModelFile, without "
        + "ModelBytes.";

    public static string WeightsElsewhere(string file)
        => $"keeps weights in '{Visible(file)}', outside its own folder, and files outside are not opened for it. Save it again by the "
        + "Python package onnx: onnx.save_model(..., save_as_external_data=True, location='weights.data').";

    public static string WeightsEndEarly(string file, long bytes, long offset, long length)
        => $"needs {length} bytes from byte {offset} of '{Visible(file)}', which has {bytes}: that file is cut off, or belongs to another "
        + "network. Download or export both anew.";

    public static string WeightsPlace(string file, string text)
        => $"says that weights in '{Visible(file)}' have the place or length '{Visible(text)}', which is no number of bytes. Export it "
        + "anew.";

    public static FileNotFoundException WeightsMissing(string network, string file, string path)
        => new($"{Visible(network)} keeps weights in '{Visible(file)}', and '{Visible(path)}' {WhyNoWeights(path)}. Put that "
        + "file beside the network.", path);

    public static string NetworkTooLarge(long bytes, long most)
        => $"has {bytes} bytes with all weights; {most} are the most, since ONNX's format ends at 2 GB. Export it in float16, or take a "
        + "smaller network.";

    public static string NetworkIrVersion(string found, string newest)
        => $"has version {Visible(found)} of ONNX's format; the ONNX Runtime here reads up to {Visible(newest)}. Save it again by the "
        + $"Python package onnx, with model.ir_version = {Visible(newest)}.";

    public static string NetworkOpset(string found, string newest, string domain)
        => $"has operators of opset {Visible(found)} of {Visible(domain)}; the ONNX Runtime here knows up to {Visible(newest)}. Export it "
        + $"for an older one: torch.onnx.export(..., opset_version={Visible(newest)}).";

    public static string NetworkOperator(string name)
        => $"has an operator that ONNX Runtime does not know: {Visible(name)}. Export it with operators of ONNX alone.";

    public static string OnnxRuntimeSays(string network, string message) => $"ONNX Runtime, {Visible(network)}: {Visible(message.Trim())}";

    public static InvalidOperationException NetworkNodes(string what, IEnumerable<string> nodes)
        => new($"The network's {Visible(what)}s are [{Visible(nodes)}]. Name one of them in the option Model{Visible(Capital(what))}Name.");

    public static InvalidOperationException NetworkNodeMissing(string what, string name, IEnumerable<string> names)
        => new($"The network has no {Visible(what)} '{Visible(name)}'; it has [{Visible(names)}].");

    public static InvalidOperationException NetworkNodeType(string what, string name, string type)
        => new($"The network's {Visible(what)} '{Visible(name)}' is of type {Visible(type)}; a tensor of float32, float16, bfloat16 or "
        + "uint8 is needed. Export the network in float32.");

    public static InvalidOperationException NetworkInput(string name, int[] shape)
        => new($"The network's input '{Visible(name)}' has {(shape.Length == 0 ? "no shape" : $"the shape [{Shape(shape)}]")}; [batch, 3, "
        + $"height, width] or [batch, height, width, 3] is needed. {shape switch
        {
            [] => "Export the network with the shape of its input.",
            not [_, _, _, _] => "Export the network with these four axes.",
            [_, 1, _, _] => "It takes gray images, and photographs have three channels: put a layer before it that takes their mean.",
            _ => "Export the network for photographs in three channels, R, G and B.",
        }}");

    public static string NetworkLeftOut(string input, IEnumerable<string> names)
        => $"What the network makes of '{Visible(input)}' alone is used, without [{Visible(names)}].";

    public static string NetworkOutputFound(string name, string[] others)
        => $"The network's output '{Visible(name)}' is taken, and not [{Visible(others)}]. Another may be named in the option "
        + "ModelOutputName.";

    public static InvalidOperationException NetworkTakesLevels(string input, string mean, string std)
        => new($"The network's input '{Visible(input)}' takes bytes, which are levels from 0 to 255 as they are, and the preparation has "
        + $"the mean [{Visible(mean)}] and the standard deviation [{Visible(std)}]. Leave both at their defaults; what the network needs "
        + "beside is a part of it.");

    public static InvalidOperationException NetworkLevels(string input, float value)
        => new(string.Create(CultureInfo.InvariantCulture, $"The network's input '{Visible(input)}' takes bytes, and an image has the value"
        + $" {value}, which is no whole number from 0 to 255. Prepare the images with a mean of 0 and a standard deviation of 1/255."));

    public static InvalidOperationException NetworkOutput(string name, int[] shape)
        => new($"The network's output '{Visible(name)}' has the shape [{Shape(shape)}]; [batch, values] is needed.");

    public static InvalidOperationException NetworkOutputEmpty(string name, string[] others)
        => new($"The network's output '{Visible(name)}' has no value for an image, of which an embedding could be made. "
        + (others.Length == 0 ? "Export the network with an output that has."
            : $"Name another of [{Visible(others)}] in the option ModelOutputName."));

    public static InvalidOperationException NetworkOutputAxes(string name, int[] shape, string[] others)
        => new($"The network's output '{Visible(name)}' has the shape [{Shape(shape)}], which is no embedding: after the batch, one axis "
        + "may be longer than 1. "
            + (shape.Length is 3 or 4 ? "Say in the option Pooling how it becomes one"
                : "Export the network with one row of values for each image")
            + (others.Length == 0 ? "." : $"; or name another of [{Visible(others)}] in the option ModelOutputName."));

    public static string PoolingFound(string name, int[] shape, string kind, int prefixTokens)
        => $"The network's output '{Visible(name)}' has the shape [{Shape(shape)}]; its embedding is made by {Visible(kind)}"
        + $"{(prefixTokens == 0 ? "" : $", without {prefixTokens} prefix tokens")}. The option Pooling says it otherwise.";

    public static InvalidOperationException PoolingAxes(string name, int[] shape, string kind, string[] others)
        => new($"The network's output '{Visible(name)}' has the shape [{Shape(shape)}], and {Visible(kind)} needs "
        + $"{(kind == nameof(EmbeddingPoolingKind.Cls) ? "[batch, tokens, channels]"
            : "[batch, tokens, channels], or a feature map of four axes without prefix tokens")}. Say another in the option Pooling"
        + (others.Length == 0 ? ", or none." : $", or name another of [{Visible(others)}] in the option ModelOutputName."));

    public static InvalidOperationException PoolingPrefix(string name, int[] shape, int prefixTokens)
        => new($"The network's output '{Visible(name)}' has the shape [{Shape(shape)}]; without {prefixTokens} prefix tokens none is left. "
        + "Say fewer in the option Pooling.");

    public static InvalidOperationException PoolingPrefixUnclear(string name, int[] shape, int height, int width)
        => new($"The network's output '{Visible(name)}' has the shape [{Shape(shape)}] for an image of {height} x {width} pixels, and how "
        + "many of its tokens stand before those of the patches is not clear. Say the number of prefix tokens in the option Pooling.");

    public static InvalidOperationException PoolingLayout(string name, int[] shape)
        => new($"The network's output '{Visible(name)}' has the shape [{Shape(shape)}], and which of its axes are the channels is not "
        + "clear. Export the network with a feature map of [batch, channels, height, width] and the number of channels in its shape.");

    public static InvalidOperationException PoolingOfSizes(string name, int size, int other)
        => new($"The network's output '{Visible(name)}' becomes an embedding in another way for images of {other} pixels than for those of "
        + $"{size}. Say in the option Pooling how it does, or take one of the sizes.");

    public static InvalidOperationException NetworkOutputBatch(string name, int[] shape, int images)
        => new($"The network's output '{Visible(name)}' has the shape [{Shape(shape)}] for a batch of {images}. Its first axis must be "
        + "the batch.");

    public static InvalidOperationException NetworkImage(string network, int height, int width, Exception inner)
        => new($"{Visible(network)} can't be run on an image of {height} x {width} pixels. Name a size that it takes. ONNX Runtime says: "
        + $"{Visible(inner)}", inner);

    public static InvalidOperationException NetworkNeedsInput(string network, string input)
        => new($"{Visible(network)} needs the input '{Visible(input)}' beside the images. Export it with the images as its only input.");

    public static InvalidOperationException NetworkOutputLength(string name, int expected, int found)
        => new($"The network's output '{Visible(name)}' has {found} values for a batch where {expected} are expected. Its first axis must "
        + "be the batch.");

    public static InvalidOperationException NetworkGroup(int images, long values, int limit)
        => new($"The network takes {images} {(images == 1 ? "image" : "images")} at once, which have {values} values together; {limit} "
        + "are the most. Take smaller images, or a network with a smaller or free batch.");

    public static InvalidOperationException NetworkImageSize(int size, int? height, int? width)
        => new($"ImageSizes names {size}, but the network takes images of {height?.ToString() ?? "any"} x {width?.ToString() ?? "any"} "
        + "pixels alone.");

    public static InvalidOperationException NetworkDimensions(string name, int[] sizes, int[] dimensions)
        => new($"The network's output '{Visible(name)}' has [{string.Join(", ", dimensions)}] values for images of "
        + $"[{string.Join(", ", sizes)}] pixels; a mean needs as many for each size.");

    // GPUs. What is wrong with one ends with the way out; that the CPU may take its place is said where it still can.
    public static string GpuUnavailable(int gpu, string problem)
        => $"GPU {gpu}: {Visible(problem)} Or allow the CPU in its place by FallbackToCpu.";

    public static InvalidOperationException GpuFailed(int gpu, string problem, Exception inner)
        => new($"GPU {gpu}: {Visible(problem)}", inner);

    public static string GpuFallback(int gpu, string problem) => $"GPU {gpu}: {Visible(problem)} The CPU takes its place.";

    public static string CuDnnMissing(string library)
        => $"{Visible(library)} is not found. Install CUDA 12.8 and cuDNN 9, or take an image that has them: "
        + "nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04.";

    public static string CuDnnOfOtherCuda(string library, int major)
        => $"{Visible(library)} is that for CUDA {major}. Install cuDNN 9 for CUDA 12, the version that ONNX Runtime and torch are built "
        + "for.";

    public static string TorchMissing => "there is no torch for CUDA. Add the package TorchSharp-cuda-linux to the application.";

    public static string TorchNotLoaded(string reason)
        => $"torch can't be loaded: {Visible(reason)}. Install what it asks for, or take the image "
        + "nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04.";

    public static string NoSuchGpu(int count)
        => count == 0 ? "torch finds no CUDA device. nvidia-smi tells whether the driver is there; 570 or newer is needed."
        : $"torch finds {count}, numbered from 0. Name one of them.";

    // The first line; C++'s places and hints for developers follow.
    public static string TorchFailed(string message)
        => $"torch can't compute on it: {Visible(message.Split('\n')[0].TrimEnd('.', '\r'))}. It needs compute capability 7.5 (Turing) or "
        + "newer, and free memory. Name another one.";

    public static string Tf32Allowed(int gpu)
        => $"GPU {gpu}: torch.backends.cuda.matmul.allow_tf32 is on. The results are the same, but many rows are searched again on the "
        + "CPU. Set it to false.";

    public static string OnnxForCpu
        => "the native ONNX Runtime is that for the CPU. Replace the package Microsoft.ML.OnnxRuntime of the application by "
        + "Microsoft.ML.OnnxRuntime.Gpu.";

    public static string CudaLibraryMissing(string message)
        => $"ONNX Runtime can't use CUDA: {Visible(message.TrimEnd('.'))}. Install CUDA 12.8 and cuDNN 9.";

    public static string DriverTooOld(string message)
        => $"the driver is too old: {Visible(message.TrimEnd('.'))}. Install driver 570 or newer.";

    public static string OperatorsForCpu
        => "the network has operators that ONNX Runtime runs on the CPU alone. Export it with a fixed batch, height and width, or ask for "
        + "no GPU.";

    public static string OnnxMemory(string message)
        => $"its memory does not suffice: {Visible(message.TrimEnd('.'))}. Embed fewer rows at once (BatchSize), free some of it, or name "
        + "another one.";

    public static string CudaFailed(string message)
        => $"ONNX Runtime can't use it: {Visible(message.TrimEnd('.'))}. Free it, or name another one.";

    public static InvalidOperationException GpuMemory(int queries, int rows, Exception inner)
        => new($"The memory of the GPU does not suffice to compare {queries} queries with {rows} rows. Free some of it, or ask for no GPU.",
        inner);

    // Landmarks.
    public static string MissingRows(long count)
        => $"{count} {(count == 1 ? "row has" : "rows have")} a feature that is NaN or infinite and {(count == 1 ? "is" : "are")} left "
        + "out.";

    public static string ZeroRows(long count)
        => $"{count} {(count == 1 ? "row has" : "rows have")} features that are all 0, whose cosine is undefined, and "
            + $"{(count == 1 ? "is" : "are")} left out. {LookAtZeros}";

    public static string RowsAlike(long count)
        => $"All rows ({count}) have the same features, but for their length, so that none is nearer to a query than another. "
        + $"{LookAtZeros}";

    public static InvalidOperationException NoLandmarks(string nonLandmarkLabel, int nonLandmarks, long leftOut)
        => new($"No row names a landmark: {nonLandmarks} rows are labelled {Visible(nonLandmarkLabel)} or have no label, and {leftOut} "
        + "have "
            + "missing features, or zeros alone. Add landmark rows to the training data.");

    public static InvalidOperationException NoNonLandmarks(string nonLandmarkLabel, long leftOut, bool takesMore)
        => new($"No row{(leftOut == 0 ? "" : " that is not left out")} is labelled {Visible(nonLandmarkLabel)}, so there is no penalty to "
            + $"compute. Add non-landmark rows to the training data{(takesMore ? ", pass nonLandmarks" : "")}, or set "
            + "AllowNoNonLandmarks.");

    public static ArgumentException ListedNeighbors(int count, int most)
        => new($"NumberOfNeighbors is {count}; with NeighborsColumnName or NeighborScoresColumnName, which have so many places in each "
            + $"row, it must be at most {most}. Lower it, or leave those columns out.",
            nameof(LandmarkOptions.NumberOfNeighbors));

    public static ArgumentException ListedPlaces(string option, int count, string column, int most)
        => new($"{Visible(option)} is {count}; with {Visible(column)}, which has so many places in each row, it must be at most {most}. "
            + "Lower it, or leave that column out.", Visible(option));

    public static ArgumentException ColumnTwice(string name, string[] options)
        => new($"The options [{Visible(options)}] name the same column, '{Visible(name)}', and each adds one of its own. Give them "
            + "different names.", Visible(options[^1]));

    public static InvalidOperationException TooManyScores(string labelColumn, ulong count, int most)
        => new($"The label column '{Visible(labelColumn)}' has {count} keys or landmarks; with ScoresColumnName, which has a place for "
            + $"each, {most} are the most. Make keys by MapValueToKey, or leave that column out.");

    public static ArgumentException IdsTaken(string first, int count)
        => new($"The model has a row with the id '{Visible(first)}' already{More(count, ", and with", "ids to be added")}. Leave such rows "
            + "out, or pass replace: true, so that they take the place of those that it has.", "rows");

    public static ArgumentException IdsTwice(string first, int count)
        => new($"{(count == 1 ? "An id stands" : $"{count} ids stand")} at several of the rows to be added: '{Visible(first)}'"
            + $"{(count == 1 ? "" : " is the first")}. Give each row an id of its own.", "rows");

    public static ArgumentException UnknownIds(string first, int count)
        => new($"The model has no row with the id '{Visible(first)}'{More(count, ", nor with", "ids to be removed")}. Name rows by the "
            + "ids that they were fitted with.", "ids");

    public static ArgumentException UnknownLandmarks(string first, int count)
        => new($"The model has no landmark with the label '{Visible(first)}'{More(count, ", nor with", "labels to be removed")}. Name "
            + "landmarks by the labels that they were fitted with.", "labels");

    public static InvalidOperationException ModelWithoutIds()
        => new("The model was fitted without ids, so none of its rows can be named. Fit it with IdColumnName, or remove whole landmarks by "
            + "WithoutLandmarks.");

    public static InvalidOperationException RowsElsewhere(string kind)
        => new($"The rows of the model are in {Visible(kind)} and not in memory, where this looks for them. Change them by the index, or "
            + "use a model that was saved with its rows.");

    public static InvalidOperationException IndexDetached(string kind, string name)
        => new($"The rows of the model are not in its file: they are in {Visible(kind)}, '{Visible(name)}'. Attach them first: "
            + "LandmarkRecognizer.Load(file, index), or model.WithIndex(index), with an index of the package "
            + $"Microsoft.ML.Landmarks.{Visible(kind)}.");

    public static InvalidOperationException IndexOfOtherModel(string kind, string name, string found, string expected)
        => new($"The rows in {Visible(kind)}, '{Visible(name)}', were made by other steps than the model's, or have penalties of another "
            + $"number of neighbors: their fingerprint is {Visible(found[..Math.Min(12, found.Length)])}, and the model's "
            + $"{Visible(expected[..Math.Min(12, expected.Length)])}. Attach the index that was loaded from this model, or load "
            + "this model's rows into an index of its own.");

    public static InvalidOperationException IndexOfOtherDevice(string kind, string name, double distance, double most)
        => new(string.Create(CultureInfo.InvariantCulture, $"The rows in {Visible(kind)}, '{Visible(name)}', were made by the same steps "
            + $"and yet by another machine: of a picture, the model's features are {distance:G3} from those that it has made, and {most} "
            + $"is the most. Ask with the versions of ONNX Runtime and of this library, and on a device, by which the rows were made; or "
            + $"load this model's rows into an index of its own."));

    public static InvalidOperationException OptionOfShared(string option)
        => new($"{Visible(option)} is learned while rows are fitted, and the rows of this step are fitted already, in an index. Leave it "
            + "out, or fit a model with it and load that into an index.");

    public static InvalidOperationException TooManyNeighborsOfShared(int count, int most)
        => new($"{count} neighbors are asked for, and of a shared index, whose rows come over a network, at most {most} are. Fit the model "
            + "with fewer, or keep its rows in memory.");

    public static InvalidOperationException ScoresOfShared()
        => new("ScoresColumnName has a place for each landmark, and the landmarks of a shared index become more. Leave it out; "
            + "TopLabelsColumnName and TopScoresColumnName show the best of them.");

    public static InvalidOperationException NoLandmarkLeft(int count)
        => new($"None of the {count} landmark rows would be left. Leave one in, or fit a model to other rows.");

    public static InvalidOperationException NoNonLandmarkLeft(int count)
        => new($"None of the {count} non-landmark rows would be left, and the penalties are made of them. Leave one in, add others "
            + "before, or fit a model with AllowNoNonLandmarks.");

    public static InvalidOperationException TooManyKeys(string labelColumn, ulong count, ulong most)
        => new($"With those of the label column '{Visible(labelColumn)}' there are {count} keys, and their type holds {most}. Fit a model "
            + "anew, to keys of a larger type.");

    public static string ManyRowsSinceFit(long came, long rows, IReadOnlyList<string> learned)
        => string.Create(CultureInfo.InvariantCulture, $"{came} of {rows} rows came since Fit, more than a fifth. Neighbors and penalties "
            + $"are those of all rows, but these had no part in {Visible(Join(learned))}. Fit anew.");

    public static string RowsSinceFit(long came, long rows, IReadOnlyList<string> learned)
        => string.Create(CultureInfo.InvariantCulture,
            $"{came} of {rows} rows came since Fit{(learned.Count == 0 ? "" : $", without a part in {Visible(Join(learned))}")}.");

    private static string Join(IReadOnlyList<string> texts)
        => texts.Count < 2 ? string.Concat(texts) : $"{string.Join(", ", texts.SkipLast(1))} and {texts[^1]}";

    public static string NamesOfOthers(string named, string fitted)
        => $"None of the names is that of a landmark in the training data: the first is of '{Visible(named)}', and a landmark is labelled "
        + $"'{Visible(fitted)}'. Give names of labels as the training data has them.";

    public static InvalidOperationException NamedTwice(string label, string first, string second)
        => new($"The landmark '{Visible(label)}' has two names, '{Visible(first)}' and '{Visible(second)}'. Give it one of them.");

    // Fits that several processes share out.
    private const string FindPenaltiesAnew
        = "Give those that FindPenalties finds of the rows that are fitted, in their order, with the same options.";

    public static FormatException Shard(string text)
        => new($"'{Visible(text)}' is no shard. It is a number and how many there are, such as 1/8 and 8/8 for the first and the last of "
            + "8; where a scheduler counts from 0, add 1.");

    public static InvalidOperationException ShardsWithoutIds()
        => new("Rows fall into shards by their ids, and no column of them is named. Set IdColumnName.");

    public static InvalidOperationException PenaltiesOfShared()
        => new("The rows of this step are fitted already, in an index, which has their penalties. Find penalties by a step without an "
            + "index.");

    public static InvalidOperationException PenaltyNull()
        => new($"One of the penalties is null, or its lists are. {FindPenaltiesAnew}");

    public static InvalidOperationException PenaltyOfNoRow(int row, int rows)
        => new($"A penalty is given of landmark row {row}, and there are {rows}, counted from 0. {FindPenaltiesAnew}");

    public static InvalidOperationException PenaltyTwice(int row)
        => new($"The penalty of landmark row {row} is given twice. Give each shard once, and all of them of one number of shards.");

    public static InvalidOperationException PenaltiesMissing(int missing, int first, int given)
        => new($"{missing} landmark {(missing == 1 ? "row has no penalty" : "rows have no penalty")} among the {given} that are given, "
            + $"{(missing == 1 ? "" : "the first is ")}row {first}. Give those of all shards, of rows as they are where the method does "
            + "not whiten them, and of whitened rows where it does.");

    public static InvalidOperationException PenaltyCount(int row, int nonLandmarks, int cosines, int expected)
        => new($"The penalty of landmark row {row} names {nonLandmarks} non-landmarks and {cosines} cosines, and Fit finds {expected} of "
            + $"each. {FindPenaltiesAnew}");

    public static InvalidOperationException PenaltyOfNoNonLandmark(int row, int nonLandmark, int nonLandmarks)
        => new($"The penalty of landmark row {row} names non-landmark {nonLandmark}, and {nonLandmarks} are learned from, counted from 0. "
            + $"{FindPenaltiesAnew}");

    public static InvalidOperationException PenaltyCosine(int row, int nonLandmark, double given, double found)
        => new(string.Create(CultureInfo.InvariantCulture, $"The penalty of landmark row {row} says that its cosine to non-landmark "
            + $"{nonLandmark} is {given:R}, and it is {found:R}. {FindPenaltiesAnew}"));

    public static InvalidOperationException PenaltyOrder(int row)
        => new("The penalty of landmark row "
            + $"{row} does not name the nearest non-landmark first, or of equally near ones the lower number. {FindPenaltiesAnew}");

    public static InvalidOperationException PenaltyNotNearest(int row, int nearer, int given)
        => new($"The penalty of landmark row {row} names non-landmark {given}, and leaves out {nearer}, which is nearer, or as near and "
            + $"before it. {FindPenaltiesAnew}");

    // The choice of a method.
    public static string NotWhitened(string reason)
        => $"Not whitened; landmarks are learned from the embeddings as they are. {Visible(reason)}";

    public const string NothingToWhiten = "there is nothing to whiten";

    public const string NothingToCrossValidate = "no landmark has a second photograph to cross-validate by";

    public static string TooFew(string undone, string what, int found, int needed)
        => $"not {Visible(undone)} by {found} {Visible(what)}{(found == 1 ? "" : "s")}, since that takes {needed}";

    public static string TooFewWithCompany(int found, int needed)
        => $"not tuned by {found} rows that share their landmark with another, since that takes {needed}";

    public static string TooFewQueries(int count, int fewest)
        => $"Not tuned, since {count} training rows share their label with another and at least {fewest} are needed: the weights and the "
        + "exponent are 1. Add rows of the same landmarks, or set them yourself.";

    public static string NoNegativeQueries()
        => "Not tuned, since there is no non-landmark row: the weights and the exponent are 1. Add non-landmark rows, or set them "
        + "yourself.";

    // Whitening.
    public static string MissingRowsOfSample(long missing, long drawn, long rows, long left)
        => $"{missing} of {drawn} rows that were drawn from {rows} {(missing == 1 ? "has" : "have")} a feature that is NaN or infinite "
            + $"and {(missing == 1 ? "is" : "are")} left out; {left} are learned from.";

    public static string ZeroRowsOfSample(long zeros, long drawn, long rows, long left)
        => $"{zeros} of {drawn} rows that were drawn from {rows} {(zeros == 1 ? "has" : "have")} features that are all 0, whose cosine "
            + $"is undefined, and {(zeros == 1 ? "is" : "are")} left out; {left} are learned from. {LookAtZeros}";

    public static InvalidOperationException NoRowsToWhiten(string column, LeftOutRows leftOut, long? drawnFrom)
        => new($"There is nothing to whiten: no row{OfSample(drawnFrom)} is left of '{Visible(column)}', {leftOut.Missing} have a feature "
        + "that "
            + $"is NaN or infinite, and {leftOut.Zeros} zeros alone. Add rows{OrReadMore(drawnFrom)}.");

    public static InvalidOperationException NoVariance(string column, long rows, long? drawnFrom)
        => new($"There is nothing to whiten: all rows ({rows}){OfSample(drawnFrom)} have the same features in '{Visible(column)}', but "
        + $"for their length. Add rows that differ{OrReadMore(drawnFrom)}.");

    // Evaluation.
    public static InvalidOperationException QueryTwice(string id, string where)
        => new($"The query '{Visible(id)}' stands twice {Visible(where)}; each may stand there once.");

    public static InvalidOperationException QueryWithoutTruth(string id)
        => new($"The query '{Visible(id)}' is predicted but missing from the truth. Add it there; label -1 says that it shows no "
        + "landmark.");

    public static InvalidOperationException LabelMissing(string id, string label)
        => new($"The label '{Visible(label)}' of query '{Visible(id)}' is how a missing value is written, no name of a landmark. Leave "
        + "the label empty, or write -1, where there is none.");

    public static InvalidOperationException Usage(string id, string usage)
        => new($"The usage '{Visible(usage)}' of query '{Visible(id)}' is none of Public, Private and Ignored. Rename the column 'Usage' "
        + "if it means something else.");

    public static string UnseenLandmarks(int count)
        => $"{count} {(count == 1 ? "query has a missing key and shows a landmark" : "queries have missing keys and show landmarks")} "
        + $"that the key values lack, since -1 is one of them. No answer to {(count == 1 ? "it" : "them")} is right.";

    public static string MissingKeys(int count)
        => $"{count} {(count == 1 ? "query has a missing key and counts" : "queries have missing keys and count")} as showing no "
        + $"landmark, since -1 is no key value. Take the labels themselves for the truth if {(count == 1 ? "it shows" : "they show")} "
        + "landmarks that the key values lack.";

    public static string NamesOfSeveralNumbers(int count, string first)
        => $"{count} {(count == 1 ? "name of a landmark reads" : "names of landmarks read")} as several numbers, the first is "
        + $"'{Visible(first)}', and {(count == 1 ? "is" : "each is")} taken for one. Several landmarks stand in a vector, or in the "
        + "column 'landmarks' of a CSV file.";

    public static ArgumentException NoPredictions()
        => new("There is no view of predictions, or one is null. Name at least one.", "predictions");

    public static InvalidOperationException NoQueryWithLandmark()
        => new("No query of the truth shows a landmark, so there is nothing to measure.");

    // Advice on findings.
    public static string AdviceOnContradiction(string otherId, bool isNonLandmark, bool isOtherNonLandmark)
        => $"It is the same photograph as '{Visible(otherId)}', which stands "
        + $"{(isOtherNonLandmark ? "among the non-landmarks" : isNonLandmark ? "under a landmark" : "under another landmark")}. Remove it "
        + "where it is wrong.";

    public static string AdviceOnLeak(string otherId)
        => $"The query is the photograph '{Visible(otherId)}' of the rows. Remove one of them: what is measured by it is too good.";

    public static string AdviceOnWrongLabel(string otherId)
        => $"The nearest photographs show another landmark. Look at it beside '{Visible(otherId)}', and move or remove it if its label is "
        + "wrong.";

    public static string AdviceOnContamination(string otherId)
        => $"It is taken for the landmark of '{Visible(otherId)}'. Look at it beside that, and move or remove it if it shows the same.";

    public static string AdviceOnDuplicate(string otherId, string keptId)
        => $"It is the same photograph as '{Visible(otherId)}'. Remove it, and keep '{Visible(keptId)}'.";

    public static string AdviceOnSingle(int rows)
        => $"{(rows == 1 ? "It is the only photograph of its landmark" : $"The {rows} photographs of its landmark are one")}. Add others "
        + "that show it otherwise.";

    public static string AdviceOnUnreadable(string reason) => $"It can't be read: {Visible(reason)} Replace it, or remove it.";

    public static string AdviceOnMissingFeatures()
        => "Its features are NaN, infinite or zeros alone, so that it takes no part. Embed it anew, or remove it.";

    public static string AdviceOnBlank(double contrast)
        => $"It shows nearly one color: its brightness varies by {contrast.ToString("F1", CultureInfo.InvariantCulture)} levels of 255. "
        + "Look at it, and remove it if it shows nothing.";

    public static string AdviceOnTiny(int width, int height)
        => $"It has {width} x {height} pixels. Replace it by a larger one, or remove it.";

    public static string AdviceOnDark(int highlight)
        => $"It is dark: 99 % of it are at most {highlight} levels of 255 bright. Look at it, and remove it if it shows nothing.";

    // Verdicts.
    public static InvalidOperationException TooFewNonLandmarks(int found, int needed, int heldOutOf, VerdictRates rates)
        => new($"{found} {(found == 1 ? "row is a non-landmark" : "rows are non-landmarks")}, and {RateOf(rates)} takes {needed} to judge "
        + $"by; with {(long)heldOutOf * needed} it is proved. Add non-landmarks{(found < 2 ? "" : $", or {AskForMore(found, rates)}")}; or "
        + "do without a verdict: FalseAlarmRate = null.");

    public static InvalidOperationException TooFewFalseAlarms(int found, VerdictRates rates)
        => new($"The model judges by {found} {(found == 1 ? "photograph" : "photographs")} of nothing, and {RateOf(rates)} takes "
        + $"{ConformalScores.FewestFor(rates.FalseAlarms, rates.Confidence)}. {Capital(AskForMore(found, rates))}, or fit the model "
        + "with more non-landmarks.");

    public static InvalidOperationException TooFewLeftToJudgeBy(int left, int needed, VerdictRates rates)
        => new($"{left} {(left == 1 ? "photograph" : "photographs")} of nothing would be left to judge by, and {RateOf(rates)} takes "
        + $"{needed}. Leave more in, or, before that, add others{(left < 2 ? "" : $" or {AskForMore(left, rates)}")}.");

    public const string VerdictOfRowsBefore = "The model was saved by a version that did not keep the photographs of nothing by which "
        + "answers are judged. They are judged by the scores of before the change, and the rate is no promise any more. Fit anew for one.";

    public static InvalidOperationException TooFewLargeLandmarks(int found, int needed, int rowsOfEach)
        => new($"{found} {(found == 1 ? "landmark has" : "landmarks have")} {rowsOfEach} rows or more, and UnknownLandmarkRate takes "
        + $"{needed} such landmarks to estimate by. Add photographs of landmarks, or leave it at null.");

    public static InvalidOperationException TooFewUnknownLandmarks(int found, double rate)
        => new(found == 0
        ? "The model can't tell unknown landmarks: it was fitted to too few landmarks with too few rows. Fit it to at least 8 landmarks "
            + "with 5 rows each, or leave UnknownLandmarkRate at null."
        : $"{found} photographs whose landmark was left out are there to estimate by, and UnknownLandmarkRate = {Number(rate)} takes "
            + $"{ConformalScores.FewestFor(rate, confidence: null)}. Ask for {Number(RoundUp(1.0 / (found + 1)))} or more, or add "
            + "photographs of landmarks.");

    public static InvalidOperationException ModelWithoutVerdict()
        => new("The model has no verdict, whose rates could be set. Fit it with a FalseAlarmRate, and with enough non-landmarks for that.");

    public static ArgumentException RateWithoutVerdict()
        => new("FalseAlarmConfidence and UnknownLandmarkRate are for a verdict, and FalseAlarmRate = null is without one. Set "
        + "FalseAlarmRate too.");

    public static string NoVerdictOnUnknownLandmarks(string reason)
        => $"There is no verdict on unknown landmarks: {Visible(reason)}";

    public static string NoVerdict(string reason) => $"There is no verdict: {Visible(reason)}";

    // Models.
    public static FormatException ModelVersion(uint found, uint oldest, uint newest)
        => new($"The model has format {found}; this version reads {(oldest == newest ? $"{newest}" : $"{oldest} to {newest}")}. "
        + $"{(found > newest ? "Update Microsoft.ML.Landmarks." : "Fit and save the model anew.")}");

    public static FormatException ModelDamaged(string part, string what, Exception? inner = null)
        => new($"The model is damaged: in '{Visible(part)}', {Visible(what)}. Take another copy of it, or fit and save it anew.", inner);

    private static string RateOf(VerdictRates rates)
        => $"FalseAlarmRate = {Number(rates.FalseAlarms)}"
        + (rates.Confidence is { } confidence ? $" with FalseAlarmConfidence = {Number(confidence)}" : "");

    // Which rate so many photographs allow.
    private static string AskForMore(int found, VerdictRates rates)
    {
        var scores = new ConformalScores(new float[found]);
        double lowest = RoundUp(scores.LowestRate(rates.Confidence)), inTheMean = RoundUp(scores.LowestRate(confidence: null));
        return rates.Confidence is null ? $"ask for {Number(lowest)} or more"
            : $"ask for {Number(lowest)} or more, or for {Number(inTheMean)} or more without FalseAlarmConfidence";
    }

    // So that the number that is shown is allowed.
    private static double RoundUp(double rate) => Math.Ceiling(rate * 10_000) / 10_000;

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Describe(LeftOut reason) => reason switch
    {
        LeftOut.BesideFolders => "photographs beside the folders of landmarks",
        LeftOut.NoPhotograph => "no photographs by their ending",
        LeftOut.Hidden => "hidden by a dot",
        LeftOut.OfSystem => "recycle bins and folders of systems",
        LeftOut.NameNotUtf8 => "names that are not UTF-8",
        LeftOut.NameBlank => "folders whose name is blank",
        LeftOut.ReachedTwice => "folders that a link leads to once more",
        LeftOut.Unreadable => "folders that can't be read",
        _ => "folders without a photograph",
    };

    private static string Endings(NameSample names)
        => string.Join(", ", names.Endings.Select(e => $"{(e.Ending.Length == 0 ? "no ending" : Visible(e.Ending))}: {e.Count}"));

    private static string Names(NameSample names)
        => string.Join(", ", names.First.Select(name => $"'{Visible(name)}'")) + (names.Count > names.First.Count ? ", ..." : "");

    private const string AddMagick = $"Add the package {MagickPackage.ForAllPlatforms} to it ('dotnet add package "
        + $"{MagickPackage.ForAllPlatforms}'), or convert what is of such a kind to JPEG.";

    private const string LookAtZeros = "Look at what they show, and where they are many, at the network.";

    private static string OfSample(long? drawnFrom) => drawnFrom is { } rows ? $" of those that were drawn from {rows}" : "";

    private static string OrReadMore(long? drawnFrom) => drawnFrom is null ? "" : ", or raise MaximumExampleCount";

    // What spreadsheets write in some countries, and hands.
    private static string WhyNotFound(string[] names)
        => names.Any(name => name.AsSpan().ContainsAny(';', '\t')) ? " Separate them by commas."
            : names.Any(name => name != name.Trim()) ? " Remove the blanks around names." : "";

    private static string WhyNoFile(string name) => Directory.Exists(name) ? "is a folder; name a file in it" : "does not exist";

    private static string WhyNoWeights(string path) => File.Exists(path) || Directory.Exists(path) ? "is no file" : "does not exist";

    private static string Steps(string? fingerprint) => fingerprint switch
    {
        null => "a step of another library",
        _ when fingerprint.EndsWith('+')
            => $"the steps {Visible(fingerprint[..Math.Min(12, fingerprint.Length)])} and one of another library",
        _ => $"the steps {Visible(fingerprint[..Math.Min(12, fingerprint.Length)])}",
    };

    // What was found of the first, and of how many others.
    private static string More(int count, string before, string what) => count == 1 ? "" : $"{before} {count - 1} more of the {what}";

    private static string Shape(int[] shape)
        => string.Join(", ", shape.Select(n => n > 0 ? n.ToString(CultureInfo.InvariantCulture) : "free"));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
