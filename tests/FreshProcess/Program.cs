// Loads a model and predicts, as a program does that knows nothing of Microsoft.ML.Landmarks: it names no type of it.
// Usage: FreshProcess MODEL paths FILE [environment] | FreshProcess MODEL features FILE.f32
// With "environment" it makes that of ONNX Runtime first, as an application may.
// Prints "label score" for each row, the bits of the score in hex; first for a view, then one row at a time by a prediction engine.
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

var mlContext = new MLContext(seed: 1);
if (args is [.., "environment"])
{
    var options = new EnvironmentCreationOptions
    {
        logId = "application",
        loggingFunction = (_, _, _, _, _, message)
        => Console.Error.WriteLine($"application: {message}")
    };
    OrtEnv.CreateInstanceWithOptions(ref options);
}

ITransformer model;
DataViewSchema inputSchema;
try
{
    model = mlContext.Model.Load(args[0], out inputSchema);
}
catch (Exception e)
{
    for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        Console.Error.WriteLine(cause.Message);
    return 1;
}

if (args[1] == "paths")
    Predict(File.ReadAllLines(args[2]).Select(path => new PhotoRow { ImagePath = path }));
else
    Predict(ReadFeatures(args[2], ((VectorDataViewType)inputSchema["Features"].Type).Size));
return 0;

void Predict<T>(IEnumerable<T> rows) where T : class
{
    SchemaDefinition definition = SchemaDefinition.Create(typeof(T));
    if (rows.First() is FeatureRow first)
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, first.Features.Length);
    foreach (Prediction row in mlContext.Data.CreateEnumerable<Prediction>(
        model.Transform(mlContext.Data.LoadFromEnumerable(rows, definition)), reuseRowObject: false))
        Print(row);
    using PredictionEngine<T, Prediction> engine = mlContext.Model.CreatePredictionEngine<T,
        Prediction>(model, inputSchemaDefinition: definition);
    foreach (T row in rows)
        Print(engine.Predict(row));
}

static void Print(Prediction row) => Console.WriteLine($"{row.PredictedLabel} {BitConverter.SingleToInt32Bits(row.Score):x8}");

static IEnumerable<FeatureRow> ReadFeatures(string file, int dimension)
{
    float[] values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
    return values.Chunk(dimension).Select(row => new FeatureRow { Features = row });
}

internal sealed class PhotoRow
{
    public string ImagePath { get; set; } = "";
}

internal sealed class FeatureRow
{
    public float[] Features { get; set; } = [];
}

internal sealed class Prediction
{
    public int PredictedLabel { get; set; }

    public float Score { get; set; }
}
