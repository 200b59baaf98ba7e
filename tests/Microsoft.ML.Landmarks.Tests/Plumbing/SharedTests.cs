namespace Microsoft.ML.Landmarks.Tests.Plumbing;

[TestClass]
public sealed class SharedTests
{
    [TestMethod]
    public void Release_BySeveralOwners_DisposesWithTheLast()
    {
        var value = new Counter();
        var shared = new Shared<Counter>(value);
        Assert.AreSame(shared, shared.Share());
        Assert.AreSame(value, shared.Share().Value);

        shared.Release();
        shared.Release();
        Assert.AreEqual(0, value.Disposals);
        shared.Release();
        Assert.AreEqual(1, value.Disposals);
    }

    private sealed class Counter : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
