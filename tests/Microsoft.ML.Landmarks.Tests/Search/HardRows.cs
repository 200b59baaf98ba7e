namespace Microsoft.ML.Landmarks.Tests.Search;

/// <summary>Unit vectors that make a search by bounds hard, each in its way.</summary>
internal static class HardRows
{
    public static IEnumerable<float[]> Create(string kind, int count, int dimension, Random random)
    {
        float[] center = Values(), other = Values();
        float[][] basis = [.. Enumerable.Range(0, 20).Select(_ => Values())];
        for (int i = 0; i < count; i++)
        {
            yield return NeighborEngineConformance.Unit(kind switch
            {
                "isotropic" => Values(),
                "around a mean" => [.. Values().Zip(center, (x, c) => 0.2f * x + c)],
                "duplicates" => i % 3 == 0 ? [.. center] : i % 3 == 1 ? [.. other] : [.. basis[i % 20]],
                "near duplicates" => [.. Values().Zip(center, (x, c) => 1e-6f * x + c)],
                "rank 20" => Mix(basis),
                "rank 1" => [.. center.Select(c => i % 2 == 0 ? c : -c)],
                "with zero rows" => i % 4 == 0 ? new float[dimension] : Values(),
                // As a network's outputs after ReLU: none below 0, most small, a few large.
                "heavy tails" => [.. Values().Select(x => MathF.Pow(MathF.Abs(x), 6))],
                "one coordinate"
                    => [.. Enumerable.Range(0, dimension).Select(j => j == i % 7 ? 1f : j == 8 ? 0.01f * random.NextSingle() : 0)],
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
            });
        }

        // Sums of twelve are nearly normal.
        float[] Values() => [.. Enumerable.Range(0, dimension).Select(_ => Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6)];

        float[] Mix(float[][] rows)
        {
            var sum = new float[dimension];
            foreach (float[] row in rows)
            {
                float weight = random.NextSingle() - 0.5f;
                for (int j = 0; j < dimension; j++)
                    sum[j] += weight * row[j];
            }

            return sum;
        }
    }
}
