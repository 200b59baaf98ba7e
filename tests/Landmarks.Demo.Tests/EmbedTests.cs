using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;

namespace Landmarks.Demo.Tests;

/// <summary>Photographs are embedded in parts: each stands in one of them, as one process would have embedded it.</summary>
[TestClass]
public sealed class EmbedTests
{
    private const string Steps = "all/steps.zip";

    [TestMethod]
    public void Embed_Shards_HoldEachPhotographOnceWithTheBitsOfTheSteps()
    {
        using var folder = new WorkFolder();
        for (int shard = 1; shard <= 3; shard++)
        {
            ProgramResult result = Embed(folder, $"{shard}/3").AssertSuccess();
            Assert.AreEqual("", result.Error);
            Assert.StartsWith($"Wrote {folder[FileOf(shard, 3)]}: embeddings of ", result.OutputLines[^1]);
        }

        folder.AssertFiles(["train.csv", "valid.csv", "all", Steps, .. Enumerable.Range(1, 3).SelectMany(shard
            => new[] { FileOf(shard, 3), ManifestOf(shard, 3) })]);
        string[] ids = [.. SampleFiles.Ids("train.csv")[..6], .. SampleFiles.Ids("valid.csv")[..12]];
        int[] labels = [.. SampleFiles.Rows("train.csv")[..6].Concat(SampleFiles.Rows("valid.csv")[..12])
            .Select(row => int.Parse(row.Split(',')[1]))];
        EmbeddedPhotograph[] all = [.. EmbeddedPhotograph.Read(folder["all/*.parquet"]).OrderBy(row => row.Row)];
        CollectionAssert.AreEqual(Enumerable.Range(0, 18).Select(i => (long)i).ToArray(), all.Select(row => row.Row).ToArray());
        CollectionAssert.AreEqual(ids, all.Select(row => row.Id).ToArray());
        CollectionAssert.AreEqual(labels, all.Select(row => (int)row.Label).ToArray());
        float[][] expected = Expected([.. ids.Select(SampleFiles.Photo)]);
        for (int i = 0; i < all.Length; i++)
            CollectionAssert.AreEqual(expected[i].Select(BitConverter.SingleToInt32Bits).ToArray(), all[i].Embedding!.ToArray(), ids[i]);
        for (int shard = 1; shard <= 3; shard++)
        {
            EmbeddedPhotograph[] part = EmbeddedPhotograph.Read(folder[FileOf(shard, 3)]);
            CollectionAssert.AreEqual(ids.Where(new LandmarkShard(shard, 3).Holds).ToArray(), part.Select(row => row.Id).ToArray());
            CollectionAssert.AreEqual(part.Select(row => row.Row).Order().ToArray(), part.Select(row => row.Row).ToArray());
        }
    }

