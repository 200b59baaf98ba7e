namespace Microsoft.ML.Landmarks.Tests.Data;

[TestClass]
public sealed class LoadPhotographsTests : IDisposable
{
    private readonly MLContext _mlContext = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings;

    public LoadPhotographsTests() => _warnings = _mlContext.CollectWarnings();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void LoadPhotographs_Tree_GivesThoseAtEachDepth()
    {
        Write("z.jpg", "b/2019/x.JPG", "b/2018/deep/er/y.png", "b/a.webp", "a b/1.heic");

        IDataView view = _mlContext.Data.LoadPhotographs(_folder["."]);

        CollectionAssert.AreEqual(new[] { "a b/1.heic", "b/2018/deep/er/y.png", "b/2019/x.JPG", "b/a.webp", "z.jpg" }, view.Texts("Id"));
        CollectionAssert.AreEqual(Enumerable.Repeat("-1", 5).ToArray(), view.Texts("Label"));
        CollectionAssert.AreEqual(view.Texts("Id").Select(id => Path.Join(_folder["."], id)).ToArray(), view.Texts("ImagePath"));
    }

    [TestMethod]
    public void LoadPhotographs_WhatIsNoPhotograph_IsLeftOutAndTold()
    {
        Write("1.jpg", "notes.txt", "a/film.MP4", ".hidden.jpg", ".git/3.jpg", "@eaDir/1.jpg/thumb.jpg", ".DS_Store");

        IDataView view = _mlContext.Data.LoadPhotographs(_folder["."]);

        CollectionAssert.AreEqual(new[] { "1.jpg" }, view.Texts("Id"));
        Assert.AreEqual($"Left out of '{_folder["."]}': no photographs by their ending: 2 (.MP4: 1, .txt: 1; 'a/film.MP4', 'notes.txt'); "
            + "hidden by a dot: 2 ('.git', '.hidden.jpg'); recycle bins and folders of systems: 1 ('@eaDir'). To take one of them, rename "
            + "it.", Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void LoadPhotographs_LinksToAFolder_AreFollowedOnce()
    {
        Write("a/1.jpg");
        Directory.CreateSymbolicLink(_folder["b"], _folder["a"]);
        Directory.CreateSymbolicLink(_folder["a/circle"], _folder["."]);

        CollectionAssert.AreEqual(new[] { "a/1.jpg" }, _mlContext.Data.LoadPhotographs(_folder["."]).Texts("Id"));
    }

    [TestMethod]
    public void LoadPhotographs_NoFolder_Throws()
    {
        Write("file");
        foreach (string folder in (string[])[_folder["none"], _folder["file"]])
        {
            Assert.AreEqual($"The folder '{folder}' does not exist.",
                Assert.ThrowsExactly<DirectoryNotFoundException>(() => _mlContext.Data.LoadPhotographs(folder)).Message);
        }

        Assert.IsEmpty(_mlContext.Data.LoadPhotographs(Directory.CreateDirectory(_folder["empty"]).FullName).Texts("Id"));
    }

    private void Write(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], "");
        }
    }
}
