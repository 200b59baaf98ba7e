using Microsoft.ML.Landmarks.Images;

namespace Microsoft.ML.Landmarks.Tests.Images;

[TestClass]
public sealed class BufferPoolTests
{
    [TestMethod]
    public void Rent_ThreadsThatTakeTurns_ShareOneBuffer()
    {
        var pool = new BufferPool();
        for (int i = 0; i < 32; i++)
        {
            var thread = new Thread(() => pool.Return(pool.Rent(100_000)));
            thread.Start();
            thread.Join();
        }

        Assert.AreEqual(1, pool.Count);
        pool.Clear();
        Assert.AreEqual(0, pool.Count);
    }

    [TestMethod]
    public void Rent_LargerThanThoseThereAre_TakesThePlaceOfOne()
    {
        var pool = new BufferPool();
        byte[] small = pool.Rent(1000);
        pool.Return(small);
        byte[] large = pool.Rent(100_000);
        pool.Return(large);

        Assert.AreEqual(1, pool.Count);
        Assert.IsGreaterThanOrEqualTo(100_000, large.Length);
        Assert.AreSame(large, pool.Rent(10));
    }

    [TestMethod]
    public void Rent_SeveralFit_TakesTheSmallest()
    {
        var pool = new BufferPool();
        byte[] large = pool.Rent(100_000), small = pool.Rent(1000);
        pool.Return(large);
        pool.Return(small);

        Assert.AreSame(small, pool.Rent(500));
    }

    [TestMethod]
    public void Rent_AsManyInUseAsMayBe_WaitsForOne()
    {
        var pool = new BufferPool(mostInUse: 2);
        byte[] first = pool.Rent(1000), second = pool.Rent(1000);
        Task<byte[]> third = Task.Factory.StartNew(() => pool.Rent(1000), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        Assert.IsFalse(third.Wait(20));
        pool.Return(second);

        Assert.AreSame(second, third.Result);
        Assert.AreNotSame(first, third.Result);
    }
}