    [TestMethod]
    public void Embed_Manifest_TellsWhatTheShardIs()
    {
        using var folder = new WorkFolder();
        Embed(folder, "2/3").AssertSuccess();

        JsonObject manifest = ReadManifest(folder, 2, 3);

        byte[] file = File.ReadAllBytes(folder[FileOf(2, 3)]);
        CollectionAssert.AreEqual(new[]
        {
            "format", "kind", "shard", "shards", "rows", "bytes", "checksum", "version", "fingerprint", "list", "landmarkRows",
            "nonLandmarkRows", "remark", "dimension", "unreadable", "best", "smoothing", "runtime", "processor",
        }, manifest.Select(pair => pair.Key).ToArray());
        Assert.AreEqual("1 embeddings 2 3", string.Join(' ', new[] { "format", "kind", "shard", "shards" }.Select(name => manifest[name])));
        Assert.AreEqual(file.Length, (int)manifest["bytes"]!);
        Assert.AreEqual(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file)), (string)manifest["checksum"]!);
        Assert.HasCount((int)manifest["rows"]!, EmbeddedPhotograph.Read(folder[FileOf(2, 3)]));
        Assert.AreEqual("6 12 192 0 false 0", string.Join(' ', new[]
        {
            manifest["landmarkRows"], manifest["nonLandmarkRows"], manifest["dimension"], manifest["unreadable"],
            manifest["best"], manifest["smoothing"],
        }.Select(value => $"{value}".ToLowerInvariant())));
    }

    [TestMethod]
    public void Embed_Again_FindsTheShardCompleteAndLeavesItAlone()
    {
        using var folder = new WorkFolder();
        Embed(folder).AssertSuccess();
        DateTime written = File.GetLastWriteTimeUtc(folder[FileOf(1, 1)]);

        ProgramResult again = Embed(folder).AssertSuccess();

        Assert.AreEqual($"Shard 1/1 is complete: {FileOf(1, 1)}, embeddings of 18 photographs.", again.OutputLines.Single());
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(folder[FileOf(1, 1)]));
        folder.AssertFiles("train.csv", "valid.csv", "all", Steps, FileOf(1, 1), ManifestOf(1, 1));
    }

    [TestMethod]
    public void Embed_PhotographsOfFolders_HaveTextsForLabels()
    {
        using var folder = new WorkFolder();
        string[] arguments = [.. Folders(folder)];
        // A name may hold nearly anything, and is no part of a file's name here.
        const string Hostile = "a'b\"c\n\e[31m, \u202eü😀";
        PhotoFolders.Add(folder, "photos", Hostile, 2);

        DemoProgram.Run(folder, arguments).AssertSuccess();

        EmbeddedPhotograph[] rows = EmbeddedPhotograph.Read(folder[FileOf(1, 1)]);
        CollectionAssert.AreEqual(new[] { $"{Hostile}/0.bmp", $"{Hostile}/1.bmp" },
            rows.Where(row => (string)row.Label == Hostile).Select(row => row.Id).ToArray());
        CollectionAssert.AreEqual(new[] { "-1", "Tower 1", Hostile }, rows.Select(row => (string)row.Label).Distinct()
            .Order(StringComparer.Ordinal).ToArray());
    }

    [TestMethod]
    public void Embed_MoreRowsThanOneGroup_StandInTheirOrder()
    {
        using var folder = new WorkFolder();
        PhotoFolders.Add(folder, "photos", "Tower 1", 600);
        string[] arguments = Folders(folder);

        DemoProgram.Run(folder, arguments).AssertSuccess();

        EmbeddedPhotograph[] rows = EmbeddedPhotograph.Read(folder[FileOf(1, 1)]);
        CollectionAssert.AreEqual(Enumerable.Range(0, 603).Select(i => (long)i).ToArray(), rows.Select(row => row.Row).ToArray());
        float[][] expected = Expected([.. rows.Select(row => folder[$"photos/{row.Id}"])]);
        for (int i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(expected[i].Select(BitConverter.SingleToInt32Bits).ToArray(), rows[i].Embedding!.ToArray());
        Assert.IsGreaterThan(1, EmbeddedPhotograph.CountGroups(folder[FileOf(1, 1)]));
    }

    [TestMethod]
    public void Embed_PhotographThatCannotBeRead_IsARowWithoutEmbedding()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, "1/1");
        File.AppendAllText(folder["valid.csv"], "0123456789abcdef,-1\n");

        ProgramResult failed = DemoProgram.Run(folder, arguments);
        Assert.AreEqual(1, failed.ExitCode);
        Assert.StartsWith("error: Row 18: '", failed.ErrorLines.Single());
        folder.AssertFiles("train.csv", "valid.csv", "all", Steps);
        ProgramResult skipped = DemoProgram.Run(folder, [.. arguments, "--on-bad-image", "skip"]).AssertSuccess();

        Assert.StartsWith("warning: 1 photograph could not be read and became a missing row. The first: Row 18: '",
            skipped.ErrorLines.Single());
        Assert.Contains("embeddings of 19 photographs, 1 of which could not be read in ", skipped.OutputLines[^1]);
        EmbeddedPhotograph[] rows = EmbeddedPhotograph.Read(folder[FileOf(1, 1)]);
        Assert.AreEqual("0123456789abcdef", rows.Single(row => row.Embedding is null).Id);
        Assert.HasCount(19, rows);
        Assert.AreEqual(1, (int)ReadManifest(folder, 1, 1)["unreadable"]!);
        Assert.AreEqual(BadImageHandling.Skip, ReadSteps(folder).BadImages, "As a fit would have it.");
    }

    [TestMethod]
    public void Embed_PhotographThatCannotBeRead_IsNamedByItsPlaceAmongAllWithAndWithoutTheCache()
    {
        using var folder = new WorkFolder();
        const string Bad = "0123456789abcdef";
        int shard = Enumerable.Range(1, 3).Single(number => new LandmarkShard(number, 3).Holds(Bad));
        string[] arguments = [.. Arguments(folder, $"{shard}/3"), "--on-bad-image", "skip"];
        File.AppendAllText(folder["valid.csv"], $"{Bad},-1\n");

        foreach (string into in new[] { "all", "other" })
        {
            string[] more = into == "all" ? [] : ["--cache", folder.Caches];
            ProgramResult result = DemoProgram.Run(folder, [.. arguments.Where(a => more.Length == 0 || a != "--no-cache")
                .Select(a => a == "all" ? into : a), .. more]).AssertSuccess();
            Assert.Contains("The first: Row 18: '", result.ErrorLines.Single(), into);
        }
    }

    [TestMethod]
    public void Embed_EmbeddingsOfTheCache_AreTheSameBytes()
    {
        using var folder = new WorkFolder();
        string[] arguments = [.. Arguments(folder, "1/2").Where(argument => argument != "--no-cache")];
        DemoProgram.Run(folder, arguments).AssertSuccess();

        ProgramResult again = DemoProgram.Run(folder, [.. arguments.Select(argument => argument == "all" ? "again" : argument)])
            .AssertSuccess();

        long rows = (long)ReadManifest(folder, 1, 2)["rows"]!;
        Assert.Contains($"From the cache: {rows} of {rows} embeddings.", again.OutputLines);
        AssertSameFiles(folder, "all", "again");
    }

    [TestMethod]
    public void Embed_ShardWithoutPhotographs_IsAFileWithoutRows()
    {
        using var folder = new WorkFolder();
        string[] ids = [.. SampleFiles.Ids("train.csv")[..6], .. SampleFiles.Ids("valid.csv")[..12]];
        int empty = Enumerable.Range(1, 100).First(number => !ids.Any(new LandmarkShard(number, 100).Holds));

        ProgramResult result = Embed(folder, $"{empty}/100").AssertSuccess();

        Assert.Contains(": embeddings of 0 photographs in ", result.OutputLines[^1]);
        Assert.IsEmpty(EmbeddedPhotograph.Read(folder[FileOf(empty, 100)]));
        Assert.AreEqual(0, (int)ReadManifest(folder, empty, 100)["rows"]!);
    }

    [TestMethod]
    public void Embed_EqualIds_AreRowsOfOneShard()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, "1/1");
        string twice = SampleFiles.Ids("train.csv")[0];
        File.AppendAllText(folder["valid.csv"], $"{twice},-1\n{twice},-1\n");
        int shard = Enumerable.Range(1, 4).Single(number => new LandmarkShard(number, 4).Holds(twice));

        DemoProgram.Run(folder, [.. arguments.Select(argument => argument == "1/1" ? $"{shard}/4" : argument)]).AssertSuccess();

        CollectionAssert.AreEqual(new[] { 0L, 18, 19 }, EmbeddedPhotograph.Read(folder[FileOf(shard, 4)]).Where(row => row.Id == twice)
            .Select(row => row.Row).ToArray());
    }

    [TestMethod]
    public void Embed_Best_TakesSeveralSizesAndIsKnownByIt()
    {
        using var folder = new WorkFolder();
        string[] arguments = [.. Folders(folder, SampleFiles.Network("means")), "--best"];

        ProgramResult result = DemoProgram.Run(folder, arguments).AssertSuccess();

        Assert.Contains(line => line.StartsWith("Image sizes: ", StringComparison.Ordinal), result.OutputLines);
        Assert.AreEqual("True 0.25", $"{(bool)ReadManifest(folder, 1, 1)["best"]!} {ReadManifest(folder, 1, 1)["smoothing"]}");
        Assert.AreEqual("'all/embeddings-00001-of-00001.json' was made by another network, or with other sizes or another preparation of "
            + "images, than this one. Give all shards the same options, or name another folder by --folder.",
            Failure(folder, [.. arguments[..^1]]));
    }

    [TestMethod]
    [DataRow("truncated")]
    [DataRow("changed")]
    [DataRow("missing")]
    [DataRow("broken manifest")]
    [DataRow("manifest of another")]
    [DataRow("empty manifest")]
    public void Embed_DamagedShard_IsMadeAgain(string damage)
    {
        using var folder = new WorkFolder();
        Embed(folder, "1/2").AssertSuccess();
        string file = folder[FileOf(1, 2)], manifest = folder[ManifestOf(1, 2)];
        byte[] whole = File.ReadAllBytes(file), changed = [.. whole];
        changed[whole.Length / 2] ^= 1;
        string described = File.ReadAllText(manifest);
        string reason = damage switch
        {
            "truncated" => Write(file, whole[..100], $"it has 100 bytes, and by its manifest {whole.Length}."),
            "changed" => Write(file, changed, "it is not as it was written; its manifest has another SHA-256."),
            "missing" => Delete(file, "it is missing."),
            "broken manifest" => Write(manifest, "{"u8.ToArray(), "Expected depth to be zero at the end of the JSON payload."),
            "empty manifest" => Write(manifest, [], "The input does not contain any JSON tokens."),
            _ => Write(manifest, System.Text.Encoding.UTF8.GetBytes(described.Replace("\"shard\": 1", "\"shard\": 2",
                StringComparison.Ordinal)), "it says that it is of another shard than its name says."),
        };

        ProgramResult again = Embed(folder, "1/2").AssertSuccess();

        string damaged = damage.Contains("manifest", StringComparison.Ordinal) ? ManifestOf(1, 2) : FileOf(1, 2);
        Assert.StartsWith($"warning: '{damaged}' does not count, so its shard is made again: {reason}", again.ErrorLines.Single());
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(file));
        Assert.AreEqual(described, File.ReadAllText(manifest));

        static string Write(string file, byte[] bytes, string reason)
        {
            File.WriteAllBytes(file, bytes);
            return reason;
        }

        static string Delete(string file, string reason)
        {
            File.Delete(file);
            return reason;
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("steps.zip")]
    [DataRow("embeddings-00002-of-00002.json.unfinished")]
    [DataRow("embeddings-00002-of-00002.parquet.unfinished")]
    [DataRow("embeddings-00002-of-00002.parquet")]
    public void Embed_KilledAndRunAgain_WritesWhatAnUndisturbedRunWrites(string moment)
    {
        using WorkFolder folder = new(), undisturbed = new();
        DemoProgram.Run(undisturbed, Many(undisturbed)).AssertSuccess();

        ProgramResult killed = DemoProgram.RunAndKillAt(() => File.Exists(folder[$"all/{moment}"]), folder, Many(folder));
        bool isComplete = File.Exists(folder[ManifestOf(2, 2)]);
        ProgramResult again = DemoProgram.Run(folder, Many(folder)).AssertSuccess();

        Assert.AreEqual(137, killed.ExitCode, "Of a program that SIGKILL ended.");
        Assert.StartsWith(isComplete ? "Shard 2/2 is complete: " : "Wrote ", again.OutputLines[^1]);
        Assert.AreEqual("", again.Error);
        AssertSameFiles(folder, "all", undisturbed["all"]);
        folder.AssertFiles("train.csv", "valid.csv", "all", Steps, FileOf(2, 2), ManifestOf(2, 2));
    }

    [TestMethod]
    public void Embed_ShardsAtOnceInANewFolder_ShareTheSteps()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, "1/1");

        ProgramResult[] results = [.. Enumerable.Range(1, 4).AsParallel().WithDegreeOfParallelism(4).Select(shard
            => DemoProgram.Run(folder, [.. arguments.Select(argument => argument == "1/1" ? $"{shard}/4" : argument)]))];

        foreach (ProgramResult result in results)
            Assert.AreEqual("", result.AssertSuccess().Error);
        Assert.HasCount(18, EmbeddedPhotograph.Read(folder["all/*.parquet"]));
        Assert.AreEqual(BadImageHandling.Throw, ReadSteps(folder).BadImages);
    }

    [TestMethod]
    public void Embed_ShardThatAnotherRunHolds_IsTold()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder["all"]);
        using (new FileStream(folder[$"{ManifestOf(1, 2)}.unfinished"], FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.AreEqual("Another run is at work on shard 1/2 in 'all'. Wait until it is done.",
                Failure(folder, Arguments(folder, "1/2")));
            Embed(folder, "2/2").AssertSuccess();
        }
    }

    [TestMethod]
    public void Embed_OtherNumberOfShards_SaysWhatIsThere()
    {
        using var folder = new WorkFolder();
        Embed(folder, "1/3").AssertSuccess();
        Embed(folder, "3/3").AssertSuccess();

        Assert.AreEqual("'all' has 2 of 3 shards of embeddings, so none can be 1/4. Go on with those by --shard 1/3 to 3/3, or delete the "
            + "files embeddings-* there.", Failure(folder, Arguments(folder, "1/4")));
        foreach (string file in Directory.EnumerateFiles(folder["all"], "embeddings-*"))
            File.Delete(file);
        Embed(folder, "1/4").AssertSuccess();
    }

    [TestMethod]
    public void Embed_OtherPhotographs_AreTold()
    {
        using var folder = new WorkFolder();
        Embed(folder, "1/2").AssertSuccess();
        string[] arguments = Arguments(folder, "2/2");
        File.AppendAllText(folder["valid.csv"], SampleFiles.Rows("valid.csv")[12] + "\n");

        Assert.AreEqual("'all/embeddings-00001-of-00002.json' is of a list of 18 photographs, and this one of another one, of 19. All "
            + "shards are of one list: give each the same photographs, or name another folder by --folder.", Failure(folder, arguments));
        // The same photographs in another order are another list: a fit of them has other bits.
        string[] lines = File.ReadAllLines(folder["valid.csv"]);
        File.WriteAllLines(folder["valid.csv"], [lines[0], .. lines[1..^1].Reverse()]);
        Assert.Contains("is of a list of 18 photographs, and this one of another one, of 18.", Failure(folder, arguments));
        Assert.Contains("is of a list of 18 photographs", Failure(folder, [.. arguments.Select(a => a == "2/2" ? "1/2" : a)]),
            "Nor is a shard complete that is of other photographs.");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Embed_PhotographAddedMeanwhile_IsTold()
    {
        using var folder = new WorkFolder();
        string[] arguments = Many(folder);

        ProgramResult result = DemoProgram.RunAndHold("Photographs: ", () => File.AppendAllText(folder["valid.csv"],
            SampleFiles.Rows("valid.csv")[0] + "\n"), folder, arguments);

        result.AssertError(1, "There were other photographs at the end than at the beginning. Run this again when none come or go.");
        Assert.AreEqual(Steps, $"all/{Path.GetFileName(Directory.EnumerateFiles(folder["all"]).Single())}");
    }

    [TestMethod]
    public void Embed_OtherOptions_AreTold()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, "2/2");
        Embed(folder, "1/2").AssertSuccess();
        const string WayOut = " Give all shards the same options, or name another folder by --folder.",
            OtherNetwork = "'all/embeddings-00001-of-00002.json' was made by another network, or with other sizes or another preparation "
                + "of images, than this one." + WayOut;

        Assert.AreEqual(OtherNetwork, Failure(folder, [.. arguments, "--bgr"]));
        Assert.AreEqual(OtherNetwork, Failure(folder, [.. arguments, "--average-mirror"]));
        Assert.AreEqual("'all/embeddings-00001-of-00002.json' was made with another --best or --like than this one." + WayOut,
            Failure(folder, [.. arguments, "--best"]));
        Assert.AreEqual("'all/steps.zip' is of another network, of other sizes or another preparation of images, or of another "
            + "--max-megapixels." + WayOut, Failure(folder, [.. arguments, "--max-megapixels", "5"]));
        foreach (string file in Directory.EnumerateFiles(folder["all"], "embeddings-*"))
            File.Delete(file);
        Assert.StartsWith("'all/steps.zip' is of another network, ", Failure(folder, [.. arguments, "--bgr"]));
    }

    [TestMethod]
    public void Embed_LikeAModel_EmbedsAsThat()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--bgr", "--no-cache")).AssertSuccess();
        string[] arguments = Arguments(folder, "1/2"), like = [.. arguments.Where(argument => argument is not "--network"
            && argument != SampleFiles.FastNetwork)];
        DemoProgram.Run(folder, [.. arguments, "--bgr"]).AssertSuccess();

        DemoProgram.Run(folder, [.. like.Select(argument => argument == "1/2" ? "2/2" : argument), "--like", "model.zip"]).AssertSuccess();

        Assert.HasCount(18, EmbeddedPhotograph.Read(folder["all/*.parquet"]));
    }

    [TestMethod]
    [DataRow("0/8")]
    [DataRow("9/8")]
    [DataRow("1/0")]
    [DataRow("-1/8")]
    [DataRow("1")]
    [DataRow("x")]
    [DataRow("1/2/3")]
    public void Embed_NoShard_SaysWhatIsAllowed(string shard)
    {
        using var folder = new WorkFolder();
        ProgramResult result = Embed(folder, shard);
        Assert.AreEqual(2, result.ExitCode);
        Assert.AreEqual($"error: --shard is {shard}; it must be from 1/N to N/N, as 1/8 for the first of 8. Where a scheduler counts from "
            + "0, as JOB_COMPLETION_INDEX of Kubernetes does, add 1.", result.ErrorLines.Single());
    }

    [TestMethod]
    public void Embed_FolderThatCannotBe_IsToldBeforeAnyWork()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, "1/1");
        folder.WriteText("all", "a file");

        Assert.AreEqual("'all' is a file; name a folder.", Failure(folder, arguments));
        Assert.StartsWith("The folder 'all/below' can't be made: ",
            Failure(folder, [.. arguments.Select(a => a == "all" ? "all/below" : a)]));
        File.Delete(folder["all"]);
        Directory.CreateDirectory(folder["all"]);
        using (Mounted.ReadOnly(folder["all"]))
            Assert.StartsWith("Nothing can be written to the folder '", Failure(folder, arguments));
    }

    [TestMethod]
    public void Embed_FullDisk_IsToldAndLeavesNothingThatCounts()
    {
        using var folder = new WorkFolder();
        string[] arguments = Arguments(folder, "1/1");
        Directory.CreateDirectory(folder["all"]);
        using (Mounted.Disk(folder["all"], "16k"))
        {
            Assert.Contains(" MB left, and up to ", Failure(folder, arguments));
            Assert.AreEqual("steps.zip", Path.GetFileName(Directory.EnumerateFiles(folder["all"]).Single()));
        }
    }

    [TestMethod]
    public void Embed_FolderAmongThePhotographs_IsTold()
    {
        using var folder = new WorkFolder();
        string[] arguments = Folders(folder);
        Directory.CreateSymbolicLink(folder["link"], folder["photos/Tower 1"]);
        foreach (string name in new[] { "photos", "photos/all", "photos/Tower 1/all", "./photos/../photos/all", "link/new/all" })
        {
            ProgramResult result = DemoProgram.Run(folder, [.. arguments.Select(argument => argument == "all" ? name : argument)]);
            result.AssertError(2, $"'{name}' lies in 'photos', where each folder is a landmark. Name one outside of it by --folder.");
        }

        Assert.IsFalse(Directory.Exists(folder["photos/all"]));
        // Photographs of CSV files are found by their ids: what else lies there is nobody's.
        DemoProgram.Run(folder, [.. arguments.Select(argument => argument == "all" ? "photos-all" : argument)]).AssertSuccess();
    }

    [TestMethod]
    public void Embed_ShardOfANewerVersion_IsNotReplaced()
    {
        using var folder = new WorkFolder();
        Embed(folder).AssertSuccess();
        string manifest = File.ReadAllText(folder[ManifestOf(1, 1)]).Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal);
        File.WriteAllText(folder[ManifestOf(1, 1)], manifest);

        Assert.AreEqual("'all/embeddings-00001-of-00001.json' has format 2; this version reads 1 at most. Update this program.",
            Failure(folder, Arguments(folder, "1/1")));
        Assert.AreEqual(manifest, File.ReadAllText(folder[ManifestOf(1, 1)]));
    }

    [TestMethod]
    public void Embed_DamagedSteps_AreToldWithTheWayOut()
    {
        using var folder = new WorkFolder();
        Embed(folder).AssertSuccess();
        byte[] steps = File.ReadAllBytes(folder[Steps]);
        File.WriteAllBytes(folder[Steps], steps[..(steps.Length / 2)]);

        string failure = Failure(folder, Arguments(folder, "1/1"));
        Assert.StartsWith("'all/steps.zip', the steps that embed, can't be read: ", failure);
        Assert.EndsWith(" Delete it, and run landmarks embed with the options and the --shard of one that is there: it writes them anew.",
            failure);
        File.Delete(folder[Steps]);
        Assert.StartsWith("Shard 1/1 is complete: ", Embed(folder).AssertSuccess().OutputLines[^1]);
        Assert.AreEqual(BadImageHandling.Throw, ReadSteps(folder).BadImages);
    }

    private static string FileOf(int shard, int count) => $"all/embeddings-{shard:D5}-of-{count:D5}.parquet";

    private static string ManifestOf(int shard, int count) => $"all/embeddings-{shard:D5}-of-{count:D5}.json";

    private static string[] Arguments(WorkFolder folder, string shard) =>
    [
        "embed", "--train", SampleFiles.WriteRows(folder, "train.csv", 6), "--non-landmarks",
        SampleFiles.WriteRows(folder, "valid.csv", 12), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork, "--folder",
        "all", "--shard", shard, "--no-cache",
    ];

    // So many that something can happen meanwhile.
    private static string[] Many(WorkFolder folder) =>
    [
        "embed", "--train", SampleFiles.WriteRows(folder, "train.csv", 97), "--non-landmarks",
        SampleFiles.WriteRows(folder, "valid.csv", 103), "--images", SampleFiles.Images, "--network", SampleFiles.FastNetwork,
        "--folder", "all", "--shard", "2/2", "--no-cache",
    ];

    private static string[] Folders(WorkFolder folder, string? network = null)
    {
        PhotoFolders.Add(folder, "photos", "Tower 1", 3);
        PhotoFolders.Add(folder, "photos", "none", 3);
        return ["embed", "--train-folders", "photos", "--non-landmark-folder", "none", "--network", network ?? SampleFiles.FastNetwork,
            "--folder", "all", "--no-cache"];
    }

    private static ProgramResult Embed(WorkFolder folder, string shard = "1/1") => DemoProgram.Run(folder, Arguments(folder, shard));

    private static string Failure(WorkFolder folder, string[] arguments)
    {
        ProgramResult result = DemoProgram.Run(folder, arguments);
        Assert.AreEqual(1, result.ExitCode, result.Output);
        return result.ErrorLines.Single()["error: ".Length..];
    }

    private static JsonObject ReadManifest(WorkFolder folder, int shard, int count)
        => JsonNode.Parse(File.ReadAllText(folder[ManifestOf(shard, count)]))!.AsObject();

    private static ImagePreparingTransformer ReadSteps(WorkFolder folder)
        => ((IEnumerable<ITransformer>)new MLContext().Model.Load(folder[Steps], out _)).OfType<ImagePreparingTransformer>().Single();

    // By the library, in one process.
    private static float[][] Expected(string[] paths)
    {
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable(paths.Select(path => new Photograph { ImagePath = path }));
        return [.. SampleFiles.PrepareImages(ml).Append(ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork)).Fit(rows)
            .Transform(rows).GetColumn<float[]>("Features")];
    }

    private static void AssertSameFiles(WorkFolder folder, string one, string other)
    {
        foreach (string file in Directory.EnumerateFiles(folder[one], "embeddings-*"))
            CollectionAssert.AreEqual(File.ReadAllBytes(file), File.ReadAllBytes(folder[Path.Combine(other, Path.GetFileName(file))]),
                file);
    }

    private sealed class Photograph
    {
        public string ImagePath { get; set; } = "";
    }
}
