using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Tests;

/// <summary>What is wrong with the embeddings in a folder is told with the way out, by whoever reads them all.</summary>
[TestClass]
public sealed class ShardFolderTests
{
    private const string First = "all/embeddings-00001-of-00002", Second = "all/embeddings-00002-of-00002",
        MakeSecond = "by landmarks embed --folder 'all' --shard 2/2, with the options of the others.",
        MakeSteps = "run landmarks embed with the options and the --shard of one that is there: it writes them anew.";

    private static readonly string[] s_photographs = ["--train-folders", "photos", "--non-landmark-folder", "none", "--network",
        SampleFiles.FastNetwork, "--no-cache"];

    private static readonly Lazy<WorkFolder> s_embedded = new(() =>
    {
        var folder = new WorkFolder();
        PhotoFolders.Add(folder, "photos", "Tower 1", 5);
        PhotoFolders.Add(folder, "photos", "none", 5);
        foreach (string shard in new[] { "1/2", "2/2" })
            DemoProgram.Run(folder, Embed(shard)).AssertSuccess();
        return folder;
    });

    [ClassCleanup]
    public static void DeleteEmbedded()
    {
        if (s_embedded.IsValueCreated)
            s_embedded.Value.Dispose();
    }

    [TestMethod]
    public void Penalties_NoShards_SayWhatMakesThem()
    {
        using var folder = new WorkFolder();
        AssertError(folder, "The folder 'all' does not exist.");
        Directory.CreateDirectory(folder["all"]);
        // Names that are not quite those of manifests.
        foreach (string name in new[] { "00001-of-00002.json.unfinished", "1-of-2.json", "000001-of-00002.json", "00003-of-00002.json",
            "99999999999-of-99999999999.json", "00000-of-00001.json" })
        {
            folder.WriteText($"all/embeddings-{name}", "{}");
        }

        AssertError(folder, "'all' has no embeddings. Make them by landmarks embed --folder 'all', as one or by --shard.");
    }

    [TestMethod]
    public void Penalties_FolderWithAnApostrophe_CommandIsOneThatAShellTakes()
    {
        using var folder = new WorkFolder();
        Directory.CreateDirectory(folder["it's all"]);
        DemoProgram.Run(folder, "penalties", "--folder", "it's all").AssertError(1, "'it's all' has no embeddings. Make them by landmarks "
            + @"embed --folder 'it'\''s all', as one or by --shard.");
    }

    [TestMethod]
    public void Penalties_ShardsOfSeveralCounts_AreTold()
    {
        using WorkFolder folder = Copy();
        File.Copy(folder[$"{First}.json"], folder["all/embeddings-00001-of-00004.json"]);
        AssertError(folder, "'all' has shards of embeddings that are of 2, and others that are of 4. Delete the files of either.");
    }

    [TestMethod]
    public void Penalties_MissingOrDamagedShard_NamesItAndWhatMakesIt()
    {
        using WorkFolder folder = Copy();
        byte[] file = File.ReadAllBytes(folder[$"{Second}.parquet"]);
        string manifest = File.ReadAllText(folder[$"{Second}.json"]);

        File.WriteAllBytes(folder[$"{Second}.parquet"], file[..^1]);
        AssertError(folder, $"'{Second}.parquet' does not count: it has {file.Length - 1} bytes, and by its manifest {file.Length}. Make "
            + $"its shard again {MakeSecond}");
        file[20] ^= 1;
        File.WriteAllBytes(folder[$"{Second}.parquet"], file);
        AssertError(folder, $"'{Second}.parquet' does not count: it is not as it was written; its manifest has another SHA-256. Make its "
            + $"shard again {MakeSecond}");
        File.Delete(folder[$"{Second}.parquet"]);
        AssertError(folder, $"'{Second}.parquet' does not count: it is missing. Make its shard again {MakeSecond}");
        Edit(folder, Second, text => text.Replace("\"shards\": 2", "\"shards\": 3", StringComparison.Ordinal));
        AssertError(folder, $"'{Second}.json' does not count: it says that it is of another shard than its name says. Make its shard again "
            + MakeSecond);
        Edit(folder, Second, _ => manifest.Replace("\"format\": 1", "\"format\": 7", StringComparison.Ordinal));
        AssertError(folder, $"'{Second}.json' has format 7; this version reads 1 at most. Update this program.");
        File.Delete(folder[$"{Second}.json"]);
        AssertError(folder, $"1 of 2 shards of embeddings is missing in 'all'. Make it {MakeSecond}");
    }

