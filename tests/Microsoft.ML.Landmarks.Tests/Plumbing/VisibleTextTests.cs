using Microsoft.ML.Data;
using Microsoft.ML.Landmarks.Data;
using Microsoft.ML.Landmarks.Files;
using Microsoft.ML.Landmarks.Images;
using Microsoft.ML.Landmarks.Plumbing;
using Microsoft.ML.Landmarks.Recognition.Calibration;

namespace Microsoft.ML.Landmarks.Tests.Plumbing;

/// <summary>Text of files in messages.</summary>
[TestClass]
public sealed class VisibleTextTests
{
    [TestMethod]
    [DataRow("Éiffel 塔 👨‍👩‍👧 می‌خواهم", "Éiffel 塔 👨‍👩‍👧 می‌خواهم")]
    [DataRow("C:\\photos\\new.jpg", "C:\\photos\\new.jpg")]
    [DataRow("a\e[31mb\nc\td\0", @"a\u001b[31mb\u000ac\u0009d\u0000")]
    [DataRow("\u202egpj.exe\u2066\u200f\u061c\u2028", @"\u202egpj.exe\u2066\u200f\u061c\u2028")]
    [DataRow("\u009b1m\u007f\ufeff\u00ad", @"\u009b1m\u007f\ufeff\u00ad")]
    [DataRow("\U000e0067", @"\ue0067")]
    public void Visible_Characters_AreThoseThatShow(string text, string expected)
    {
        Assert.AreEqual(expected, VisibleText.Visible(text));
        Assert.AreEqual(expected, VisibleText.Visible(expected));
    }

    [TestMethod]
    public void Visible_HalvesOfPairs_AreNumbers() => Assert.AreEqual(@"\ud83d.\udc68\ufffd", VisibleText.Visible("\ud83d.\udc68\ufffd"));

    [TestMethod]
    public void Visible_LongText_KeepsBothEnds()
    {
        string text = "start" + new string('x', 10_000_000) + "end.jpg";

        string shown = VisibleText.Visible(text);

        Assert.AreEqual("start" + new string('x', 495) + " ... " + new string('x', 493) + "end.jpg", shown);
        Assert.AreEqual(text[..1000], VisibleText.Visible(text[..1000]));
        // A pair is not cut in two.
        Assert.AreEqual(new string('x', 499) + " ... " + new string('y', 499),
            VisibleText.Visible(new string('x', 499) + "😀" + "😀" + new string('y', 499)));
    }

    [TestMethod]
    public void Visible_ManyTexts_AreTheFirstOnes()
    {
        Assert.AreEqual(@"a, b\u000a", VisibleText.Visible(["a", "b\n"]));
        Assert.AreEqual(string.Join(", ", Enumerable.Range(0, 20)) + ", ...",
            VisibleText.Visible(Enumerable.Range(0, 1_000_000).Select(i => $"{i}")));
    }

    [TestMethod]
    public void FileErrors_HostileText_IsShownAndCut() => HostileMessages.AssertShown(typeof(FileErrors), _ => null);

    [TestMethod]
    public void Errors_HostileText_IsShownAndCut() => HostileMessages.AssertShown(typeof(Errors), type =>
    {
        var names = new NameSample();
        names.Add(HostileMessages.Text);
        return type switch
        {
            _ when type == typeof(NameSample) => names,
            _ when type == typeof(LeftOut) => LeftOut.NoPhotograph,
            _ when type == typeof(DataViewType) => TextDataViewType.Instance,
            _ when type == typeof(ForeignFile) => new ForeignFile(HostileMessages.Text, ForeignFile.Groups.Video),
            _ when type == typeof(GpuUnavailableException) => new GpuUnavailableException(0, HostileMessages.Text, null),
            _ when type == typeof(LeftOutRows) => new LeftOutRows(),
            _ when type == typeof(VerdictRates) => new VerdictRates(0.05, 0.95, 0.1),
            _ => null,
        };
    });
}
