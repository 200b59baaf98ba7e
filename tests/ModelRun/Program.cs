// Saves, loads and asks a model of rows by the public API alone, so that an older build of the library can be put into its place. Files of
// rows hold Singles, row by row. Prints a name and seconds a line.
// Usage: ModelRun save TRAIN.f32 NON_LANDMARKS.f32 DIMENSION MODEL.zip | ModelRun ask MODEL.zip QUERIES.f32 DIMENSION
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

const int Passes = 3, WarmUps = 200, Singles = 50, RowsOfLandmark = 20;

var ml = new MLContext(seed: 1);
int dimension = int.Parse(args[3], CultureInfo.InvariantCulture);
SchemaDefinition definition = SchemaDefinition.Create(typeof(Row));
definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
if (args[0] == "save")
    Save(args[1], args[2], args[4]);
else
    Ask(args[1], args[2]);

void Save(string train, string nonLandmarks, string zip)
{
    IDataView rows = ml.Data.LoadFromEnumerable(Read(train)
        .Select((features, i) => new Row { Label = i / RowsOfLandmark, Features = features })
        .Concat(Read(nonLandmarks).Select(features => new Row { Label = -1, Features = features })), definition);
    ITransformer model = ml.Transforms.KnnLandmark().Fit(rows);
    Print("save", Enumerable.Range(0, Passes).Min(_ => Seconds(() => ml.Model.Save(model, rows.Schema, zip))));
    byte[] megabytes = new byte[4 << 20];
    long length = new FileInfo(train).Length + new FileInfo(nonLandmarks).Length;
    Print("raw-write", Enumerable.Range(0, Passes).Min(_ => Seconds(() =>
    {
        using FileStream file = File.Create(zip + ".raw", bufferSize: 1);
        for (long written = 0; written < length; written += megabytes.Length)
            file.Write(megabytes, 0, (int)Math.Min(megabytes.Length, length - written));
    })));
    File.Delete(zip + ".raw");
}

void Ask(string zip, string queries)
{
    Row[] asked = [.. Read(queries).Select(features => new Row { Features = features })];
    long start = Stopwatch.GetTimestamp();
    ITransformer model = ml.Model.Load(zip, out _);
    PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(model, inputSchemaDefinition: definition);
    engine.Predict(asked[0]);
    Print("load", Stopwatch.GetElapsedTime(start).TotalSeconds);
    for (int i = 0; i < WarmUps; i++)
        engine.Predict(asked[i % asked.Length]);
    double[] singles = [.. Enumerable.Range(0, Singles).Select(i => Seconds(() => engine.Predict(asked[i % asked.Length]))).Order()];
    Print("single", singles[Singles / 2]);
    IDataView view = ml.Data.LoadFromEnumerable(asked, definition);
    Print("batch", Enumerable.Range(0, 2).Min(_ => Seconds(() => GC.KeepAlive(model.Transform(view).GetColumn<float>("Score").ToArray()))));
    Print("raw-read", Enumerable.Range(0, Passes).Min(_ => Seconds(() => ReadAll(zip))));
}

// In arrays of their own, as they are wanted.
IEnumerable<float[]> Read(string file)
{
    using FileStream stream = File.OpenRead(file);
    for (float[] row = new float[dimension];
        stream.ReadAtLeast(MemoryMarshal.AsBytes(row.AsSpan()), sizeof(float) * dimension, throwOnEndOfStream: false) > 0;
        row = new float[dimension])
        yield return row;
}

// Into memory that is kept, as a model is.
static void ReadAll(string file)
{
    using FileStream stream = new(file, new FileStreamOptions { BufferSize = 0 });
    List<byte[]> blocks = [];
    do
        blocks.Add(GC.AllocateUninitializedArray<byte>(4 << 20));
    while (stream.ReadAtLeast(blocks[^1], blocks[^1].Length, throwOnEndOfStream: false) == blocks[^1].Length);
}

static double Seconds(Action work)
{
    long start = Stopwatch.GetTimestamp();
    work();
    return Stopwatch.GetElapsedTime(start).TotalSeconds;
}

static void Print(string name, double seconds) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {seconds}"));

internal sealed class Row
{
    public int Label { get; set; }

    public float[] Features { get; set; } = [];
}

internal sealed class Answer
{
    public int PredictedLabel { get; set; }

    public float Score { get; set; }
}
