using CsCheck;
using Microsoft.ML.Landmarks.Embeddings.Tensors;

namespace Microsoft.ML.Landmarks.Tests.Embeddings.Tensors;

/// <summary>Conversions of any length, so that tails of vectors are seen too.</summary>
[TestClass]
public sealed class TensorValuesTests
{
    private static readonly float[] s_special = [0, -0f, 1, -1, 1 / 3f, 65504, 65520, 1e-8f, 6e-8f, float.Epsilon, float.MaxValue,
        float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1.00390625f, 1.01171875f, 3.3895314e38f];

    [TestMethod]
    public void ToHalf_AnyValues_IsTheNearest() => AnyValues.Sample(values =>
    {
        var halves = new Half[values.Length];
        TensorValues.ToHalf(values, halves);
        CollectionAssert.AreEqual(values.Select(value => (Half)value).ToArray(), halves);

        float[] back = new float[values.Length];
        TensorValues.FromHalf(halves, back);
        CollectionAssert.AreEqual(halves.Select(half => (float)half).ToArray(), back);
    });

    [TestMethod]
    public void ToBFloat16_AnyValues_IsTheNearestAndOfTwoTheEvenOne() => AnyValues.Sample(values =>
    {
        var upper = new ushort[values.Length];
        TensorValues.ToBFloat16(values, upper);
        float[] back = new float[values.Length];
        TensorValues.FromBFloat16(upper, back);

        for (int i = 0; i < values.Length; i++)
        {
            Assert.AreEqual(BitConverter.UInt32BitsToSingle((uint)upper[i] << 16), back[i]);
            Assert.AreEqual(Nearest(values[i]), back[i], $"{values[i]:R}");
        }
    });

    [TestMethod]
    public void ToLevels_WholeNumbers_AreThose() => Gen.Int[0, 255].Array[0, 70].Sample(levels =>
    {
        // As LevelNormaliser leaves them.
        float[] values = [.. levels.Select(level => (level / 255f - 0) / (1 / 255f))];
        var bytes = new byte[levels.Length];

        Assert.IsNull(TensorValues.ToLevels(values, bytes));

        CollectionAssert.AreEqual(levels.Select(level => (byte)level).ToArray(), bytes);
        float[] back = new float[levels.Length];
        TensorValues.FromBytes(bytes, back);
        CollectionAssert.AreEqual(levels.Select(level => (float)level).ToArray(), back);
    });

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(0.5f)]
    [DataRow(256f)]
    [DataRow(1e30f)]
    [DataRow(float.NaN)]
    [DataRow(float.NegativeInfinity)]
    public void ToLevels_AnotherValue_IsTold(float wrong)
    {
        foreach (int place in (int[])[0, 5, 15, 16, 31, 39])
        {
            float[] values = [.. Enumerable.Range(0, 40).Select(i => (float)i)];
            values[place] = wrong;
            Assert.AreEqual(wrong, TensorValues.ToLevels(values, new byte[40]));
        }
    }

    [TestMethod]
    public void Interleave_AnyLengthAndSize_PutsChannelsTogether() => Gen.Int[0, 70].Sample(plane =>
    {
        int[] order = [.. Enumerable.Range(0, plane).SelectMany(i => new[] { i, plane + i, 2 * plane + i })];
        AssertInterleaved(i => (byte)i, order);
        AssertInterleaved(i => (ushort)(i * 300), order);
        AssertInterleaved(i => i * 1.5f, order);
    });

    private static Gen<float[]> AnyValues => Gen.OneOf(Gen.Int[0, s_special.Length - 1].Select(i => s_special[i]), Gen.Single,
        Gen.UInt.Select(BitConverter.UInt32BitsToSingle)).Array[0, 70];

    private static void AssertInterleaved<T>(Func<int, T> value, int[] order) where T : unmanaged
    {
        T[] planes = [.. Enumerable.Range(0, order.Length).Select(value)], pixels = new T[order.Length];
        TensorValues.Interleave<T>(planes, pixels);
        CollectionAssert.AreEqual(order.Select(i => planes[i]).ToArray(), pixels);
    }

    // The nearer of the two around it, by their distances.
    private static float Nearest(float value)
    {
        if (!float.IsFinite(value))
            return value;
        const uint Step = 1 << 16;
        uint bits = BitConverter.SingleToUInt32Bits(value) & ~(Step - 1);
        float below = BitConverter.UInt32BitsToSingle(bits), above = BitConverter.UInt32BitsToSingle(bits + Step);
        // Above the largest one comes infinity, in the place of 2^128.
        double toBelow = Math.Abs((double)value - below), toAbove = Math.Abs((float.IsInfinity(above)
            ? Math.CopySign(Math.Pow(2, 128), above) : above) - (double)value);
        return toBelow != toAbove ? toBelow < toAbove ? below : above : (bits & Step) == 0 ? below : above;
    }
}