    [TestMethod]
    [DataRow(null, "null")]
    [DataRow(null, "[1]")]
    [DataRow("\"kind\": \"embeddings\",", "")]
    [DataRow("\"format\": 1", "\"format\": 0", "format")]
    [DataRow("\"format\": 1", "\"format\": \"1\"", "format")]
    [DataRow("\"format\": 1", "\"format\": 1e99", "format")]
    [DataRow("\"kind\": \"embeddings\"", "\"kind\": 0", "kind")]
    [DataRow("\"shard\": 2", "\"shard\": 2, \"shard\": 2", "shard")]
    [DataRow("\"rows\": ", "\"rows\": -", "rows")]
    [DataRow("\"bytes\": ", "\"bytes\": -", "bytes")]
    [DataRow("\"landmarkRows\": 5", "\"landmarkRows\": 9223372036854775807", "landmarkRows")]
    [DataRow("\"nonLandmarkRows\": 5", "\"nonLandmarkRows\": -5", "nonLandmarkRows")]
    [DataRow("\"dimension\": 192", "\"dimension\": 0", "dimension")]
    [DataRow("\"smoothing\": 0", "\"smoothing\": \"NaN\"", "smoothing")]
    [DataRow("\"remark\": null", "\"remark\": null, \"checksum\": null", "checksum")]
    public void Penalties_ManifestWithOtherValues_IsToldInWordsOfItsOwn(string? found, string other, string? name = null)
    {
        using WorkFolder folder = Copy();
        Edit(folder, Second, text => found is null ? other : text.Replace(found, other, StringComparison.Ordinal));

        AssertError(folder, $"'{Second}.json' does not count: " + (name is null ? "it is no JSON object that has all values of a manifest."
            : $"its '{name}' is no such value as this program writes, or stands there twice.") + $" Make its shard again {MakeSecond}");
    }

    [TestMethod]
    public void Penalties_FewOfVeryManyShards_TellTheFirstMissing()
    {
        using WorkFolder folder = Copy();
        File.Delete(folder[$"{Second}.json"]);
        File.Move(folder[$"{First}.json"], folder["all/embeddings-00001-of-2147483647.json"]);
        AssertError(folder, "2147483646 of 2147483647 shards of embeddings are missing in 'all'. Make the first by landmarks embed "
            + "--folder 'all' --shard 2/2147483647, with the options of the others.");
    }

    [TestMethod]
    public void Penalties_RowsOfAnotherNumber_AreTold()
    {
        foreach (int count in new[] { 4, 6 })
        {
            using WorkFolder folder = Copy();
            foreach (string shard in new[] { First, Second })
            {
                Edit(folder, shard, text => text.Replace("\"landmarkRows\": 5", string.Create(CultureInfo.InvariantCulture,
                    $"\"landmarkRows\": {count}"), StringComparison.Ordinal));
            }

            Assert.StartsWith($"error: Row {5 + Math.Min(count, 5)} of {5 + count}, counted from 0, is in no file of embeddings in 'all', ",
                Find(folder).ErrorLines[^1]);
        }
    }

    [TestMethod]
    public void Penalties_ShardsThatDoNotBelongTogether_AreTold()
    {
        using WorkFolder folder = Copy();
        string manifest = File.ReadAllText(folder[$"{Second}.json"]);

        Change("list", "ABCD");
        AssertError(folder, $"'{Second}.json' is of a list of 10 photographs, and '{First}.json' of another one, of 10. All shards are "
            + "of one list: give each the same photographs, or name another folder by --folder.");
        Change("dimension", 3);
        AssertError(folder, $"'{Second}.json' was made by another network, or with other sizes or another preparation of images, than "
            + $"'{First}.json'. Give all shards the same options, or name another folder by --folder.");
        Change("smoothing", 0.25);
        AssertError(folder, $"'{Second}.json' was made with another --best or --like than '{First}.json'. Give all shards the same "
            + "options, or name another folder by --folder.");
        Change("processor", "Arm64");
        ProgramResult result = Find(folder).AssertSuccess();
        Assert.AreEqual("warning: The embeddings in 'all' were made by processors of several kinds, or by several versions of this "
            + "program, so their last bits may not be those of one fit.", result.ErrorLines[0]);

        void Change(string name, JsonNode value) => Edit(folder, Second, _ =>
        {
            JsonObject changed = JsonNode.Parse(manifest)!.AsObject();
            changed[name] = value;
            return changed.ToJsonString();
        });
    }

    [TestMethod]
    public void Penalties_StepsThatAreNotThoseOfTheShards_AreTold()
    {
        using WorkFolder folder = Copy();
        string steps = folder["all/steps.zip"];

        File.Delete(steps);
        AssertError(folder, $"'all/steps.zip', the steps that embed, is missing. Once more {MakeSteps}");
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable([new Row()]);
        ml.Model.Save(SampleFiles.PrepareImages(ml).Fit(rows), rows.Schema, steps);
        AssertError(folder, $"'all/steps.zip', the steps that embed, can't be read: it holds no steps that embed photographs, or others "
            + $"too. Delete it, and {MakeSteps}");
        // A whole model, of the same network.
        DemoProgram.Run(folder, "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--network", SampleFiles.FastNetwork,
            "--no-cache", "--plain", "--output", "model.zip").AssertSuccess();
        File.Copy(folder["model.zip"], steps, overwrite: true);
        AssertError(folder, $"'all/steps.zip', the steps that embed, can't be read: it holds no steps that embed photographs, or others "
            + $"too. Delete it, and {MakeSteps}");
        File.WriteAllText(steps, "no zip");
        Assert.StartsWith("error: 'all/steps.zip', the steps that embed, can't be read: ", Find(folder).Error);
        File.Delete(steps);
        DemoProgram.Run(folder, [.. Embed("1/1").Select(argument => argument == "all" ? "other" : argument), "--bgr"]).AssertSuccess();
        File.Copy(folder["other/steps.zip"], steps);
        AssertError(folder, "'all/steps.zip' is of another network or another preparation than the embeddings beside it. Delete it, and "
            + MakeSteps);
    }

