using Microsoft.ML;

namespace Landmarks.Demo.Serving.Tests;

[TestClass]
public sealed class LandmarkLabelsTests
{
    private static readonly LandmarkModelInfo s_model = new()
    {
        Landmarks = [new("1", "Eiffel Tower", 2), new("2", "Tower", 1), new("3", "Tower", 1), new("Tower of London", null, 1)],
    };

    [TestMethod]
    [DataRow("1", "1")]
    [DataRow("Eiffel Tower", "1")]
    [DataRow("Tower of London", "Tower of London")]
    [DataRow("eiffel tower", null)]
    [DataRow("4", null)]
    public void Find_LabelOrName_IsTheLabel(string landmark, string? label)
        => Assert.AreEqual(label, LandmarkLabels.Find(s_model, landmark));

    [TestMethod]
    public void Find_NameOfSeveral_AsksForTheLabel()
    {
        RequestRefusedException error = Assert.ThrowsExactly<RequestRefusedException>(() => LandmarkLabels.Find(s_model, "Tower"));
        Assert.AreEqual((409, "'Tower' is the name of 2 landmarks. Take the label of the one that is meant: 2, 3."),
            (error.Status, error.Message));
    }
}
