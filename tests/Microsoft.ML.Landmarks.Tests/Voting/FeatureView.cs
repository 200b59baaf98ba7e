using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests.Voting;

internal sealed class LabeledRow
{
    public string Id { get; set; } = "";

    public int Label { get; set; }

    public float[] Features { get; set; } = [];
}

/// <summary>Views of rows with features of any dimension.</summary>
internal static class FeatureView
{
    public static IDataView Create(MLContext mlContext, IEnumerable<LabeledRow> rows, int dimension)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(LabeledRow));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, dimension);
        return mlContext.Data.LoadFromEnumerable(rows, definition);
    }

    /// <summary>Rows around a few centers: label i % 7, every fourth a non-landmark.</summary>
    public static LabeledRow[] Random(int count, int dimension, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => new LabeledRow
        {
            Id = $"row{i}",
            Label = i % 4 == 3 ? -1 : i % 7,
            Features = [.. Enumerable.Range(0, dimension).Select(j => (i % 4 == 3 ? 0 : MathF.Sin(i % 7 * 3 + j)) + random.NextSingle())],
        })];
    }

    /// <summary>Rows of few values, so that many cosines are equal; rows that are there many times, or in all but the last bit of a value,
    /// or with their values in another order; and, where asked for, some without a cosine among them.</summary>
    public static LabeledRow[] Hard(int count, int dimension, int seed, int landmarks = 9, int nonLandmarksOf = 3, bool hasMissing = true)
    {
        var random = new Random(seed);
        List<LabeledRow> rows = [];
        for (int i = 0; i < count; i++)
        {
            float[] features = [.. Enumerable.Range(0, dimension).Select(_ => (float)random.Next(-2, 3))];
            features[0] += 0.5f;
            if (i > 2)
            {
                float[] earlier = [.. rows[random.Next(1 + i / 4)].Features];
                switch (random.Next(6))
                {
                    case 0:
                        features = earlier;
                        break;
                    case 1:
                        features = earlier;
                        ref float value = ref features[random.Next(dimension)];
                        value = MathF.BitIncrement(value);
                        break;
                    case 2:
                        features = earlier;
                        random.Shuffle(features);
                        break;
                    case 3 when hasMissing && random.Next(3) == 0:
                        features = new float[dimension];
                        features[0] = random.Next(2) == 0 ? float.NaN : 0;
                        break;
                }
            }

            rows.Add(new LabeledRow
            {
                Id = random.Next(20) == 0 ? "" : $"row {i}",
                Label = i % nonLandmarksOf == nonLandmarksOf - 1 ? -1 : random.Next(landmarks),
                Features = features,
            });
        }

        return [.. rows];
    }
}