    [TestMethod]
    public void Merge_ShardsOfSeveralGroupsOfRows_IsTheFitToTheByte()
    {
        using var folder = new WorkFolder();
        PhotoFolders.Add(folder, "photos", "Tower 1", 600);
        PhotoFolders.Add(folder, "photos", "Tower 2", 500);
        PhotoFolders.Add(folder, "photos", "none", 50);

        DemoProgram.Run(folder, ["fit", .. s_photographs, "--plain", "--output", "expected.zip"]).AssertSuccess();
        foreach (string shard in new[] { "1/2", "2/2" })
            DemoProgram.Run(folder, Embed(shard)).AssertSuccess();
        Find(folder).AssertSuccess();
        DemoProgram.Run(folder, "merge", "--folder", "all", "--output", "merged.zip").AssertSuccess();

        Assert.IsGreaterThan(1, EmbeddedPhotograph.CountGroups(folder[$"{First}.parquet"]));
        ModelEntries.AssertSame(folder, "expected.zip", "merged.zip");
    }

    [TestMethod]
    public void Penalties_FileThatWasReplaced_IsTold()
    {
        using WorkFolder folder = Copy();
        string second = folder[$"{Second}.parquet"], first = folder[$"{First}.parquet"];
        byte[] whole = File.ReadAllBytes(second);

        File.Copy(first, second, overwrite: true);
        Describe();
        Assert.StartsWith("error: Row ", Find(folder).ErrorLines[^1]);
        Assert.EndsWith(" of 10, counted from 0, is in no file of embeddings in 'all', in two of them, or is one too many. Delete these "
            + "files, and make them again by landmarks embed.", Find(folder).ErrorLines[^1]);
        File.WriteAllText(second, "no Parquet file at all");
        Describe();
        Assert.StartsWith($"error: '{Second}.parquet' can't be read as a Parquet file: ", Find(folder).ErrorLines[^1]);
        // The second list is said to go on with the first, as Parquet tells: once (2) it begins a row (0), 191 times it goes on (1).
        byte[] lists = [.. whole], list = [2, 0, 0xFE, 2, 1];
        int place = lists.AsSpan().IndexOf(list) + list.Length;
        lists[place + lists.AsSpan(place).IndexOf(list) + 1] = 1;
        File.WriteAllBytes(second, lists);
        Describe();
        Assert.Contains("rows should have a list each, and there are ", Find(folder).ErrorLines[^1]);
        // The length of what tells the columns.
        lists = [.. whole];
        lists[^8] ^= 1;
        File.WriteAllBytes(second, lists);
        Describe();
        Assert.StartsWith($"error: '{Second}.parquet' can't be read as a Parquet file: ", Find(folder).ErrorLines[^1]);
        // It may have no value, and so has another form.
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = $"COPY (FROM read_parquet('{first}')) TO '{second}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }

        Describe();
        AssertError(folder, $"'{Second}.parquet' has no column 'row', or that is of another type. Delete it, and make its shard again.");
        DemoProgram.Run(folder, [.. Embed("2/2").Select(argument => argument == "all" ? "other"
            : argument == SampleFiles.FastNetwork ? SampleFiles.Network("means") : argument)]).AssertSuccess();
        File.Copy(folder["other/embeddings-00002-of-00002.parquet"], second, overwrite: true);
        Describe();
        string error = Find(folder).ErrorLines[^1];
        Assert.Contains($" in '{Second}.parquet' has an embedding of ", error);
        Assert.EndsWith("; it must have 192. Delete the file, and make its shard again by landmarks embed.", error);

        void Describe() => Edit(folder, Second, text =>
        {
            JsonObject manifest = JsonNode.Parse(text)!.AsObject();
            byte[] bytes = File.ReadAllBytes(second);
            (manifest["bytes"], manifest["checksum"]) = (bytes.Length, Convert.ToHexString(SHA256.HashData(bytes)));
            return manifest.ToJsonString();
        });
    }

    private static string[] Embed(string shard) => ["embed", .. s_photographs, "--folder", "all", "--shard", shard];

    private static WorkFolder Copy()
    {
        var folder = new WorkFolder();
        foreach (string file in Directory.EnumerateFiles(s_embedded.Value.FullPath, "*", SearchOption.AllDirectories))
        {
            string copy = folder[Path.GetRelativePath(s_embedded.Value.FullPath, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return folder;
    }

    private static void Edit(WorkFolder folder, string shard, Func<string, string> edit)
        => File.WriteAllText(folder[$"{shard}.json"], edit(File.ReadAllText(folder[$"{shard}.json"])));

    private static ProgramResult Find(WorkFolder folder) => DemoProgram.Run(folder, "penalties", "--folder", "all", "--plain");

    private static void AssertError(WorkFolder folder, string message) => Find(folder).AssertError(1, message);

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string Id { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
