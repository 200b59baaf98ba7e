using System.Diagnostics;
using Microsoft.ML.Landmarks.Data;
using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Tests.Data;

[TestClass]
public sealed class LoadLandmarkFoldersTests : IDisposable
{
    private const string WhatFilesDoNotHold = "There the mark of a missing value, a fraction, and what has blanks around it or control "
        + "characters are no names, and a form of -1 shows no landmark. Rename them.";

    private readonly MLContext _mlContext = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings;

    public LoadLandmarkFoldersTests() => _warnings = _mlContext.CollectWarnings();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void LoadLandmarkFolders_Tree_GivesARowForEachPhotograph()
    {
        Write("Eiffel Tower/b.JPG", "Eiffel Tower/a.jpeg", "Zürich, Großmünster/1.png", "other/x.webp", "other/y.heic");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."], "other");

        CollectionAssert.AreEqual(new[] { "Eiffel Tower/a.jpeg", "Eiffel Tower/b.JPG", "Zürich, Großmünster/1.png", "other/x.webp",
            "other/y.heic" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "Eiffel Tower", "Eiffel Tower", "Zürich, Großmünster", "-1", "-1" }, view.Texts("Label"));
        CollectionAssert.AreEqual(view.Texts("Id").Select(id => Path.Join(_folder["."], id)).ToArray(), view.Texts("ImagePath"));
        Assert.IsTrue(view.Texts("ImagePath").All(File.Exists));
    }

