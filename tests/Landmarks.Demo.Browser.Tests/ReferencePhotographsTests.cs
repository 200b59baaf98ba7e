using Landmarks.Demo.Data;

namespace Landmarks.Demo.Browser.Tests;

[TestClass]
public sealed class ReferencePhotographsTests
{
    [TestMethod]
    public void Find_IdOfTheChallengeOrNameBelow_IsFound()
    {
        using var folder = new TemporaryFolder();
        string ofChallenge = folder.WriteText("files/a/b/c/abcd.jpg", ""), ofFolder = folder.WriteText("photos/Eiffel Tower/1.png", "");
        var references = new ReferencePhotographs([folder["files"], folder["photos"] + "/"]);

        Assert.AreEqual(ofChallenge, references.Find("abcd"));
        Assert.AreEqual(ofFolder, references.Find("Eiffel Tower/1.png"));
        Assert.IsNull(references.Find("abce"));
        Assert.IsNull(references.Find("ab"));
        Assert.IsNull(references.Find(""));
        Assert.IsNull(references.Find("a\0b"));
    }

    [TestMethod]
    public void Find_IdThatLeadsOutOfTheFolder_IsNotFound()
    {
        using var folder = new TemporaryFolder();
        string secret = folder.WriteText("secret.jpg", "");
        folder.WriteText("photos/1.jpg", "");
        folder.WriteText("photos2/2.jpg", "");
        var references = new ReferencePhotographs([folder["photos"]]);

        foreach (string id in (string[])["../secret.jpg", secret, "x/../../secret.jpg", "../photos2/2.jpg"])
            Assert.IsNull(references.Find(id), id);
        Assert.IsNotNull(references.Find("1.jpg"));
    }
}
