using System.Globalization;
using Microsoft.ML.Landmarks.Tests.Voting;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>The golden embeddings of the demo's sample.</summary>
internal static class GoldenSample
{
    public const int Dimension = 1280;

    /// <summary>Rows of one split: <c>train</c>, <c>nonlandmark</c> or <c>query</c>. All but the first have label -1.</summary>
    public static LabeledRow[] ReadRows(string split)
    {
        float[][] embeddings = TestFiles.ReadRows(TestFiles.Golden("sample", "embeddings.f32"), Dimension);
        return [.. TestFiles.ReadCsv(TestFiles.Golden("sample", "rows.csv")).Zip(embeddings).Where(r => r.First[1] == split).Select(
            r => new LabeledRow { Id = r.First[2], Label = split == "train" ? int.Parse(r.First[3], CultureInfo.InvariantCulture) : -1,
            Features = r.Second })];
    }

    /// <summary>Rows of these splits, one split after the other.</summary>
    public static IDataView Read(MLContext mlContext, params string[] splits)
        => FeatureView.Create(mlContext, splits.SelectMany(ReadRows), Dimension);
}
