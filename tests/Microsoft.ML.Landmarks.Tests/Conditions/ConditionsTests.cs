namespace Microsoft.ML.Landmarks.Tests.Conditions;

[TestClass]
public sealed class ConditionsTests
{
    [TestMethod]
    public void Machine_ConditionsOfTestClasses_AreMet()
    {
        if (UnmetConditions.Classes.Count > 0)
        {
            Assert.Inconclusive(string.Join('\n', UnmetConditions.Classes.Select(reason =>
                $"{reason.Key} Left out: {string.Join(", ", reason.Select(type => type.Name))}.")));
        }
    }
}
