using Microsoft.ML.Landmarks.Vectors;

namespace Microsoft.ML.Landmarks.Tests.Vectors;

[TestClass]
public sealed class SharedTests
{
    [TestMethod]
    public void Release_BySeveralOwners_DisposesWithTheLast()
    {
        List<Counter> made = [];
        var shared = new Shared<Counter>(() =>
        {
            made.Add(new Counter());
            return made[^1];
        });
        Assert.IsEmpty(made);
        Assert.AreSame(shared.Take(), shared.Take());

        shared.Release();
        Assert.AreEqual(0, made[0].Disposals);
        shared.Release();
        Assert.AreEqual(1, made[0].Disposals);
        Assert.AreSame(shared.Take(), made[1]);
        Assert.AreEqual(0, made[1].Disposals);
    }

    [TestMethod]
    public void Take_ThatFails_IsTriedAgain()
    {
        bool fails = true;
        var shared = new Shared<Counter>(() => fails ? throw new InvalidOperationException("not now") : new Counter());
        Assert.ThrowsExactly<InvalidOperationException>(shared.Take);

        fails = false;
        Counter value = shared.Take();
        shared.Release();

        Assert.AreEqual(1, value.Disposals);
    }

    private sealed class Counter : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
