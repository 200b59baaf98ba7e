namespace Microsoft.ML.Landmarks.Tests.Data;

[TestClass]
public sealed class LoadLandmarkFoldersTests : IDisposable
{
    private readonly MLContext _mlContext = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void LoadLandmarkFolders_Tree_GivesARowForEachPhotograph()
    {
        Write("Eiffel Tower/b.JPG", "Eiffel Tower/a.jpeg", "Zürich, Großmünster/1.png", "other/x.webp", "other/y.heic");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."], "other");

        CollectionAssert.AreEqual(new[] { "Eiffel Tower/a.jpeg", "Eiffel Tower/b.JPG", "Zürich, Großmünster/1.png", "other/x.webp", "other/y.heic" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "Eiffel Tower", "Eiffel Tower", "Zürich, Großmünster", "-1", "-1" }, view.Texts("Label"));
        CollectionAssert.AreEqual(view.Texts("Id").Select(id => Path.Join(_folder["."], id)).ToArray(), view.Texts("ImagePath"));
        Assert.IsTrue(view.Texts("ImagePath").All(File.Exists));
    }

    [TestMethod]
    public void LoadLandmarkFolders_WhatIsNoPhotographOfALandmark_IsLeftOut()
    {
        Write("a/1.jpg", "a/notes.txt", "a/.hidden.jpg", "a/nested/2.jpg", "loose.jpg", ".git/3.jpg", "empty/readme.md");

        CollectionAssert.AreEqual(new[] { "a/1.jpg" }, _mlContext.Data.LoadLandmarkFolders(_folder["."]).Texts("Id"));
    }

    [TestMethod]
    public void LoadLandmarkFolders_NoNonLandmarkFolder_LabelsAllByFolder()
    {
        Write("a/1.jpg", "-1/2.jpg");

        CollectionAssert.AreEqual(new[] { "-1", "a" }, _mlContext.Data.LoadLandmarkFolders(_folder["."]).Texts("Label"));
    }

    [TestMethod]
    public void LoadLandmarkFolders_FileAddedLater_IsSeenByTheNextPass()
    {
        Write("a/1.jpg");
        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."]);
        Assert.HasCount(1, view.Texts("Id"));

        Write("a/0.jpg");

        CollectionAssert.AreEqual(new[] { "a/0.jpg", "a/1.jpg" }, view.Texts("Id"));
    }

    [TestMethod]
    public void LoadLandmarkFolders_Photographs_AreRecognized()
    {
        foreach ((string name, string photo) in (ReadOnlySpan<(string, string)>)[("tower", "tall_224x640"), ("square", "square_320x320"), ("none", "wide_320x126"), ("none", "odd_301x320")])
        {
            Directory.CreateDirectory(_folder[name]);
            File.Copy(TestFiles.Golden("images", $"{photo}.jpg"), _folder[$"{name}/{photo}.jpg"]);
        }

        IDataView photos = _mlContext.Data.LoadLandmarkFolders(_folder["."], "none");
        var pipeline = _mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 64)
            .Append(_mlContext.Transforms.EmbedImages("Features", "Pixels", TestFiles.Network))
            .Append(_mlContext.Transforms.KnnLandmark(numberOfNeighbors: 1));
        IDataView predictions = pipeline.Fit(photos).Transform(photos);

        CollectionAssert.AreEqual(new[] { "-1", "-1", "square", "tower" }, predictions.Texts("Label"));
        CollectionAssert.AreEqual(new[] { "square", "tower" }, predictions.Texts("PredictedLabel")[2..]);
    }

    [TestMethod]
    public void LoadLandmarkFolders_FolderMissing_Throws()
        => AssertThrows(_folder["nowhere"], null, $"The folder '{_folder["nowhere"]}' does not exist.");

    [TestMethod]
    public void LoadLandmarkFolders_NoFolderInside_Throws()
    {
        _folder.Write("a.jpg", "");
        AssertThrows(_folder["."], null, $"There is no folder in '{_folder["."]}'. Put the photographs of each landmark into a folder of its own there.");
    }

    [TestMethod]
    public void LoadLandmarkFolders_NonLandmarkFolderMissing_NamesThoseThere()
    {
        Write("a/1.jpg", "b/2.jpg");
        AssertThrows(_folder["."], "none", $"'{_folder["."]}' has no folder 'none'; it has [a, b]. Name the one with the photographs that show no landmark.");
    }

    private void AssertThrows(string folder, string? nonLandmarkFolder, string message)
    {
        DirectoryNotFoundException error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => _mlContext.Data.LoadLandmarkFolders(folder, nonLandmarkFolder));
        Assert.AreEqual(message, error.Message);
    }

    private void Write(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            _folder.Write(file, "");
        }
    }
}
