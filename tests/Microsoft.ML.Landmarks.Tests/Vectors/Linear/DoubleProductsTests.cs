using CsCheck;
using Microsoft.ML.Landmarks.Vectors.Linear;

namespace Microsoft.ML.Landmarks.Tests.Vectors.Linear;

[TestClass]
public sealed class DoubleProductsTests
{
    private static readonly ParallelOptions s_parallelism = new();

    [TestMethod]
    public void Add_AnySizes_AddsTheProductsOfTheRows()
        => Gen.Select(Gen.Int[1, 10], Gen.Int[1, 13], Gen.Int[1, 150], Gen.Int[0, 5]).Sample((m, n, quarters, more) =>
        {
            int length = 4 * quarters, stride = n + more;
            double[] a = Singles(m * length, seed: m), b = Singles(n * length, seed: n + 100), sums = Singles(m * stride, seed: 7),
                before = [.. sums];

            DoubleProducts.Add(a, b, length, sums, stride);

            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < stride; j++)
                {
                    double expected = before[i * stride + j]
                        + (j < n ? Enumerable.Range(0, length).Sum(k => a[i * length + k] * b[j * length + k]) : 0);
                    Assert.AreEqual(expected, sums[i * stride + j], 1e-12 * length);
                }
            }
        }, iter: 200, seed: "0N0XIzNsQ0O2");

    [TestMethod]
    public void Add_RowsAlone_GiveTheBitsOfRowsTogether()
    {
        const int M = 11, N = 10, Length = 1036;
        double[] a = Singles(M * Length, seed: 1), b = Singles(N * Length, seed: 2), together = new double[M * N];
        DoubleProducts.Add(a, b, Length, together, N);

        for (int i = 0; i < M; i++)
        {
            for (int j = 0; j < N; j++)
            {
                var alone = new double[1];
                DoubleProducts.Add(a.AsSpan(i * Length, Length), b.AsSpan(j * Length, Length), Length, alone, 1);
                Assert.AreEqual(alone[0], together[i * N + j]);
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(48)]
    [DataRow(131)]
    public void AddUpperTriangle_AnySize_EqualsAddAboveTheDiagonal(int n)
    {
        const int Length = 260;
        double[] a = Singles(n * Length, seed: n), all = new double[n * n], upper = new double[n * n];
        DoubleProducts.Add(a, a, Length, all, n);

        DoubleProducts.AddUpperTriangle(a, Length, upper, s_parallelism);

        for (int i = 0; i < n; i++)
            Assert.IsTrue(all.AsSpan(i * n + i, n - i).SequenceEqual(upper.AsSpan(i * n + i, n - i)), $"row {i}");
    }

    private static double[] Singles(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)(random.NextSingle() - 0.5f))];
    }
}
