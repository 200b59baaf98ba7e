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
        var normaliser = new LevelNormaliser(mean, std);
        var pixels = new float[3 * size * size];
        byte[] levels = [.. Enumerable.Range(0, 3 * size * size).Select(i => (byte)i)];

        for (int y = 0; y < size; y++)
            normaliser.Normalise(levels.AsSpan(y * 3 * size, 3 * size), y, pixels);

        for (int i = 0; i < pixels.Length; i++)
        {
            int channel = i / (size * size), y = i / size % size, x = i % size;
            float expected = (levels[(y * 3 + channel) * size + x] / 255f - mean[channel]) / std[channel];
            Assert.AreEqual(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(pixels[i]));
        }
    }
}
