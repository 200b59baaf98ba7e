#!/usr/bin/env dotnet
#:property PublishAot=false
#:project ../../../../src/Microsoft.ML.Landmarks/Microsoft.ML.Landmarks.csproj

// Writes a model of each step and of the chains that `landmarks fit` makes, with the answers that it gives, in the formats of the library
// as it is built: NAME.zip and NAME.txt. Usage: dotnet run make_models.cs FOLDER LANDMARKS, where LANDMARKS is the console program of the
// same build. What is in this folder stays as it is; files of a newer format are written elsewhere and added under a name of their own.
using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;

string output = Path.GetFullPath(args[0]), program = Path.GetFullPath(args[1]);
string golden = Path.GetFullPath(Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", ".."));
string networks = Path.Combine(golden, "networks"), work = Directory.CreateTempSubdirectory("models").FullName;
Directory.CreateDirectory(output);
var ml = new MLContext(seed: 1);
string[] names = ["alpha.png", "orientation6.jpg", "odd_301x320.jpg", "progressive.jpg"];
IDataView photos = ml.Data.LoadFromEnumerable(names.Select(name => new Photo { ImagePath = Path.Combine(golden, "images", name) }));
IDataView queries = ml.Data.LoadFromEnumerable(Rows(9, 40).Append(new Row { Features = [float.NaN, 0, 0, 0, 0, 0] }));
IDataView rows = ml.Data.LoadFromEnumerable(Rows(1, 40));
var preparation = new ImagePreparationOptions
{
    Mean = [0.25f, 0.5f, 0.125f],
    Std = [0.5f, 0.25f, 2],
    ApplyOrientation = false,
    ComposeOnWhite = true,
    AcceptTruncated = true,
    MaxPixels = 1 << 20,
    BadImages = BadImageHandling.Skip,
    Fit = ImageFit.PadCenter,
    ShorterSideTo = 10,
    SideMultiple = 4,
    Rounding = ImageRounding.Torchvision,
    Resampling = ImageResampling.PillowBicubic,
    Bgr = true,
    ConvertToSrgb = true,
};

Write("images-format2", ml.Transforms.PrepareImages(new ImagePreparingEstimator.Options
{
    OutputColumnName = "Pixels",
    InputColumnName = "ImagePath",
    ImageSize = 4,
    Mean = preparation.Mean,
    Std = preparation.Std,
    ApplyOrientation = false,
    ComposeOnWhite = true,
    AcceptTruncated = true,
    MaxPixels = preparation.MaxPixels,
    BadImages = BadImageHandling.Skip,
    Fit = preparation.Fit,
    ShorterSideTo = preparation.ShorterSideTo,
    SideMultiple = preparation.SideMultiple,
    Rounding = preparation.Rounding,
    Resampling = preparation.Resampling,
    Bgr = preparation.Bgr,
    ConvertToSrgb = preparation.ConvertToSrgb,
}).Fit(photos), photos, "Pixels");
IDataView pixels = ml.Data.LoadFromEnumerable(Enumerable.Range(1, 3).Select(seed => new Image
{
    Pixels = [.. Integers(seed, 3 * 8 * 8).Select((value, i) => value * (seed + i / 64))],
}));
Write("embeddings-format3", ml.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
{
    OutputColumnName = "Features",
    InputColumnName = "Pixels",
    ModelFile = Path.Combine(networks, "extremes.onnx"),
    ModelOutputName = "extremes",
    AverageMirror = true,
}).Fit(pixels), pixels, "Features");
Write("embeddings-of-photographs-format3", ml.Transforms.EmbedImages(new ImageEmbeddingEstimator.Options
{
    OutputColumnName = "Features",
    InputColumnName = "ImagePath",
    ModelFile = Path.Combine(networks, "extremes.onnx"),
    ModelOutputName = "extremes",
    ImageSizes = [8, 12],
    Preparation = preparation,
}).Fit(photos), photos, "Features");
Write("whitening-format1", ml.Transforms.WhitenFeatures("Features", dimension: 4, exponent: 0.75f).Fit(rows), queries, "Features");
Write("knn-format5", ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options
{
    NumberOfNeighbors = 3,
    NumberOfTrainingPenaltyNeighbors = 2,
    NumberOfQueryPenaltyNeighbors = 4,
    TrainingPenaltyWeight = 0.5,
    QueryPenaltyWeight = 0.25,
    SimilarityExponent = 2,
    QueryExpansion = 2,
    IdColumnName = "Id",
    NeighborsColumnName = "Neighbors",
    NeighborScoresColumnName = "NeighborScores",
    NeighborLabelsColumnName = "NeighborLabels",
    NeighborPenaltiesColumnName = "NeighborPenalties",
    QueryPenaltyColumnName = "QueryPenalty",
    NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
    NonLandmarkNeighborScoresColumnName = "NonLandmarkNeighborScores",
    NumberOfTopLandmarks = 3,
    ScoresColumnName = "Scores",
}).Fit(rows), queries, "PredictedLabel", "Score", "Neighbors", "NeighborScores", "NeighborLabels", "NeighborPenalties", "QueryPenalty",
    "NonLandmarkNeighbors", "NonLandmarkNeighborScores", "TopLabels", "TopScores", "Scores");

