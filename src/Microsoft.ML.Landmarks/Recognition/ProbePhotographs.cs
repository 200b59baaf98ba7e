using System.Buffers.Binary;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Recognition;

/// <summary>
/// A few pictures that are made here, by whose features programs that share rows find out whether they make the same of a photograph: the
/// fingerprint of a network says what is to be computed, and these what a machine, its decoders and its device compute.
/// </summary>
internal static class ProbePhotographs
{
    /// <summary>How far the features of a picture, of unit length, may be from those of another machine: devices that round otherwise stay
    /// below, and another decoder or resampling does not.</summary>
    public const double MostDistance = 0.01;

    private const int Count = 3, Width = 96, Height = 64;

    /// <summary>The features that a model makes of the pictures, of unit length.</summary>
    /// <param name="steps">The model.</param>
    /// <returns>Null where its features are not made of photographs alone by steps of it, so that there is nothing to compare.</returns>
    public static float[][]? Embed(LandmarkSteps steps)
    {
        ITransformer[] making = [.. steps.Before.SkipWhile(step => PhotographsOf(step) is null)];
        if (making.Length == 0)
            return null;
        string column = PhotographsOf(making[0])!;
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(column, new VectorDataViewType(NumberDataViewType.Byte));
        IDataView view = PhotographView.Of(builder.ToSchema(), column, [.. Enumerable.Range(1, Count).Select(Draw)]);
        try
        {
            view = making.Aggregate(view, (rows, step) => step.Transform(rows));
        }
        // Steps that look at other columns too, or take images that others prepare.
        catch (ArgumentException)
        {
            return null;
        }

        return view.Schema.GetColumnOrNull(steps.Step.Rows.Features) is { } features ? Read(view, features) : null;
    }

    /// <summary>Compares what a model makes of the pictures with what the one has made whose rows an index holds.</summary>
    /// <param name="steps">The model.</param>
    /// <param name="index">The index, which is known to be of the same steps.</param>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static void Check(LandmarkSteps steps, LandmarkIndex index)
    {
        if (index.Probes is not { } made || Embed(steps) is not { } found)
            return;
        double farthest = made.Zip(found, Distance).Max();
        // Not <, so that NaN is refused.
        if (!(farthest <= MostDistance))
            throw Errors.IndexOfOtherDevice(index.External!.Kind, index.External.Name, farthest, MostDistance);
    }

    private static string? PhotographsOf(ITransformer step) => step switch
    {
        ImagePreparingTransformer preparing => preparing.InputColumnName,
        ImageEmbeddingTransformer embedding => embedding.InputColumnName,
        _ => null,
    };

    private static float[][] Read(IDataView view, DataViewSchema.Column features)
    {
        List<float[]> rows = [];
        using DataViewRowCursor cursor = view.GetRowCursor([features]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(features);
        VBuffer<float> row = default;
        while (cursor.MoveNext())
        {
            get(ref row);
            float[] values = [.. row.DenseValues()];
            double length = Math.Sqrt(ExactDot.Compute(values, values));
            rows.Add(Array.ConvertAll(values, value => (float)(value / length)));
        }

        return [.. rows];
    }

    private static double Distance(float[] a, float[] b)
        => a.Length != b.Length ? double.NaN : Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum());

    // A bitmap with waves of each color and some noise, by whole numbers: the same bytes everywhere.
    private static byte[] Draw(int number)
    {
        const int Header = 54;
        byte[] file = new byte[Header + 3 * Width * Height];
        Span<byte> head = file;
        "BM"u8.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head[2..], file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[10..], Header);
        BinaryPrimitives.WriteInt32LittleEndian(head[14..], 40);
        BinaryPrimitives.WriteInt32LittleEndian(head[18..], Width);
        BinaryPrimitives.WriteInt32LittleEndian(head[22..], Height);
        BinaryPrimitives.WriteInt16LittleEndian(head[26..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(head[28..], 24);
        uint noise = (uint)number;
        for (int i = Header; i < file.Length; i++)
        {
            int pixel = (i - Header) / 3, color = (i - Header) % 3, x = pixel % Width, y = pixel / Width;
            noise = noise * 1_664_525 + 1_013_904_223;
            int wave = Math.Abs((((number + color) * 5 * x) + ((7 - 2 * number + color) * 3 * y)) % 448 - 224);
            file[i] = (byte)(wave + (noise >> 27));
        }

        return file;
    }
}
