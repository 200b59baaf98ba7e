using Microsoft.ML.Landmarks.Files;

namespace Microsoft.ML.Landmarks.Tests.Files;

[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class LockedFileTests
{
    [TestMethod]
    public void TryCreate_WhileOthersComeAndGo_GivesTheFileToOneOrTellsThatItIsHeld()
    {
        const int Threads = 4, Times = 400;
        using var folder = new TemporaryFolder();
        string place = folder["file"], temporary = folder["file.unfinished"];
        int holders = 0, taken = 0;
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            for (int time = 0; time < Times;)
            {
                using FileStream? file = LockedFile.TryCreate(temporary, isPrivate: false);
                if (file is null)
                    continue;
                Assert.AreEqual(1, Interlocked.Increment(ref holders));
                file.WriteByte((byte)Interlocked.Increment(ref taken));
                file.Flush();
                LockedFile.LetRead(file);
                Interlocked.Decrement(ref holders);
                File.Move(temporary, place, overwrite: true);
                time++;
            }
        });

        Assert.AreEqual(Threads * Times, taken);
        CollectionAssert.AreEqual(new[] { unchecked((byte)taken) }, File.ReadAllBytes(place));
    }

    [TestMethod]
    public void LetRead_HeldFileThatWasMoved_IsReadByOthersAndHeldAllTheSame()
    {
        using var folder = new TemporaryFolder();
        using FileStream file = LockedFile.TryCreate(folder["file.unfinished"], isPrivate: false)!;
        file.WriteByte(7);
        file.Flush();
        Assert.ThrowsExactly<IOException>(() => File.ReadAllBytes(folder["file.unfinished"]));

        LockedFile.LetRead(file);

        Assert.IsNull(LockedFile.TryCreate(folder["file.unfinished"], isPrivate: false));
        File.Move(folder["file.unfinished"], folder["file"]);
        CollectionAssert.AreEqual(new byte[] { 7 }, File.ReadAllBytes(folder["file"]));
    }

    [TestMethod]
    public void TryCreate_WhereNoFileCanBeMade_Throws()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => LockedFile.TryCreate(folder["none/file"], isPrivate: false));
    }
}