    [TestMethod]
    public void LoadLandmarkFolders_FoldersInALandmark_AreTaken()
    {
        Write("b/2019/x.jpg", "b/2018/deep/er/y.jpg", "b/a.jpg", "b/z.jpg", "none/2019/1.jpg", "a/1.jpg", "a b/1.jpg");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."], "none/");

        CollectionAssert.AreEqual(new[] { "a/1.jpg", "a b/1.jpg", "b/2018/deep/er/y.jpg", "b/2019/x.jpg", "b/a.jpg", "b/z.jpg",
            "none/2019/1.jpg" }, view.Texts("Id"));
        CollectionAssert.AreEqual(new[] { "a", "a b", "b", "b", "b", "b", "-1" }, view.Texts("Label"));
        CollectionAssert.AreEqual(view.Texts("Id").Select(id => Path.Join(_folder["."], id)).ToArray(), view.Texts("ImagePath"));
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void LoadLandmarkFolders_WhatIsNoPhotographOfALandmark_IsLeftOutAndTold()
    {
        Write("a/1.jpg", "a/notes.txt", "a/film.MP4", "a/raw.dng", "a/more.txt", "a/unnamed", "a/.hidden.jpg", "a/._1.jpg", "a/.DS_Store",
            "a/Thumbs.db", "a/@eaDir/1.jpg/thumb.jpg",
            "loose.jpg", "readme.md", ".git/3.jpg", "#recycle/4.jpg", "$Recycle.Bin/5.jpg", "__MACOSX/6.jpg", "lost+found/7.jpg",
                "empty/readme.md", "void/x/y/z.txt");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."]);

        CollectionAssert.AreEqual(new[] { "a/1.jpg" }, view.Texts("Id"));
        Assert.AreEqual($"Left out of '{_folder["."]}': photographs beside the folders of landmarks: 1 ('loose.jpg'); "
            + "no photographs by their ending: 8 (.txt: 3, .md: 2, no ending: 1, .MP4: 1, .dng: 1; 'a/film.MP4', 'a/more.txt', "
            + "'a/notes.txt', ...); "
            + "hidden by a dot: 3 ('.git', 'a/._1.jpg', 'a/.hidden.jpg'); "
            + "recycle bins and folders of systems: 5 ('#recycle', '$Recycle.Bin', '__MACOSX', ...); "
            + "folders without a photograph: 2 ('empty', 'void'). To take what shows a landmark, move it into the folder of that "
            + "landmark, or rename it. Put photographs into the folders of landmarks that have none.", Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void LoadLandmarkFolders_KindsThatAreNotRead_AreTakenAndTold()
    {
        Write("a/1.jpg", "a/2.MPO", "a/3.jxl", "a/4.svg", "a/5.psd", "a/6.svg", "b/7.heic");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."]);

        CollectionAssert.AreEqual(new[] { "a/1.jpg", "a/2.MPO", "a/3.jxl", "a/4.svg", "a/5.psd", "a/6.svg", "b/7.heic" },
            view.Texts("Id"));
        Assert.AreEqual($"Photographs in '{_folder["."]}' have endings of kinds that are not read: .svg: 2, .psd: 1 "
            + "('a/4.svg', 'a/5.psd', 'a/6.svg'). "
            + "They are tried, since the content decides. Convert those that are of such a kind to JPEG.",
            Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void Write_KindsForMagickThatTheApplicationDoesNotHave_NamesThePackage()
    {
        var report = new FolderReport("photos", "") { HasMagick = false };
        foreach (string name in (string[])["a/1.jpg", "a/3.jxl", "a/4.jp2", "a/5.tif", "a/6.jxl", "b/7.heic"])
            report.AddPhotograph(name);

        report.Write(MLNetInternals.Environment(_mlContext.Data));

        Assert.AreEqual("Photographs in 'photos' have endings of kinds that Magick.NET reads, which the application does not have: "
            + ".jxl: 2, .heic: 1, .jp2: 1, .tif: 1 ('a/3.jxl', 'a/4.jp2', 'a/5.tif', ...). They are tried, since the content decides. Add "
            + "the package Magick.NET-Q8-AnyCPU to it ('dotnet add package Magick.NET-Q8-AnyCPU'), or convert what is of such a kind to "
            + "JPEG.",
            Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void LoadLandmarkFolders_NamesInTwoUnicodeForms_AreOneLandmark()
    {
        Write("Cafe\u0301/1.jpg", "Caf\u00e9/2.jpg", "a\u0323\u0307/3.jpg", "ha\u0308user/4.jpg");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."], "h\u00e4user");

        // U+1EA1 U+0307 is the form C of the third (UAX #15: the dot below comes first, and composes).
        CollectionAssert.AreEqual(new[] { "Caf\u00e9", "Caf\u00e9", "\u1ea1\u0307", "-1" }, view.Texts("Label"));
        CollectionAssert.AreEqual(new[] { "Cafe\u0301/1.jpg", "Caf\u00e9/2.jpg", "a\u0323\u0307/3.jpg", "ha\u0308user/4.jpg" },
            view.Texts("Id"));
        Assert.AreEqual($"In '{_folder["."]}' the names of folders that differ in their Unicode form alone are taken for one landmark: 1 "
            + "('Caf\u00e9'). Rename one where they are two.", Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void LoadLandmarkFolders_SimilarNames_AreTold()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The file systems of this system take names that differ in case or in blanks for one.");
        Write("Tower/1.jpg", "tower/2.jpg", "Bridge /3.jpg", "Bridge/4.jpg", "  /5.jpg", "7/6.jpg", "007/7.jpg");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."]);

        CollectionAssert.AreEqual(new[] { "007", "7", "Bridge", "Bridge ", "Tower", "tower" }, view.Texts("Label"));
        Assert.AreSequenceEqual(
        [
            $"Left out of '{_folder["."]}': folders whose name is blank: 1 ('  '). To take what shows a landmark, move it into the folder "
            + "of that landmark, or rename it.",
            $"In '{_folder["."]}' folders have names that a CSV file of answers or of the truth can't hold: 1 ('Bridge '). "
                + $"{WhatFilesDoNotHold}",
            $"In '{_folder["."]}' the names of folders differ in upper and lower case, in blanks at their ends or in how they write a "
                + "number alone, and are taken for several landmarks: 3 "
                + "('007' and '7', 'Bridge' and 'Bridge ', 'Tower' and 'tower'). Give them one name where they are one.",
        ], _warnings);
    }

    [TestMethod]
    public void LoadLandmarkFolders_NamesThatAreNoneInAFile_AreTold()
    {
        Write("nan/1.jpg", "None/2.jpg", "1.5/3.jpg", "-1.0/4.jpg", "12.0/5.jpg", "tower/6.jpg");

        _mlContext.Data.LoadLandmarkFolders(_folder["."], "None");

        Assert.AreEqual($"In '{_folder["."]}' folders have names that a CSV file of answers or of the truth can't hold: 3 ('-1.0', '1.5', "
            + $"'nan'). {WhatFilesDoNotHold}", Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void LoadLandmarkFolders_LinksToFolders_AreFollowedOnce()
    {
        using var elsewhere = new TemporaryFolder();
        Directory.CreateDirectory(elsewhere["far/loop"]);
        elsewhere.Write("far/1.jpg", "");
        Directory.CreateSymbolicLink(elsewhere["far/loop/again"], elsewhere["far"]);
        Write("a/1.jpg", "b/inner/2.jpg");
        // To itself, to its own landmark, to another one, to all, to all that there is; and one folder twice.
        Directory.CreateSymbolicLink(_folder["a/self"], ".");
        Directory.CreateSymbolicLink(_folder["a/up"], "..");
        Directory.CreateSymbolicLink(_folder["a/root"], "/");
        Directory.CreateSymbolicLink(_folder["0"], "b");
        Directory.CreateSymbolicLink(_folder["c"], elsewhere["far"]);
        Directory.CreateSymbolicLink(_folder["d"], elsewhere["far"]);
        File.CreateSymbolicLink(_folder["b/link.jpg"], "inner/2.jpg");

        IDataView view = _mlContext.Data.LoadLandmarkFolders(_folder["."]);

        CollectionAssert.AreEqual(new[] { "a/1.jpg", "b/inner/2.jpg", "b/link.jpg", "c/1.jpg" }, view.Texts("Id"));
        CollectionAssert.AreEqual(view.Texts("Id"), view.Texts("Id"));
        Assert.AreEqual($"Left out of '{_folder["."]}': folders that a link leads to once more: 6 ('0', 'a/root', 'a/self', ...).",
            Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void LoadLandmarkFolders_NameThatIsNotUtf8_IsLeftOutAndTold()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("The names of files are Unicode on this system.");
        Write("a/1.jpg", "b/2.jpg");
        // A shell writes such names, and deletes them; .NET does not.
        Shell("""mv b "$(printf 'Caf\351')" && touch "$(printf 'a/\377.jpg')" """);
        try
        {
            CollectionAssert.AreEqual(new[] { "a/1.jpg" }, _mlContext.Data.LoadLandmarkFolders(_folder["."]).Texts("Id"));
            Assert.AreEqual($"Left out of '{_folder["."]}': names that are not UTF-8: 2 ('Caf\\ufffd', 'a/\\ufffd.jpg'). "
                + "To take what shows a landmark, move it into the folder of that landmark, or rename it.",
                Assert.ContainsSingle(_warnings));
        }
        finally
        {
            Shell("""rm -r "$(printf 'Caf\351')" "$(printf 'a/\377.jpg')" """);
        }
    }

    [TestMethod]
    public void LoadLandmarkFolders_FolderThatMayNotBeRead_IsLeftOutAndTold()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            Assert.Inconclusive("This user may read each folder.");
        Write("a/1.jpg", "b/2.jpg", "c/inner/3.jpg");
        Shell("chmod 0 b c/inner");
        try
        {
            CollectionAssert.AreEqual(new[] { "a/1.jpg" }, _mlContext.Data.LoadLandmarkFolders(_folder["."]).Texts("Id"));
            Assert.AreEqual($"Left out of '{_folder["."]}': folders that can't be read: 2 ('b', 'c/inner'); folders without a photograph: "
                + "1 ('c'). Change the permissions of folders that can't be read. Put photographs into the folders of landmarks that "
                + "have none.", Assert.ContainsSingle(_warnings));
        }
        finally
        {
            Shell("chmod 700 b c/inner");
        }
    }

    [TestMethod]
    public void LoadLandmarkFolders_NoNonLandmarkFolder_LabelsAllByFolder()
    {
        Write("a/1.jpg", "-1/2.jpg");

        CollectionAssert.AreEqual(new[] { "-1", "a" }, _mlContext.Data.LoadLandmarkFolders(_folder["."]).Texts("Label"));
        Assert.AreEqual($"'{_folder["."]}' has a folder '-1', which is the label of photographs that show no landmark: its photographs "
            + "are taken for such. Rename it if they show one.", Assert.ContainsSingle(_warnings));
    }

    [TestMethod]
    public void LoadLandmarkFolders_NonLandmarkFolderOfThatName_IsNoMistake()
    {
        Write("a/1.jpg", "-1/2.jpg");
        CollectionAssert.AreEqual(new[] { "-1", "a" }, _mlContext.Data.LoadLandmarkFolders(_folder["."], "-1").Texts("Label"));
        Assert.IsEmpty(_warnings);
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
        foreach ((string name, string photo) in (ReadOnlySpan<(string, string)>)[("tower", "tall_224x640"), ("square", "square_320x320"),
            ("none", "wide_320x126"), ("none", "odd_301x320")])
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
        AssertThrows(_folder["."], null,
            $"There is no folder in '{_folder["."]}'. Put the photographs of each landmark into a folder of its own there.");
    }

    [TestMethod]
    public void LoadLandmarkFolders_NonLandmarkFolderMissing_NamesThoseThere()
    {
        Write("a/1.jpg", "b/2.jpg");
        AssertThrows(_folder["."], "none",
            $"'{_folder["."]}' has no folder 'none'; it has [a, b]. Name the one with the photographs that show no landmark.");
    }

    private void AssertThrows(string folder, string? nonLandmarkFolder, string message)
    {
        DirectoryNotFoundException error =
            Assert.ThrowsExactly<DirectoryNotFoundException>(() => _mlContext.Data.LoadLandmarkFolders(folder, nonLandmarkFolder));
        Assert.AreEqual(message, error.Message);
    }

    private void Shell(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _folder["."] })!;
        shell.WaitForExit();
        Assert.AreEqual(0, shell.ExitCode);
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
