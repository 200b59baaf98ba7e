namespace Microsoft.ML.Landmarks.Tests.Conditions;

[TestClass]
public sealed class UnmetConditionsTests
{
    private const string Namespace = "Microsoft.ML.Landmarks.Tests.Conditions";

    private static readonly Type[] s_classes = [typeof(ConditionsTests), typeof(UnmetConditionsTests)];

    [TestMethod]
    public void LeaveOut_AWholeRun_IsWithoutTheseClasses() => CollectionAssert.AreEqual(
        (string[])["--progress", "off", "--filter", $"ClassName!={Namespace}.ConditionsTests&ClassName!={Namespace}.UnmetConditionsTests"],
        UnmetConditions.LeaveOut(["--progress", "off"], s_classes));

    [TestMethod]
    [DataRow("--filter", "ClassName~Torch")]
    [DataRow("--filter=ClassName~Torch")]
    [DataRow("--filter-uid", "7")]
    public void LeaveOut_TestsAreAskedFor_ChangesNothing(params string[] arguments)
        => CollectionAssert.AreEqual(arguments, UnmetConditions.LeaveOut(arguments, s_classes));

    [TestMethod]
    public void LeaveOut_NoClass_ChangesNothing()
        => CollectionAssert.AreEqual((string[])["--info"], UnmetConditions.LeaveOut(["--info"], []));
}
