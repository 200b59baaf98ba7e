namespace Landmarks.Demo.Serving.Tests;

[TestClass]
public sealed class MemoryBudgetTests
{
    [TestMethod]
    public void Take_MoreThanIsLeft_IsRefusedUntilOthersGiveBack()
    {
        var budget = new MemoryBudget(10_000_000);
        MemoryBudget.Share first = budget.Open();
        using MemoryBudget.Share second = budget.Open();
        first.Take(4_000_000);
        second.Take(6_000_000);

        RequestRefusedException error = Assert.ThrowsExactly<RequestRefusedException>(() => second.Take(1));

        Assert.AreEqual((429, "Requests hold 10 MB already, and there is no room for more. Ask again when the header Retry-After says."),
            (error.Status, error.Message));
        first.Dispose();
        first.Dispose();
        second.Take(4_000_000);
        Assert.ThrowsExactly<RequestRefusedException>(() => second.Take(1));
    }
}
