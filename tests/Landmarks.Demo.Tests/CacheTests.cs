using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Data.Sqlite;

namespace Landmarks.Demo.Tests;

/// <summary>Embeddings of earlier runs are taken from the cache, and change nothing but the time that a run takes.</summary>
[TestClass]
public sealed class CacheTests
{
    private const string None = "--no-cache";

    [TestMethod]
    public void Fit_Again_EmbedsNothingAndWritesTheSameModel()
    {
        using var folder = new WorkFolder();
        ProgramResult first = Fit(folder, "first.zip"), again = Fit(folder, "again.zip"), without = Fit(folder, "without.zip", None);

        AssertFound(0, 18, first);
        AssertFound(18, 18, again);
        Assert.DoesNotContain(line => line.StartsWith("From the cache", StringComparison.Ordinal), without.OutputLines);
        ModelEntries.AssertSame(folder, "without.zip", "first.zip", "again.zip");
    }

    [TestMethod]
    public void Fit_SeveralImageSizesAndMirrorImages_AreEmbeddingsOfTheirOwn()
    {
        using var folder = new WorkFolder();
        string[][] settings =
        [
            ["--image-size", "32"], ["--image-size", "32", "64"], ["--average-mirror", "--image-size", "32"],
            ["--mean", "0.5", "--image-size", "32"],
        ];
        foreach (string[] more in settings)
        {
            AssertFound(0, 18, FitSlowly(folder, "first.zip", more));
            AssertFound(18, 18, FitSlowly(folder, "again.zip", more));
            FitSlowly(folder, "without.zip", [.. more, None]);
            ModelEntries.AssertSame(folder, "without.zip", "first.zip", "again.zip");
        }
    }

    [TestMethod]
    public void Fit_PhotographsOfOtherNames_AreKnownByTheirBytes()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv")[..3];
        Fit(folder, "first.zip");
        Copy("photos/One/a.jpg", ids[0]);
        Copy("photos/Two/b.jpg", ids[1]);
        Copy("photos/none/c.jpg", ids[2]);

