using Microsoft.ML.Landmarks.Files;

namespace Microsoft.ML.Landmarks.Tests.Files;

[TestClass]
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Commit_WholeFile_TakesItsPlace()
    {
        using OutputFile output = OutputFile.Open(_folder["file"]);
        output.Stream.Write("text"u8);
        CollectionAssert.AreEqual(new[] { "file.unfinished" }, _folder.FileNames);

        output.Commit();

        CollectionAssert.AreEqual(new[] { "file" }, _folder.FileNames);
        Assert.AreEqual("text", File.ReadAllText(_folder["file"]));
    }

    [TestMethod]
    public void Commit_AbandonedFile_ThrowsAndLeavesNone()
    {
        using OutputFile output = OutputFile.Open(_folder["file"]);
        output.Stream.Write("text"u8);

        output.Abandon();

        Assert.IsEmpty(_folder.FileNames);
        Assert.Throws<ObjectDisposedException>(output.Commit);
        Assert.IsEmpty(_folder.FileNames);
    }

    [TestMethod]
    public void Commit_PlaceThatIsTaken_KeepsTheFileAndSaysWhere()
    {
        using (OutputFile output = OutputFile.Open(_folder["file"]))
        {
            output.Stream.Write("hours of work"u8);
            Directory.CreateDirectory(_folder["file"]);

            var error = Assert.ThrowsExactly<IOException>(output.Commit);

            StringAssert.StartsWith(error.Message, $"'{_folder["file"]}' can't be replaced: ");
            StringAssert.EndsWith(error.Message, $" What was to be written there is whole, in '{_folder["file.unfinished"]}'; move it.");
        }

        Assert.AreEqual("hours of work", File.ReadAllText(_folder["file.unfinished"]));
    }

    [TestMethod]
    public void Commit_WriteThatFailedBefore_ThrowsThat()
    {
        // ML.NET goes on after such an error, and says that all went well.
        var target = new FailingStream();
        using var stream = new OutputStream(target);
        Assert.ThrowsExactly<IOException>(() => stream.Write("text"u8));

        var error = Assert.ThrowsExactly<IOException>(stream.Complete);

        Assert.AreEqual("the disk is full", error.Message);
    }

    private sealed class FailingStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("the disk is full");
    }
}
