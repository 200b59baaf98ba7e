using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Vectors;

[TestClass]
public sealed class SpareArraysTests
{
    [TestMethod]
    public void Take_ArrayOfThatLengthCameBack_IsIt()
    {
        var spares = new SpareArrays();
        AlignedArray<float> first = spares.Take(10);
        spares.Return(first);

        Assert.AreNotSame(first, spares.Take(11));
        Assert.AreSame(first, spares.Take(10));
        Assert.AreNotSame(first, spares.Take(10));
    }

    [TestMethod]
    public void Trim_SeveralCameBack_KeepsTheLast()
    {
        var spares = new SpareArrays();
        AlignedArray<float> first = spares.Take(10), last = spares.Take(10);
        spares.Return(first);
        spares.Return(last);
        spares.Trim();

        Assert.AreSame(last, spares.Take(10));
        Assert.AreNotSame(first, spares.Take(10));
    }

    [TestMethod]
    public void Return_MoreThanAreKept_TheOldestGoes()
    {
        var spares = new SpareArrays(most: 2);
        AlignedArray<float>[] arrays = [.. Enumerable.Range(0, 3).Select(_ => spares.Take(10))];
        Array.ForEach(arrays, spares.Return);

        Assert.AreSame(arrays[2], spares.Take(10));
        Assert.AreSame(arrays[1], spares.Take(10));
        Assert.DoesNotContain(spares.Take(10), arrays);
    }

    [TestMethod]
    public void Return_LargeArray_IsNotKept()
    {
        var spares = new SpareArrays();
        AlignedArray<float> large = spares.Take((4 << 20) / sizeof(float) + 1);
        spares.Return(large);

        Assert.AreNotSame(large, spares.Take(large.Length));
    }
}