        AssertFound(3, 3, DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network",
            SampleFiles.FastNetwork, "--plain", "--output", "folders.zip").AssertSuccess());

        void Copy(string name, string id)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.Copy(SampleFiles.Photo(id), folder[name]);
        }
    }

    [TestMethod]
    public void Fit_HeldOutAndCompared_AskOneCache()
    {
        using var folder = new WorkFolder();
        // Each landmark has two rows, so that one can be held out.
        string[] arguments = SampleFiles.FitArguments(folder, "model.zip", "--plain");
        File.Copy(folder["train.csv"], folder["queries.csv"]);
        SampleFiles.WriteRows(folder, "train.csv", 6, times: 2);
        DemoProgram.Run(folder, arguments).AssertSuccess();

        AssertFound(24, 24, DemoProgram.Run(folder, [.. arguments, "--hold-out", "50%"]).AssertSuccess());
        AssertFound(30, 30, DemoProgram.Run(folder, "compare", "--train", "train.csv", "--non-landmarks", "valid.csv", "--queries",
            "queries.csv", "--truth", "queries.csv", "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork).AssertSuccess());
    }

    [TestMethod]
    public void Fit_PhotographThatCannotBeRead_IsToldEachTime()
    {
        using var folder = new WorkFolder();
        string[] arguments = [.. SampleFiles.FitArguments(folder, "model.zip", "--plain", "--on-bad-image", "skip")];
        File.AppendAllText(folder["valid.csv"], "0123456789abcdef,-1\n");
        const string Warning = "warning: 1 photograph could not be read and became a missing row. The first: Row 18: '";

        ProgramResult first = DemoProgram.Run(folder, arguments).AssertSuccess(),
            again = DemoProgram.Run(folder, arguments).AssertSuccess();

        Assert.ContainsSingle(line => line.StartsWith(Warning, StringComparison.Ordinal), first.ErrorLines);
        Assert.AreSequenceEqual(first.ErrorLines, again.ErrorLines);
        AssertFound(18, 19, again);
    }

    [TestMethod]
    public void Fit_PhotographThatIsNone_StopsAsWithoutACacheAndKeepsTheOthers()
    {
        using var folder = new WorkFolder();
        foreach ((string name, string id) in SampleFiles.Ids("train.csv")[..4].Select((id, i) => ($"{"ab"[i % 2]}/{i}.jpg", id)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[$"photos/{name}"])!);
            File.Copy(SampleFiles.Photo(id), folder[$"photos/{name}"]);
        }

        File.WriteAllText(folder["photos/a/none.jpg"], "no photograph");
        string[] arguments = ["fit", "--train-folders", "photos", "--non-landmark-folder", "b", "--network", SampleFiles.FastNetwork,
            "--plain", "--output", "model.zip"];

        ProgramResult failed = DemoProgram.Run(folder, arguments);

        Assert.AreEqual(DemoProgram.Run(folder, [.. arguments, None]).Error, failed.Error);
        Assert.Contains("none.jpg' is not a readable image", failed.Error);
        AssertFound(4, 5, DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess());
    }

    [TestMethod]
    public void Fit_LowerMaxMegapixels_RefusesWhatIsInTheCache()
    {
        using var folder = new WorkFolder();
        BitmapFile.Write(folder["photos/a/large.jpg"], 1200, (_, _) => 128);
        Directory.CreateDirectory(folder["photos/b"]);
        File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), folder["photos/b/small.jpg"]);
        string[] arguments = ["fit", "--train-folders", "photos", "--non-landmark-folder", "b", "--network", SampleFiles.FastNetwork,
            "--plain", "--output", "model.zip"], low = [.. arguments, "--max-megapixels", "1"];
        DemoProgram.Run(folder, arguments).AssertSuccess();

        ProgramResult refused = DemoProgram.Run(folder, low);

        Assert.AreEqual(DemoProgram.Run(folder, [.. low, None]).Error, refused.Error);
        Assert.AreEqual(1, refused.ExitCode);
        AssertFound(2, 2, DemoProgram.Run(folder, arguments).AssertSuccess());
        // What was read under the lower limit is known to keep it.
        DemoProgram.Run(folder, [.. arguments, "--max-megapixels", "2"]).AssertSuccess();
        AssertFound(2, 2, DemoProgram.Run(folder, [.. arguments, "--max-megapixels", "2"]).AssertSuccess());
    }

    [TestMethod]
    public void Fit_PhotographsThatChangeMeanwhile_MakeNoWrongEntry()
    {
        const int Photographs = 150;
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv");
        byte[] one = File.ReadAllBytes(SampleFiles.Photo(ids[0])), other = File.ReadAllBytes(SampleFiles.Photo(ids[1]));
        string[] arguments = ["fit", "--train-folders", "photos", "--non-landmark-folder", "b", "--network", SampleFiles.FastNetwork,
            "--plain", "--on-bad-image", "skip"];
        foreach (string name in (string[])["a", "b"])
        {
            Directory.CreateDirectory(folder[$"photos/{name}"]);
            for (int i = 0; i < Photographs; i++)
                File.WriteAllBytes(folder[$"photos/{name}/{i}.jpg"], one);
        }

        using (var ended = new CancellationTokenSource())
        {
            Task changing = Task.Run(() =>
            {
                for (int i = 0; !ended.IsCancellationRequested; i++)
                    File.WriteAllBytes(folder[$"photos/{"ab"[i % 2]}/{i / 2 % Photographs}.jpg"], i % 7 < 3 ? one : other);
            });
            DemoProgram.Run(folder, [.. arguments, "--output", "changing.zip"]);
            ended.Cancel();
            changing.Wait();
        }

        // What is kept of either is that of the photograph, in whichever file it stood.
        Directory.Delete(folder["photos"], recursive: true);
        foreach (byte[] photograph in (byte[][])[one, other])
        {
            foreach (string name in (string[])["a", "b"])
            {
                Directory.CreateDirectory(folder[$"photos/{name}"]);
                File.WriteAllBytes(folder[$"photos/{name}/0.jpg"], photograph);
            }

            DemoProgram.Run(folder, [.. arguments, "--output", "with.zip"]).AssertSuccess();
            DemoProgram.Run(folder, [.. arguments, "--output", "without.zip", None]).AssertSuccess();
            ModelEntries.AssertSame(folder, "without.zip", "with.zip");
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("KILL", 137)]
    [DataRow("INT", 130)]
    public void Fit_Ended_LeavesAWholeCacheWithWhatWasDone(string signal, int exitCode)
    {
        using var folder = new WorkFolder();
        string[] arguments = ["fit", "--train", SampleFiles.Of("train.csv"), "--non-landmarks", SampleFiles.Of("valid.csv"), "--images",
            SampleFiles.Images, "--network", DemoProgram.Network, "--output", "model.zip"];
        ProgramResult ended = DemoProgram.RunUntil("Photographs: ", signal, WaitForEmbeddings, [], folder, arguments);
        Assert.AreEqual(exitCode, ended.ExitCode);

        ProgramResult next = DemoProgram.Run(folder, arguments).AssertSuccess();

        Assert.IsEmpty(next.ErrorLines);
        Assert.AreEqual("ok", Query(folder, "PRAGMA integrity_check"));
        string found = next.OutputLines.Single(line => line.StartsWith("From the cache: ", StringComparison.Ordinal));
        Assert.MatchesRegex("^From the cache: [1-9][0-9]* of 200 embeddings.$", found);
        AssertFound(200, 200, DemoProgram.Run(folder, arguments).AssertSuccess());

        void WaitForEmbeddings()
        {
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < TimeSpan.FromMinutes(1) && Query(folder, "SELECT COUNT(*) FROM entry") == "0")
                Thread.Sleep(10);
        }
    }

    [TestMethod]
    public void Fit_SeveralRunsAtOnce_ShareOneCache()
    {
        using var folder = new WorkFolder();
        string[] arguments = SampleFiles.FitArguments(folder, "?", "--plain");
        Task<ProgramResult>[] runs = [.. Enumerable.Range(0, 3).Select(run
            => Task.Run(() => DemoProgram.Run(folder, [.. arguments.Select(argument => argument == "?" ? $"{run}.zip" : argument)])))];
        Task.WaitAll(runs);

        foreach (Task<ProgramResult> run in runs)
            Assert.IsEmpty(run.Result.AssertSuccess().ErrorLines);
        Assert.AreEqual("18", Query(folder, "SELECT COUNT(*) FROM embedding"));
        AssertFound(18, 18, Fit(folder, "again.zip"));
        ModelEntries.AssertSame(folder, "again.zip", "0.zip", "1.zip", "2.zip");
    }

    [TestMethod]
    public void Fit_MoreThanTheCacheHolds_LetsThatGoWhichWasUsedLongestAgo()
    {
        using var folder = new WorkFolder();
        const int Set = 60, Others = 4;
        string[] rows = SampleFiles.Rows("train.csv"), others = SampleFiles.Rows("valid.csv");
        string[] sets = [.. new[] { rows[..Set], others[Others..(Set + Others)], others[(Set + Others)..] }
            .Select((set, i) => folder.WriteText($"{i}.csv",
                $"id,landmark_id\n{string.Concat(set.Select((row, place) => $"{row.Split(',')[0]},{place}\n"))}"))];

        FitSet(0, 0);
        FitSet(1, Others);
        FitSet(0, Set + Others);
        // It makes room for itself at the cost of the second.
        FitSet(2, Others);
        FitSet(0, Set + Others);

        Assert.IsLessThan(1_000_000, new FileInfo(CacheFile(folder)).Length);
        Assert.AreEqual("ok", Query(folder, "PRAGMA integrity_check"));

        Assert.AreNotEqual($"{sets.Sum(set => File.ReadLines(set).Count() - 1) + Others}", Query(folder, "SELECT COUNT(*) FROM entry"));

        void FitSet(int set, int found)
        {
            ProgramResult result = DemoProgram.Run(folder, "fit", "--train", sets[set], "--non-landmarks",
                SampleFiles.WriteRows(folder, "valid.csv", Others), "--images", SampleFiles.Images, "--network", DemoProgram.Network,
                "--image-size", "32", "--plain", "--cache-size", "1", "--output", "model.zip").AssertSuccess();
            Assert.IsEmpty(result.ErrorLines);
            AssertFound(found, File.ReadLines(sets[set]).Count() - 1 + Others, result);
        }
    }

    [TestMethod]
    public void Fit_LowerCacheSize_ShortensTheFile()
    {
        using var folder = new WorkFolder();
        string[] arguments = ["fit", "--train", SampleFiles.Of("train.csv"), "--non-landmarks", SampleFiles.Of("valid.csv"), "--images",
            SampleFiles.Images, "--network", DemoProgram.Network, "--image-size", "32", "--plain", "--output", "model.zip"];
        DemoProgram.Run(folder, arguments).AssertSuccess();
        Assert.IsGreaterThan(1_000_000, new FileInfo(CacheFile(folder)).Length);

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "small.zip", "--cache-size", "1")).AssertSuccess();

        Assert.IsLessThan(1_000_000, new FileInfo(CacheFile(folder)).Length);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public void Fit_Cache_IsReadByItsUserAlone()
    {
        using var folder = new WorkFolder();
        Fit(folder, "model.zip");

        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(CacheFile(folder))!));
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CacheFile(folder)));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_WithoutAHome_NeitherKeepsNorWarns()
    {
        using var folder = new WorkFolder();
        foreach (string[] home in (string[][])[["-u", "HOME"], [$"HOME={folder["nowhere"]}"]])
        {
            ProgramResult result = DemoProgram.RunOther("env", folder, ["-u", "XDG_CACHE_HOME", .. home, "dotnet", DemoProgram.Program,
                .. SampleFiles.FitArguments(folder, "model.zip", "--plain")]).AssertSuccess();

            Assert.IsEmpty(result.ErrorLines);
            Assert.DoesNotContain(line => line.StartsWith("From the cache", StringComparison.Ordinal), result.OutputLines);
            folder.AssertFiles("train.csv", "valid.csv", "model.zip");
        }
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_WithAHome_KeepsEmbeddingsInItsCaches()
    {
        using var folder = new WorkFolder();
        foreach (string[] caches in (string[][])[["-u", "XDG_CACHE_HOME"], ["XDG_CACHE_HOME=relative"]])
        {
            DemoProgram.RunOther("env", folder, [.. caches, $"HOME={folder.FullPath}", "dotnet", DemoProgram.Program,
                .. SampleFiles.FitArguments(folder, "model.zip", "--plain")]).AssertSuccess();

            folder.AssertFiles("train.csv", "valid.csv", "model.zip", ".cache", ".cache/landmarks", ".cache/landmarks/embeddings.db");
        }
    }

    [TestMethod]
    public void Fit_CacheOfItsOwn_LiesInThatFolderAlone()
    {
        using var folder = new WorkFolder();

        AssertFound(0, 18, Fit(folder, "model.zip", "--cache", "some/where"));
        AssertFound(18, 18, Fit(folder, "model.zip", "--cache", "some/where"));

        Assert.IsTrue(File.Exists(folder["some/where/embeddings.db"]));
        Assert.IsFalse(Directory.Exists(folder.Caches));
    }

    [TestMethod]
    [DataRow("file", "its folder is a file. Name another folder by --cache, or do without one by --no-cache.")]
    [DataRow("folder", "it can't be opened or written. Name another folder by --cache, or do without one by --no-cache.")]
    [DataRow("text", "it is no database. Name another folder by --cache, or do without one by --no-cache.")]
    [DataRow("other", "it is a database of another program. Name another folder by --cache, or do without one by --no-cache.")]
    [DataRow("newer", "a newer version of this program wrote it. Name another folder by --cache, or do without one by --no-cache.")]
    [DataRow("damaged", "it is damaged. Delete it, and it is made anew.")]
    [DataRow("torn", "SQLite Error 1: 'no such table: embedding'. Name another folder by --cache, or do without one by --no-cache.")]
    public void Fit_CacheThatCannotBeUsed_WarnsAndGoesOn(string what, string reason)
    {
        using var folder = new WorkFolder();
        Fit(folder, "without.zip", None);
        string file = CacheFile(folder);
        Make(what, folder, file);

        ProgramResult result = Fit(folder, "model.zip");

        Assert.AreEqual($"warning: The job goes on without the embeddings in '{file}': {reason}", Assert.ContainsSingle(result.ErrorLines));
        ModelEntries.AssertSame(folder, "without.zip", "model.zip");
        if (what is "text" or "other" or "newer")
            Assert.IsTrue(File.Exists(file + ".copy") && File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(file + ".copy")));
    }

    [TestMethod]
    public void Fit_CacheThatAnotherRunHolds_WarnsAndGoesOn()
    {
        using var folder = new WorkFolder();
        Fit(folder, "without.zip");
        using var database = new SqliteConnection($"Data Source={CacheFile(folder)};Pooling=False");
        database.Open();
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();

        ProgramResult result = Fit(folder, "model.zip");

        Assert.AreEqual($"warning: The job goes on without the embeddings in '{CacheFile(folder)}': another run has held it for too long. "
            + "It can be used again when that is done.", Assert.ContainsSingle(result.ErrorLines));
        ModelEntries.AssertSame(folder, "without.zip", "model.zip");
    }

    [TestMethod]
    public void Check_Again_EmbedsNothing()
    {
        using var folder = new WorkFolder();
        string[] arguments = ["check", .. SampleFiles.FitArguments(folder, "?")[1..^2]];

        ProgramResult first = DemoProgram.Run(folder, arguments).AssertSuccess(),
            again = DemoProgram.Run(folder, arguments).AssertSuccess(),
            without = DemoProgram.Run(folder, [.. arguments, None]).AssertSuccess();

        // The summary is no finding, and stands beside them.
        Assert.Contains("From the cache: 0 of 18 embeddings.", first.ErrorLines);
        Assert.Contains("From the cache: 18 of 18 embeddings.", again.ErrorLines);
        Assert.AreEqual(without.Output, again.Output);
        AssertFound(18, 18, Fit(folder, "model.zip"));
    }

    [TestMethod]
    public void Add_PhotographsOfAnEarlierFit_AreFoundAndHaveTheSameValues()
    {
        using var folder = new WorkFolder();
        Fit(folder, "whole.zip");
        string[] rows = File.ReadAllLines(folder["train.csv"]);
        folder.WriteText("first.csv", string.Join('\n', rows[..4]) + '\n');
        folder.WriteText("second.csv", string.Join('\n', rows.Where((_, i) => i is 0 or > 3)) + '\n');
        AssertFound(15, 15, DemoProgram.Run(folder, "fit", "--like", "whole.zip", "--train", "first.csv", "--non-landmarks", "valid.csv",
            "--images", SampleFiles.Images, "--output", "part.zip").AssertSuccess());
        string[] add = ["add", "--model", "part.zip", "--train", "second.csv", "--images", SampleFiles.Images, "--output"];

        AssertFound(3, 3, DemoProgram.Run(folder, [.. add, "found.zip"]).AssertSuccess());

        DemoProgram.Run(folder, [.. add, "made.zip", None]).AssertSuccess();
        CollectionAssert.AreEqual(Answers("made.zip"), Answers("found.zip"));
        CollectionAssert.AreEqual(Answers("whole.zip"), Answers("found.zip"));

        string[] Answers(string model) => DemoProgram.Run(folder, ["predict", "--model", model, "--format", "csv", "--top", "3",
            .. SampleFiles.Ids("valid.csv")[20..22].Select(SampleFiles.Photo)]).AssertSuccess().OutputLines;
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Fit_PhotographThatIsAPipe_IsNotWaitedFor()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder["photos/a/b/c"]);
        foreach (string id in SampleFiles.Ids("valid.csv")[..2])
        {
            Directory.CreateDirectory(folder[$"photos/{id[0]}/{id[1]}/{id[2]}"]);
            File.Copy(SampleFiles.Photo(id), folder[$"photos/{id[0]}/{id[1]}/{id[2]}/{id}.jpg"]);
        }

        using (Process make = Process.Start("mkfifo", folder["photos/a/b/c/abc0.jpg"]))
            make.WaitForExit();
        string train = folder.WriteText("train.csv", $"id,landmark_id\n{SampleFiles.Ids("valid.csv")[0]},1\nabc0,2\n");
        string[] arguments = ["fit", "--train", train, "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 2), "--images",
            folder["photos"], "--network", SampleFiles.FastNetwork, "--plain", "--on-bad-image", "skip", "--output", "model.zip"];

        ProgramResult result = DemoProgram.Run(folder, arguments).AssertSuccess();

        Assert.Contains("abc0.jpg' is no regular file but a pipe", result.Error);
        Assert.AreEqual(DemoProgram.Run(folder, [.. arguments, None]).Error, result.Error);
    }

    [TestMethod]
    public void Fit_DamagedEmbedding_IsMadeAnew()
    {
        using var folder = new WorkFolder();
        Fit(folder, "model.zip");
        Query(folder, "UPDATE embedding SET value = (SELECT value FROM embedding WHERE id = 1)");

        AssertFound(1, 18, Fit(folder, "again.zip"));
        AssertFound(18, 18, Fit(folder, "again.zip"));
        ModelEntries.AssertSame(folder, "model.zip", "again.zip");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_FullDisk_WarnsAndGoesOn()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder.Caches);
        using var disk = Mounted.Disk(folder.Caches, "512k");

        ProgramResult few = FitSlowly(folder, "model.zip", "--image-size", "32"),
            many = DemoProgram.Run(folder, "fit", "--train", SampleFiles.Of("train.csv"), "--non-landmarks", SampleFiles.Of("valid.csv"),
                "--images", SampleFiles.Images, "--network", DemoProgram.Network, "--image-size", "32", "--plain", "--output",
                "many.zip").AssertSuccess();

        Assert.IsEmpty(few.ErrorLines);
        Assert.AreEqual($"warning: No more embeddings are kept in '{CacheFile(folder)}': its disk is full. Free some, or name another "
            + "folder by --cache.", Assert.ContainsSingle(many.ErrorLines));
        AssertFound(18, 18, FitSlowly(folder, "model.zip", "--image-size", "32"));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Fit_DiskThatCannotBeWritten_FindsWhatIsThereAndWarns()
    {
        using var folder = new WorkFolder();
        Fit(folder, "model.zip");
        using var disk = Mounted.ReadOnly(folder.Caches);

        ProgramResult result = Fit(folder, "again.zip");

        AssertFound(18, 18, result);
        Assert.AreEqual($"warning: No more embeddings are kept in '{CacheFile(folder)}': it can't be opened or written. Name another "
            + "folder by --cache, or do without one by --no-cache.", Assert.ContainsSingle(result.ErrorLines));
        ModelEntries.AssertSame(folder, "model.zip", "again.zip");
    }

    [TestMethod]
    public void Fit_Verbose_SaysWhatTheCacheDid()
    {
        using var folder = new WorkFolder();

        ProgramResult result = Fit(folder, "model.zip", "--verbose");

        Assert.Contains($"Embeddings in '{CacheFile(folder)}': 0 of 18 found, 18 added, 0 gave way, used longest ago.", result.ErrorLines);
    }

    [TestMethod]
    [DataRow("--cache is empty; name a file or a folder.", "--cache", "")]
    [DataRow("--cache is nothing with --no-cache; leave either out.", "--cache", "here", "--no-cache")]
    [DataRow("--cache-size is nothing with --no-cache; leave either out.", "--cache-size", "7", "--no-cache")]
    [DataRow("--cache-size is 0; it must be a whole number, at least 1.", "--cache-size", "0")]
    public void Fit_WrongOptionsOfTheCache_AreRefused(string message, params string[] options)
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", options)).AssertError(2, message);
    }

    private static ProgramResult Fit(WorkFolder folder, string output, params string[] more)
        => DemoProgram.Run(folder, SampleFiles.FitArguments(folder, output, ["--plain", .. more])).AssertSuccess();

    private static ProgramResult FitSlowly(WorkFolder folder, string output, params string[] more)
        => DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(DemoProgram.Network, folder, output, ["--plain", .. more])).AssertSuccess();

    private static string CacheFile(WorkFolder folder) => Path.Combine(folder.Caches, "landmarks", "embeddings.db");

    private static void AssertFound(int found, int asked, ProgramResult result)
        => Assert.ContainsSingle(line => line == $"From the cache: {found} of {asked} embeddings.", result.OutputLines, result.Output);

    private static string Query(WorkFolder folder, string text)
    {
        using var database = new SqliteConnection($"Data Source={CacheFile(folder)};Pooling=False");
        database.Open();
        using SqliteCommand command = database.CreateCommand();
        command.CommandText = text;
        return $"{command.ExecuteScalar()}";
    }

    private static void Make(string what, WorkFolder folder, string file)
    {
        if (what == "file")
        {
            Directory.CreateDirectory(folder.Caches);
            File.WriteAllText(Path.GetDirectoryName(file)!, "");
            return;
        }

        Directory.CreateDirectory(what == "folder" ? file : Path.GetDirectoryName(file)!);
        switch (what)
        {
            case "text":
                File.WriteAllText(file, string.Concat(Enumerable.Repeat("not a database\n", 1000)));
                break;
            case "other":
                Query(folder, "CREATE TABLE theirs (id INTEGER)");
                break;
            case "newer":
                Fit(folder, "first.zip");
                Query(folder, "PRAGMA user_version = 2");
                break;
            case "torn":
                Fit(folder, "first.zip");
                Query(folder, "DROP TABLE embedding");
                break;
            case "damaged":
                Fit(folder, "first.zip");
                byte[] bytes = File.ReadAllBytes(file);
                bytes.AsSpan(16_384).Fill(0x55);
                File.WriteAllBytes(file, bytes);
                break;
        }

        if (File.Exists(file))
            File.Copy(file, file + ".copy");
    }
}