IDataView recognized = ml.Data.LoadFromEnumerable(Rows(3, 120, landmarks: 10));
Write("recognition-format2", ml.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options
{
    Method = LandmarkMethod.WhitenedTuned,
    FalseAlarmRate = 0.25,
    FalseAlarmConfidence = 0.75,
    UnknownLandmarkRate = 0.5,
    SameLandmarkSmoothing = 0.25,
    IdColumnName = "Id",
    NeighborsColumnName = "Neighbors",
    NeighborScoresColumnName = "NeighborScores",
    NonLandmarkNeighborsColumnName = "NonLandmarkNeighbors",
    Names = ml.Data.LoadFromEnumerable(new[] { new Named { Label = 12, Name = "Tower" }, new Named { Label = 15, Name = "Bridge" } }),
}).Fit(recognized), queries, "PredictedLabel", "Score", "IsLandmark", "FalseAlarmProbability", "UnknownLandmarkProbability", "Neighbors",
    "NeighborScores", "NonLandmarkNeighbors");

WriteSet(work);
Fit("fit-recognition-chain", "../../Landmarks.Demo.Tests/Networks/flatten_8.onnx");
Fit("fit-recognition-sizes-chain", "networks/extremes.onnx", "--image-size", "8", "12", "16");
Directory.Delete(work, recursive: true);

void Fit(string name, string network, params string[] more)
{
    string file = Path.Combine(output, name + ".zip");
    using var fit = Process.Start(program,
        ["fit", "--train", Path.Combine(work, "train.csv"), "--non-landmarks", Path.Combine(work, "valid.csv"), "--images", work,
        "--network", Path.GetFullPath(Path.Combine(golden, network)), "--output", file, "--no-cache", .. more]);
    fit.WaitForExit();
    if (fit.ExitCode != 0)
        throw new InvalidOperationException($"{program} ended with {fit.ExitCode}.");
    WriteAnswers(name, ml.Model.Load(file, out _), photos, "PredictedLabel", "Score", "IsLandmark", "FalseAlarmProbability", "Neighbors",
        "NeighborScores");
}

void Write(string name, ITransformer model, IDataView asked, params string[] columns)
{
    ml.Model.Save(model, asked.Schema, Path.Combine(output, name + ".zip"));
    WriteAnswers(name, model, asked, columns);
}

void WriteAnswers(string name, ITransformer model, IDataView asked, params string[] columns)
{
    IDataView answers = model.Transform(asked);
    DataViewSchema.Column[] read = [.. columns.Select(column => answers.Schema[column])];
    using DataViewRowCursor cursor = answers.GetRowCursor(read);
    Func<string>[] readers = [.. read.Select(column => Reader(cursor, column))];
    using var writer = new StreamWriter(Path.Combine(output, name + ".txt")) { NewLine = "\n" };
    writer.WriteLine(string.Join('|', columns));
    while (cursor.MoveNext())
        writer.WriteLine(string.Join('|', readers.Select(reader => reader())));
}

