using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Landmarks.Tests.Checking;

[TestClass]
public sealed class CheckLandmarksTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly ReferencePhotographs _photographs;

    public CheckLandmarksTests() => _photographs = new ReferencePhotographs(_folder);

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void CheckLandmarks_NothingWrong_FindsNothing()
    {
        AddTwoLandmarks();

        Assert.IsEmpty(_photographs.Check(_mlContext));
    }

    [TestMethod]
    public void CheckLandmarks_PhotographMadeOtherwise_IsANearDuplicateOfTheLargest()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("recompressed", "tower", 0, path => photograph.SaveRecompressed(path, quality: 40))
            .Add("resized", "tower", 0, path => photograph.SaveResized(path, 160, 120))
            .Add("original", "tower", 0, photograph.Save)
            .Add("mirrored", "tower", 0, photograph.SaveMirrored)
            .Add("cropped", "tower", 0, path => photograph.SaveCropped(path, 0.95));

        IReadOnlyList<LandmarkFinding> found = _photographs.Check(_mlContext);

        CollectionAssert.AreEquivalent(new[] { "resized", "original", "mirrored", "cropped" }, Ids(found));
        Assert.IsTrue(found.All(f => f.Kind == LandmarkFindingKind.NearDuplicate && f.Score is >= 0.84 and <= 1
            && f.Landmark == "tower" && f.OtherLandmark == "tower"));
        // The first of those with the most pixels stays.
        Assert.IsTrue(found.All(f => f.Advice.EndsWith("Remove it, and keep 'recompressed'.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void CheckLandmarks_SamePixelsInAnotherFile_AreAnExactDuplicate()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("first", "tower", 0, photograph.Save).Add("second", "tower", 7, photograph.Save);

        LandmarkFinding found = _photographs.Check(_mlContext).Single();

        Assert.AreEqual((LandmarkFindingKind.ExactDuplicate, "second", "first", 1.0), (found.Kind, found.Id, found.OtherId, found.Score));
        Assert.AreEqual("It is the same photograph as 'first'. Remove it, and keep 'first'.", found.Advice);
    }

    [TestMethod]
    public void CheckLandmarks_SamePhotographUnderTwoLandmarks_IsAContradictionAndFirst()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("first", "tower", 0, photograph.Save)
            .Add("second", "bridge", 0, path => photograph.SaveRecompressed(path, quality: 50));

        LandmarkFinding found = _photographs.Check(_mlContext)[0];

        Assert.AreEqual((LandmarkFindingKind.Contradiction, "first", "second"), (found.Kind, found.Id, found.OtherId));
        Assert.AreEqual("It is the same photograph as 'second', which stands under another landmark. Remove it where it is wrong.",
            found.Advice);
    }

    [TestMethod]
    public void CheckLandmarks_SeveralCopiesUnderTwoLandmarks_AreOneContradictionAndDuplicatesOfEach()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("a", "tower", 0, photograph.Save).Add("b", "bridge", 0, photograph.Save).Add("c", "tower", 0, photograph.Save)
            .Add("d", "bridge", 0, photograph.Save);

        LandmarkFinding[] found = [.. _photographs.Check(_mlContext).Where(f => f.Kind != LandmarkFindingKind.WrongLabel)];

        CollectionAssert.AreEqual(new[]
        {
            (LandmarkFindingKind.Contradiction, "a", "b"), (LandmarkFindingKind.ExactDuplicate, "c", "a"),
            (LandmarkFindingKind.ExactDuplicate, "d", "b"),
        }, found.Select(f => (f.Kind, f.Id, f.OtherId)).ToArray());
    }

    [TestMethod]
    [DataRow(0.95)]
    [DataRow(0.9)]
    public void CheckLandmarks_CroppedPhotograph_IsANearDuplicate(double share)
    {
        AddTwoLandmarks();
        for (int seed = 1; seed <= 5; seed++)
        {
            using var photograph = new DrawnPhotograph(seed);
            _photographs.Add($"whole {seed}", "-1", 12 + seed, photograph.Save)
                .Add($"part {seed}", "-1", 12 + seed, path => photograph.SaveCropped(path, share));
        }

        CollectionAssert.AreEquivalent(Enumerable.Range(1, 5).Select(seed => ($"part {seed}", $"whole {seed}")).ToArray(),
            _photographs.Check(_mlContext).Select(f => (f.Id, f.OtherId)).ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_PhotographsThatAreMerelyAlike_AreNoDuplicates()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        // The same features, and two pictures of which a part is another: as from another place, or at another time.
        _photographs.Add("first", "tower", 0, photograph.Save, noise: 0)
            .Add("far", "tower", 0, path => photograph.SaveCropped(path, 0.6), noise: 0)
            .Add("later", "tower", 0, path => photograph.SaveWithOtherShapes(path, count: 30), noise: 0);

        Assert.IsEmpty(_photographs.Check(_mlContext));
    }

    [TestMethod]
    public void CheckLandmarks_SamePhotographAmongTheNonLandmarks_IsAContradiction()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("first", "tower", 0, photograph.Save).Add("second", "-1", 0, photograph.Save);

        LandmarkFinding found = _photographs.Check(_mlContext)[0];

        Assert.AreEqual((LandmarkFindingKind.Contradiction, "tower", null), (found.Kind, found.Landmark, found.OtherLandmark));
        Assert.AreEqual("It is the same photograph as 'second', which stands among the non-landmarks. Remove it where it is wrong.",
            found.Advice);
    }

    [TestMethod]
    public void CheckLandmarks_LabelOfAnotherLandmark_IsWrong()
    {
        AddTwoLandmarks();
        _photographs.Add("wrong", "bridge", 0);

        LandmarkFinding found = _photographs.Check(_mlContext).Single();

        Assert.AreEqual((LandmarkFindingKind.WrongLabel, "wrong", "bridge", "tower"),
            (found.Kind, found.Id, found.Landmark, found.OtherLandmark));
        Assert.IsGreaterThan(0.3, found.Score);
        Assert.AreEqual("tower", _photographs.Rows[(int)found.OtherRow!.Value].Label);
        Assert.AreEqual($"The nearest photographs show another landmark. Look at it beside '{found.OtherId}', and move or remove it if its "
            + "label is wrong.", found.Advice);
    }

    [TestMethod]
    public void CheckLandmarks_CopiesWithOneWrongLabel_DoNotVoteForEachOther()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        for (int i = 0; i < 5; i++)
            _photographs.Add($"wrong {i}", "bridge", 0, photograph.Save, noise: 0.1);

        Assert.AreEqual(5, _photographs.Check(_mlContext).Count(f => f.Kind == LandmarkFindingKind.WrongLabel
            && f.Id.StartsWith("wrong", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void CheckLandmarks_OtherLandmarkOfTwoPhotographs_IsTooFewToContradict()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        // Five rows, but two photographs.
        _photographs.Add("one", "gate", 5);
        for (int i = 0; i < 4; i++)
            _photographs.Add($"other {i}", "gate", 5, photograph.Save);
        _photographs.Add("like the gate", "tower", 5).Add("like the gate too", "-1", 5);

        Assert.IsFalse(_photographs.Check(_mlContext).Any(f
            => f.Kind is LandmarkFindingKind.WrongLabel or LandmarkFindingKind.Contamination && f.OtherLandmark == "gate"));
    }

    [TestMethod]
    public void CheckLandmarks_BlankPhotographsOfTwoLandmarks_SayNothingOfEachOther()
    {
        AddTwoLandmarks();
        for (int i = 0; i < 4; i++)
        {
            _photographs.Add($"white {i}", "tower", 5, path => DrawnPhotograph.SaveColor(path, 255, 200 + i, 200), noise: 0.1)
                .Add($"black {i}", "bridge", 5, path => DrawnPhotograph.SaveColor(path, 0, 200, 200 + i), noise: 0.1);
        }

        IReadOnlyList<LandmarkFinding> found = _photographs.Check(_mlContext);

        Assert.HasCount(8, found);
        Assert.IsTrue(found.All(f => f.Kind == LandmarkFindingKind.Blank));
    }

    [TestMethod]
    public void CheckLandmarks_ManyCopiesUnderTwoLandmarks_AreJoinedUnderEach()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        // The nearest rows of each copy under the second landmark are copies under the first.
        for (int i = 0; i < 12; i++)
            _photographs.Add($"a{i}", "tower", 5, path => photograph.SaveRecompressed(path, quality: 60 + i), noise: 0);
        for (int i = 0; i < 12; i++)
            _photographs.Add($"b{i}", "bridge", 5, path => photograph.SaveRecompressed(path, quality: 75 + i), noise: 0);

        IReadOnlyList<LandmarkFinding> found = _photographs.Check(_mlContext);

        Assert.HasCount(1, found.Where(f => f.Kind == LandmarkFindingKind.Contradiction).ToArray());
        Assert.HasCount(11, found.Where(f => f.Kind is LandmarkFindingKind.NearDuplicate && f.Landmark == "tower").ToArray());
        Assert.HasCount(11, found.Where(f => f.Kind is LandmarkFindingKind.NearDuplicate && f.Landmark == "bridge").ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_FewRows_AreNotJudgedByVotes()
    {
        _photographs.AddMany(4, "tower", 0).AddMany(4, "bridge", 1).AddMany(3, "-1", 10).Add("wrong", "bridge", 0);

        Assert.IsEmpty(_photographs.Check(_mlContext));
    }

    [TestMethod]
    public void CheckLandmarks_OnlyPhotographOfItsLandmark_IsNotJudgedByVotes()
    {
        AddTwoLandmarks();
        _photographs.Add("alone", "gate", 0);

        Assert.AreEqual(LandmarkFindingKind.SinglePhotograph, _photographs.Check(_mlContext).Single().Kind);
    }

    [TestMethod]
    public void CheckLandmarks_NonLandmarksAlone_FindsTheirDuplicates()
    {
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.AddMany(5, "-1", 10).Add("first", "", 10, photograph.Save).Add("second", "-1", 10, photograph.SaveMirrored);

        LandmarkFinding found = _photographs.Check(_mlContext).Single();

        Assert.AreEqual((LandmarkFindingKind.NearDuplicate, "second", "first", null),
            (found.Kind, found.Id, found.OtherId, found.Landmark));
    }

    [TestMethod]
    public void CheckLandmarks_LandmarkAmongTheNonLandmarks_IsContamination()
    {
        AddTwoLandmarks();
        _photographs.Add("tower after all", "-1", 0);

        LandmarkFinding found = _photographs.Check(_mlContext).Single();

        Assert.AreEqual((LandmarkFindingKind.Contamination, "tower after all", null, "tower"),
            (found.Kind, found.Id, found.Landmark, found.OtherLandmark));
        Assert.IsTrue(found.Score is >= 0.2 and <= 1);
        Assert.AreEqual($"It is taken for the landmark of '{found.OtherId}'. Look at it beside that, and move or remove it if it shows the "
            + "same.", found.Advice);
    }

    [TestMethod]
    public void CheckLandmarks_OnePhotographInEffect_IsToldOnceForEachLandmark()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("alone", "gate", 5).Add("copied", "dome", 6, photograph.Save).Add("copy", "dome", 6, photograph.Save);

        LandmarkFinding[] found = [.. _photographs.Check(_mlContext).Where(f => f.Kind == LandmarkFindingKind.SinglePhotograph)];

        CollectionAssert.AreEqual(new[] { ("copied", "dome", 2.0), ("alone", "gate", 1.0) },
            found.Select(f => (f.Id, f.Landmark, f.Score)).ToArray());
        CollectionAssert.AreEqual(new[]
        {
            "The 2 photographs of its landmark are one. Add others that show it otherwise.",
            "It is the only photograph of its landmark. Add others that show it otherwise.",
        }, found.Select(f => f.Advice).ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_PhotographsThatShowNothing_AreTold()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        using var other = new DrawnPhotograph(seed: 2);
        _photographs.Add("blank", "tower", 0, path => DrawnPhotograph.SaveColor(path, level: 200, 200, 100))
            .Add("black", "tower", 0, path => DrawnPhotograph.SaveColor(path, level: 0, 200, 200))
            .Add("dark", "tower", 0, path => photograph.SaveDarkened(path, divisor: 5))
            .Add("tiny", "bridge", 1, path => other.SaveResized(path, 84, 63));

        LandmarkFinding[] found = [.. _photographs.Check(_mlContext)];

        CollectionAssert.AreEqual(new[]
        {
            (LandmarkFindingKind.Blank, "blank", 0.0), (LandmarkFindingKind.Blank, "black", 0), (LandmarkFindingKind.Tiny, "tiny", 63),
            (LandmarkFindingKind.Dark, "dark", found[^1].Score),
        }, found.Select(f => (f.Kind, f.Id, f.Score)).ToArray());
        Assert.IsTrue(found[^1].Score is > 30 and < 64);
        Assert.AreEqual("It shows nearly one color: its brightness varies by 0.0 levels of 255. Look at it, and remove it if it shows "
            + "nothing.", found[0].Advice);
        Assert.AreEqual("It has 84 x 63 pixels. Replace it by a larger one, or remove it.", found[2].Advice);
        Assert.AreEqual(FormattableString.Invariant(
            $"It is dark: 99 % of it are at most {found[3].Score} levels of 255 bright. Look at it, and remove it if it shows nothing."),
            found[3].Advice);
    }

    [TestMethod]
    public void CheckLandmarks_PhotographsWithoutPixelsOrFeatures_AreTold()
    {
        AddTwoLandmarks();
        _photographs.Add("text", "tower", 0, path => Write(path, "no image")).Add("gone", "tower", 0, path => path)
            .Add("no features", "tower", 0);
        foreach (ReferencePhotograph row in _photographs.Rows.TakeLast(3))
            row.Features[0] = float.NaN;

        LandmarkFinding[] found = [.. _photographs.Check(_mlContext)];

        CollectionAssert.AreEqual(new[]
        {
            (LandmarkFindingKind.Unreadable,
                $"It can't be read: '{_folder["text.png"]}' is not a readable image. Replace it, or remove it."),
            (LandmarkFindingKind.Unreadable, $"It can't be read: '{_folder["gone.png"]}' does not exist. Replace it, or remove it."),
            (LandmarkFindingKind.MissingFeatures,
                "Its features are NaN, infinite or zeros alone, so that it takes no part. Embed it anew, or remove it."),
        }, found.Select(f => (f.Kind, f.Advice)).ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_QueryThatIsAPhotographOfTheRows_IsALeak()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("first", "tower", 0, photograph.Save).Add("none", "-1", 9, path => photograph.SaveResized(path, 310, 230));
        var queries = new ReferencePhotographs(_folder, firstSeed: 2000);
        queries.Add("fresh", "", 0).Add("same", "", 3, photograph.Save)
            .Add("mirrored", "", 0, photograph.SaveMirrored, noise: 0.1);

        LandmarkFinding[] found = [.. _photographs.Check(_mlContext,
            new LandmarkCheckOptions { Queries = _mlContext.Data.LoadFromEnumerable(queries.Rows) })
            .Where(f => f.Kind == LandmarkFindingKind.Leak)];

        CollectionAssert.AreEqual(new[] { (1L, "same", "first"), (2L, "mirrored", "first") },
            found.Select(f => (f.Row, f.Id, f.OtherId)).ToArray());
        Assert.AreEqual(1.0, found[0].Score);
        Assert.AreEqual("The query is the photograph 'first' of the rows. Remove one of them: what is measured by it is too good.",
            found[0].Advice);
    }

    [TestMethod]
    public void CheckLandmarks_WithoutPixels_FindsFeaturesThatAreFarNearer()
    {
        AddTwoLandmarks();
        _photographs.Add("first", "tower", 0).Add("second", "tower", 0).Add("elsewhere", "bridge", 0);
        float[] features = _photographs.Rows[^3].Features;
        _photographs.Rows[^2].Features = [.. features];
        _photographs.Rows[^1].Features = [.. features];
        var queries = new ReferencePhotographs(_folder);
        queries.Add("query", "", 0);
        queries.Rows[0].Features = [.. features];

        IReadOnlyList<LandmarkFinding> found = _photographs.Check(_mlContext,
            new LandmarkCheckOptions { ImageColumnName = null, Queries = _mlContext.Data.LoadFromEnumerable(queries.Rows) });

        // Under another landmark it may be merely alike.
        CollectionAssert.AreEqual(
            new[] { (LandmarkFindingKind.Leak, "query"), (LandmarkFindingKind.WrongLabel, "elsewhere"),
                (LandmarkFindingKind.NearDuplicate, "second") },
            found.Select(f => (f.Kind, f.Id)).ToArray());
        Assert.AreEqual(1, found[2].Score, 1e-6);
    }

    [TestMethod]
    public void CheckLandmarks_ManyLandmarks_AreWhitenedAndFindTheSame()
    {
        AddTwoLandmarks();
        for (int landmark = 2; landmark < 9; landmark++)
            _photographs.AddMany(4, $"landmark {landmark}", landmark);
        _photographs.Add("wrong", "landmark 3", 4);

        CollectionAssert.AreEqual(new[] { (LandmarkFindingKind.WrongLabel, "wrong", "landmark 4") },
            _photographs.Check(_mlContext).Select(f => (f.Kind, f.Id, f.OtherLandmark)).ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_BytesOfFilesAndImages_AreLookedAtAsPathsAre()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("first", "tower", 0, photograph.Save).Add("mirrored", "tower", 0, photograph.SaveMirrored, noise: 0.1)
            .Add("dark", "bridge", 1, path => photograph.SaveDarkened(path, divisor: 5));
        IDataView rows = _mlContext.Data.LoadFromEnumerable(_photographs.Rows.Select(row => new OtherPhotograph
        {
            Id = row.Id,
            Label = row.Label,
            Features = row.Features,
            File = File.ReadAllBytes(row.ImagePath),
            Image = MLImage.CreateFromFile(row.ImagePath),
        }).ToArray());
        LandmarkFinding[] expected = [.. _photographs.Check(_mlContext)];

        CollectionAssert.AreEqual(expected, _mlContext.Data.CheckLandmarks(rows, new() { ImageColumnName = "File" }).ToArray());
        CollectionAssert.AreEqual(expected, _mlContext.Data.CheckLandmarks(rows, new() { ImageColumnName = "Image" }).ToArray());
        CollectionAssert.AreEqual(new[] { "mirrored", "dark" }, expected.Select(f => f.Id).ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_View_IsReadOnceForRowsAndOnceForPhotographs()
    {
        AddTwoLandmarks();
        var rows = new CountingView(_mlContext.Data.LoadFromEnumerable(_photographs.Rows));

        _mlContext.Data.CheckLandmarks(rows);

        Assert.AreEqual((2, 0), (rows.Cursors, rows.OpenCursors));
        Assert.AreEqual(_photographs.Rows.Count, rows.Evaluations["ImagePath"]);
        Assert.AreEqual(_photographs.Rows.Count, rows.Evaluations["Features"]);
    }

    [TestMethod]
    public void CheckLandmarks_GpuThatIsMissing_IsTold()
        => Assert.ThrowsExactly<GpuUnavailableException>(()
            => _photographs.Check(_mlContext, new LandmarkCheckOptions { GpuDeviceId = 99 }));

    [TestMethod]
    public void CheckLandmarks_NoIdColumn_CallsRowsByTheirPositions()
    {
        AddTwoLandmarks();
        _photographs.Add("wrong", "bridge", 0);

        LandmarkFinding found = _photographs.Check(_mlContext, new LandmarkCheckOptions { IdColumnName = null }).Single();

        Assert.AreEqual((found.Row, $"{_photographs.Rows.Count - 1}"), (_photographs.Rows.Count - 1, found.Id));
    }

    [TestMethod]
    public void CheckLandmarks_AnyNumberOfThreads_FindsTheSame()
    {
        AddTwoLandmarks();
        using var photograph = new DrawnPhotograph(seed: 1);
        _photographs.Add("first", "tower", 0, photograph.Save).Add("second", "tower", 0, photograph.SaveMirrored).Add("wrong", "bridge", 0);

        CollectionAssert.AreEqual(_photographs.Check(_mlContext).ToArray(),
            _photographs.Check(_mlContext, new LandmarkCheckOptions { MaxDegreeOfParallelism = 1 }).ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_Progress_IsToldOfEachPartToItsEnd()
    {
        AddTwoLandmarks();
        var told = new Told();

        _photographs.Check(_mlContext, new LandmarkCheckOptions
        {
            Progress = told,
            Queries = _mlContext.Data.LoadFromEnumerable(_photographs.Rows.Take(2)),
        });

        CollectionAssert.AreEqual(new[]
        {
            ("Rows", 26L), ("Rows of queries", 2), ("Pixels", 26), ("Pixels of queries", 2), ("Nearest rows", 52), ("Likeness", 26),
            ("Nearest rows of queries", 4),
        }, told.Last.Select(part => (part.Key, part.Value)).ToArray());
    }

    [TestMethod]
    public void CheckLandmarks_Cancelled_Stops()
    {
        AddTwoLandmarks();

        Assert.ThrowsExactly<OperationCanceledException>(()
            => _photographs.Check(_mlContext, new LandmarkCheckOptions { CancellationToken = new CancellationToken(canceled: true) }));
    }

    [TestMethod]
    public void CheckLandmarks_NoRows_FindsNothing() => Assert.IsEmpty(_photographs.Check(_mlContext));

    [TestMethod]
    public void CheckLandmarks_QueriesOfAnotherDimension_AreRefused()
    {
        AddTwoLandmarks();
        IDataView queries = _mlContext.Data.LoadFromEnumerable([new OtherQuery()]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(()
            => _photographs.Check(_mlContext, new LandmarkCheckOptions { Queries = queries }));

        Assert.AreEqual("Schema mismatch for feature column 'Features': expected Vector<Single, 24>, got Vector<Single, 3> (Parameter "
            + "'inputSchema')", error.Message);
    }

    [TestMethod]
    public void CheckLandmarks_QueriesOfOtherSteps_AreRefused()
    {
        AddTwoLandmarks();
        IDataView rows = _mlContext.Data.LoadFromEnumerable(_photographs.Rows);
        WhiteningEstimator first = _mlContext.Transforms.WhitenFeatures("Features", dimension: 4),
            second = _mlContext.Transforms.WhitenFeatures("Features", dimension: 4, exponent: 1);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.Data.CheckLandmarks(first.Fit(rows).Transform(rows),
            new LandmarkCheckOptions { Queries = second.Fit(rows).Transform(rows) }));

        Assert.Contains("Column 'Features' of the queries was made by the steps ", error.Message);
        Assert.Contains(", and that of the rows by the steps ", error.Message);
    }

    [TestMethod]
    public void Options_OutOfRange_AreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new LandmarkCheckOptions { FeatureColumnName = "" });
        Assert.ThrowsExactly<ArgumentException>(() => new LandmarkCheckOptions { LabelColumnName = "" });
        Assert.ThrowsExactly<ArgumentException>(() => new LandmarkCheckOptions { IdColumnName = "" });
        Assert.ThrowsExactly<ArgumentException>(() => new LandmarkCheckOptions { ImageColumnName = "" });
        Assert.ThrowsExactly<ArgumentNullException>(() => new LandmarkCheckOptions { NonLandmarkLabel = null! });
        Assert.ThrowsExactly<ArgumentNullException>(() => new LandmarkCheckOptions { Images = null! });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LandmarkCheckOptions { MaxDegreeOfParallelism = 0 });
    }

    [TestMethod]
    [DataRow("feature", "Features")]
    [DataRow("label", "Label")]
    [DataRow("id", "Id")]
    [DataRow("image", "ImagePath")]
    public void CheckLandmarks_ColumnMissing_IsToldByItsRole(string role, string column)
    {
        AddTwoLandmarks();
        IDataView rows = _mlContext.Data.LoadFromEnumerable(_photographs.Rows);
        IDataView fewer = _mlContext.Transforms.DropColumns(column).Fit(rows).Transform(rows);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.Data.CheckLandmarks(fewer));

        Assert.AreEqual($"Could not find {role} column '{column}' (Parameter 'inputSchema')", error.Message);
    }

    private void AddTwoLandmarks()
        => _photographs.AddMany(8, "tower", 0).AddMany(8, "bridge", 1).AddMany(5, "-1", 10).AddMany(5, "-1", 11);

    private static string[] Ids(IReadOnlyList<LandmarkFinding> found) => [.. found.Select(f => f.Id)];

    private static string Write(string path, string text)
    {
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class OtherPhotograph
    {
        public string Id { get; set; } = "";

        public string Label { get; set; } = "";

        [VectorType(ReferencePhotographs.Dimension)]
        public float[] Features { get; set; } = [];

        [VectorType]
        public byte[] File { get; set; } = [];

        [ImageType(240, 320)]
        public MLImage? Image { get; set; }
    }

    private sealed class OtherQuery
    {
        public string Id { get; set; } = "";

        public string ImagePath { get; set; } = "";

        [VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];
    }

    private sealed class Told : IProgress<LandmarkCheckProgress>
    {
        public OrderedDictionary<string, long> Last { get; } = [];

        public void Report(LandmarkCheckProgress value)
        {
            lock (Last)
            {
                Assert.IsTrue(value.Total is null || value.Done <= value.Total);
                Last[value.Work] = Math.Max(value.Done, Last.GetValueOrDefault(value.Work));
            }
        }
    }
}
