using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>
/// How close a chain comes to its parts: the best that preparing and embedding can reach on the same cores is 1 / (time of preparing alone
/// + time of the network alone). And whether memory grows with the number of photographs.
/// </summary>
internal static class PipelineBenchmark
{
    /// <exception cref="WrongInputException">A photograph can't be read, or the network does not take it.</exception>
    public static void Run(string[] photos, string network, int imageSize, int passes)
    {
        try
        {
            Measure(photos, network, imageSize, passes);
        }
        // What the library says of its input.
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or ArgumentException or IOException)
        {
            throw new WrongInputException(e.Message, e);
        }
    }

    private static void Measure(string[] photos, string network, int imageSize, int passes)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView paths = mlContext.Data.LoadFromEnumerable(photos.Select(path => new Photo { ImagePath = path }));
        IDataView prepared = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize).Fit(paths).Transform(paths);
        ITransformer embed = mlContext.Transforms.EmbedImages("Features", "Pixels", network).Fit(prepared);
        IDataView ready = Ready(mlContext, prepared, photos.Length, imageSize);

        double preparing = Fastest(passes, () => CountRows(prepared, "Pixels")) / photos.Length;
        double embedding = Fastest(passes, () => CountRows(embed.Transform(ready), "Features")) / photos.Length;
        double both = Fastest(passes, () => CountRows(embed.Transform(prepared), "Features")) / photos.Length;
        long memory = Environment.WorkingSet;
        IDataView many = mlContext.Data.LoadFromEnumerable(Enumerable.Repeat(photos, 3).SelectMany(p => p)
            .Select(path => new Photo { ImagePath = path }));
        CountRows(embed.Transform(mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize).Fit(many).Transform(many)),
            "Features");
        long memoryOfMany = Environment.WorkingSet;

        Console.WriteLine($"""
            | {Environment.ProcessorCount} cores, {photos.Length} photographs, {imageSize} pixels, best of {passes} | photographs/s |
            |---|---|
            | preparing alone | {1 / preparing:F1} |
            | network alone | {1 / embedding:F1} |
            | both, one after the other (1 / sum of times) | {1 / (preparing + embedding):F1} |
            | the chain | {1 / both:F1} |
            | **share of the best reached** | **{(preparing + embedding) / both:P0}** |

            Working set after the passes {memory >> 20} MB, after three times as many photographs {memoryOfMany >> 20} MB.
            """);
    }

    // As many rows of images that are prepared already; a few, time and again, since the network does not mind which they are.
    private static IDataView Ready(MLContext mlContext, IDataView prepared, int count, int imageSize)
    {
        DataViewSchema.Column pixels = prepared.Schema["Pixels"];
        var few = new List<Image>();
        using (DataViewRowCursor cursor = mlContext.Data.TakeRows(prepared, 32).GetRowCursor([pixels]))
        {
            ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(pixels);
            while (cursor.MoveNext())
            {
                VBuffer<float> values = default;
                get(ref values);
                few.Add(new Image { Pixels = [.. values.DenseValues()] });
            }
        }

        SchemaDefinition definition = SchemaDefinition.Create(typeof(Image));
        definition["Pixels"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, imageSize, imageSize);
        return mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => few[i % few.Count]), definition);
    }

    private static double Fastest(int passes, Func<int> pass)
    {
        pass();
        return Enumerable.Range(0, passes).Min(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            pass();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
    }

    private static int CountRows(IDataView view, string column)
    {
        DataViewSchema.Column source = view.Schema[column];
        using DataViewRowCursor cursor = view.GetRowCursor([source]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(source);
        VBuffer<float> values = default;
        int rows = 0;
        for (; cursor.MoveNext(); rows++)
            get(ref values);
        return rows;
    }

    private sealed class Image
    {
        public float[] Pixels { get; set; } = [];
    }

    private sealed class Photo
    {
        public string ImagePath { get; set; } = "";
    }
}