// Singles as the hex of their bits.
static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
{
    var t when t == typeof(float) => Texts<float>(row, column, Bits),
    var t when t == typeof(bool) => Texts<bool>(row, column, v => $"{v}"),
    var t when t == typeof(int) => Texts<int>(row, column, v => v.ToString(CultureInfo.InvariantCulture)),
    var t when t == typeof(VBuffer<float>) => Texts<VBuffer<float>>(row, column, v => string.Join(' ', v.DenseValues().Select(Bits))),
    var t when t == typeof(VBuffer<int>) => Texts<VBuffer<int>>(row, column, v => string.Join(' ', v.DenseValues())),
    var t when t == typeof(VBuffer<long>) => Texts<VBuffer<long>>(row, column, v => string.Join(' ', v.DenseValues())),
    _ => Texts<VBuffer<ReadOnlyMemory<char>>>(row, column, v => string.Join(' ', v.DenseValues())),
};

static Func<string> Texts<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> toText)
{
    ValueGetter<T> get = row.GetGetter<T>(column);
    T value = default!;
    return () =>
    {
        get(ref value);
        return toText(value);
    };
}

static string Bits(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture);

// Whole numbers: sums of their products are exact, in any order.
static float[] Integers(int seed, int count)
{
    var random = new Random(seed);
    return [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-9, 10))];
}

static IEnumerable<Row> Rows(int seed, int count, int landmarks = 5)
    => Integers(seed, 6 * count).Chunk(6)
        .Select((features, i) => new Row { Id = $"row {i}", Label = i % 4 == 3 ? -1 : 10 + i % landmarks, Features = features });

// 12 landmarks of 4 photographs and 40 non-landmarks, of 16 x 16 pixels: four colors of each, and noise.
static void WriteSet(string folder)
{
    List<string> train = ["id,landmark_id"], valid = ["id,landmark_id"];
    for (int i = 0; i < 88; i++)
    {
        bool isLandmark = i < 48;
        string id = $"{i * 2654435761L % 4096:x3}{i:d4}", file = Path.Combine(folder, id[..1], id[1..2], id[2..3], id + ".jpg");
        (isLandmark ? train : valid).Add($"{id},{(isLandmark ? 100 + i / 4 : -1)}");
        Random colors = new(isLandmark ? i / 4 : 1000 + i), noise = new(5000 + i);
        int[] levels = [.. Enumerable.Range(0, 12).Select(_ => colors.Next(20, 236))];
        using var bitmap = new SKBitmap(16, 16);
        for (int y = 0; y < 16; y++)
        {
            for (int x = 0; x < 16; x++)
            {
                byte Level(int channel) => (byte)(levels[3 * (y / 8 * 2 + x / 8) + channel] + noise.Next(-20, 20));
                bitmap.SetPixel(x, y, new SKColor(Level(0), Level(1), Level(2)));
            }
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using FileStream stream = File.Create(file);
        bitmap.Encode(stream, SKEncodedImageFormat.Png, 100);
    }

    File.WriteAllLines(Path.Combine(folder, "train.csv"), train);
    File.WriteAllLines(Path.Combine(folder, "valid.csv"), valid);
}

internal sealed class Photo
{
    public string ImagePath { get; set; } = "";
}

internal sealed class Image
{
    [VectorType(3, 8, 8)]
    public float[] Pixels { get; set; } = [];
}

internal sealed class Named
{
    public int Label { get; set; }

    public string Name { get; set; } = "";
}

internal sealed class Row
{
    public string Id { get; set; } = "";

    public int Label { get; set; }

    [VectorType(6)]
    public float[] Features { get; set; } = [];
}
