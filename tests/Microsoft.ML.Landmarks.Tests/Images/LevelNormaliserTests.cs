using Microsoft.ML.Landmarks.Images.Resampling;

namespace Microsoft.ML.Landmarks.Tests.Images;

[TestClass]
public sealed class LevelNormaliserTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(15)]
    [DataRow(16)]
    [DataRow(100)]
    [DataRow(301)]
    public void Normalise_EveryLevel_IsTheFormulaToTheLastBit(int size)
    {
        float[] mean = [0.485f, 0f, -1.75f], std = [0.229f, 1f, 3.1e-5f];
        var normaliser = new LevelNormaliser(mean, std, bgr: false);
        var pixels = new float[3 * size * size];
        byte[] levels = [.. Enumerable.Range(0, 3 * size * size).Select(i => (byte)i)];

        for (int y = 0; y < size; y++)
            normaliser.Normalise(levels.AsSpan(y * 3 * size, 3 * size), x: 0, y, size, pixels);

        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i / (size * size), y = i / size % size, x = i % size;
            float expected = (levels[(y * 3 + channel) * size + x] / 255f - mean[channel]) / std[channel];
            Assert.AreEqual(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(pixels[i]));
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Normalise_PartOfALine_StandsWhereItIsSaid(bool isColumn)
    {
        const int Size = 5, X = 1, Y = 2, Count = 3;
        var normaliser = new LevelNormaliser([0, 0.5f, 0.25f], [1, 0.5f, 0.25f], bgr: true);
        byte[] levels = [0, 51, 102, 153, 204, 255, 10, 20, 30];
        var pixels = new float[3 * Size * Size];

        if (isColumn)
            normaliser.NormaliseColumn(levels, X, Y, Size, pixels);
        else
            normaliser.Normalise(levels, X, Y, Size, pixels);

        var expected = new float[pixels.Length];
        for (int i = 0; i < Count; i++)
        {
            int place = isColumn ? (Y + i) * Size + X : Y * Size + X + i;
            expected[2 * Size * Size + place] = levels[i] / 255f;
            expected[Size * Size + place] = (levels[Count + i] / 255f - 0.5f) / 0.5f;
            expected[place] = (levels[2 * Count + i] / 255f - 0.25f) / 0.25f;
        }

        CollectionAssert.AreEqual(expected, pixels);
    }
}
