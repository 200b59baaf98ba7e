using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML;

namespace Landmarks.Demo.Tests;

/// <summary>A fit that several processes share out is the fit, to the last byte.</summary>
[TestClass]
public sealed class MergeTests
{
    // Of folders; see Prepare.
    private static readonly string[] s_folders = ["--train-folders", "photos", "--non-landmark-folder", "none"],
        s_fast = ["--network", SampleFiles.FastNetwork];

    [TestMethod]
    public void Merge_ShardsOfFoldersInAnyOrder_IsTheFitToTheByte()
    {
        using var folder = new WorkFolder();
        WriteFolders(folder);
        ProgramResult fit = Run(folder, ["fit", .. s_folders, .. s_fast, "--no-cache", "--output", "expected.zip"]).AssertSuccess();

        string[] embed = ["embed", "--folder", "parts", .. s_folders, .. s_fast];
        Parallel.Invoke(() => Run(folder, [.. embed, "--shard", "2/2"]).AssertSuccess(),
            () => Run(folder, [.. embed, "--shard", "1/2"]).AssertSuccess());
        Parallel.Invoke(() => Find(folder, 3, 3).AssertSuccess(), () => Find(folder, 1, 3).AssertSuccess());
        Find(folder, 2, 3).AssertSuccess();
        byte[] manifest = File.ReadAllBytes(folder["parts/penalties-00001-of-00003.json"]);
        Assert.Contains("Shard 1/3 is complete: ", Find(folder, 1, 3).AssertSuccess().Output);
        CollectionAssert.AreEqual(manifest, File.ReadAllBytes(folder["parts/penalties-00001-of-00003.json"]));
        ProgramResult merge = Run(folder, "merge", "--folder", "parts", "--output", "merged.zip").AssertSuccess();

        ModelEntries.AssertSame(folder, "expected.zip", "merged.zip");
        AssertSameWords(fit, merge);
        Assert.Contains("Method: whitened-tuned", merge.Output);
    }

    [TestMethod]
    public void Merge_PlainMethodWithSettings_IsTheFitToTheByte()
    {
        using var folder = new WorkFolder();
        WriteFolders(folder);
        string[] settings = ["--plain", "--neighbors", "3", "--train-penalty-neighbors", "2", "--query-penalty-neighbors", "70"];

        AssertSameAsFit(folder, s_folders, s_fast, settings, embedders: 1, finders: 2);

        // The same embeddings, for another model; what is there of the first does not count.
        Run(folder, ["fit", .. s_folders, .. s_fast, "--output", "expected.zip", "--false-alarms", "10%", "--neighbors", "4"])
            .AssertSuccess();
        foreach (int number in (int[])[1, 2])
        {
            ProgramResult again = Find(folder, number, 2, "--false-alarms", "10%", "--neighbors", "4").AssertSuccess();
            Assert.AreEqual($"warning: '{Path.Join("parts", $"penalties-0000{number}-of-00002.json")}' does not count, so its shard is "
                + "made again: it was found with neighbors 3, and now neighbors 4 is asked for.", Assert.ContainsSingle(again.ErrorLines));
        }

        Run(folder, "merge", "--folder", "parts", "--output", "merged.zip").AssertSuccess();
        ModelEntries.AssertSame(folder, "expected.zip", "merged.zip");
    }

    [TestMethod]
    public void Merge_CsvFilesWithUnreadablePhotographsAndNames_IsTheFitToTheByte()
    {
        using var folder = new WorkFolder();
        string[] ids = SampleFiles.Ids("train.csv");
        // 12 landmarks of 6 rows, of which the first of a landmark is missing, and so is a non-landmark.
        string train = folder.WriteText("mine.csv", "id,landmark_id\n" + string.Concat(Enumerable.Range(0, 72).Select(
                row => $"{(row % 6 == 0 && row < 30 ? $"gone{row}" : ids[row % 60])},{row / 6}\n"))),
            others = folder.WriteText("others.csv",
                string.Join('\n', File.ReadLines(SampleFiles.Of("valid.csv")).Take(64)) + "\nabsent,-1\n"),
            names = folder.WriteText("names.csv", "landmark_id,name\n3,\"The \"\"Tower\"\" of 塔\"\n5,Bridge\n99,Nowhere\n4,\n");

        AssertSameAsFit(folder,
            ["--train", train, "--non-landmarks", others, "--images", SampleFiles.Images, "--per-landmark", "5", "--on-bad-image", "skip"],
            ["--network", SampleFiles.Network("two_outputs"), "--network-output", "means", "--image-size", "16", "24", "--average-mirror",
                "--max-megapixels", "20"],
            ["--names", names, "--false-alarms", "10%", "--false-alarm-confidence", "60%"], embedders: 3, finders: 2);
    }

    [TestMethod]
    public void Merge_Best_IsTheFitToTheByte()
    {
        using var folder = new WorkFolder();
        WriteFolders(folder);

        AssertSameAsFit(folder, s_folders, ["--network", SampleFiles.Network("means"), "--best"], [], embedders: 2, finders: 2);

        Find(folder, 1, 2, "--plain").AssertError(2, "--plain asks for the plain method, and the embeddings in 'parts' were made by "
            + "--best, which is nothing for it. Leave it out, or embed into another folder without --best.");
    }

    [TestMethod]
    public void Merge_LikeAModel_IsTheFitToTheByte()
    {
        using var folder = new WorkFolder();
        WriteFolders(folder);
        string names = folder.WriteText("names.csv", "landmark_id,name\nTower C,The Third\n");
        Run(folder, ["fit", .. s_folders, "--network", SampleFiles.Network("means"), "--image-size", "24", "--mean", "0.25", "--neighbors",
            "3", "--false-alarms", "10%", "--names", names, "--output", "like.zip"]).AssertSuccess();

        AssertSameAsFit(folder, s_folders, [], [], embedders: 2, finders: 1, of: ["--like", "like.zip"]);

        Run(folder, ["fit", .. s_folders, .. s_fast, "--plain", "--output", "plain.zip"]).AssertSuccess();
        Find(folder, 1, 1, "--like", "plain.zip", "--names", names).AssertError(2, "--names is nothing for the plain method, and "
            + "'plain.zip' is of that. Leave it out, or fit without --like.");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Merge_LikeAModelWithWhatNoOptionSays_IsTheFitToTheByte(bool isPlain)
    {
        using var folder = new WorkFolder();
        WriteFolders(folder);
        var ml = new MLContext();
        IDataView photos = ml.Data.LoadLandmarkFolders(folder["photos"], "none");
        LandmarkOptions shared = new KnnLandmarkEstimator.Options { IdColumnName = "Id", SameLandmarkSmoothing = 0.125 };
        IEstimator<ITransformer> landmarks = isPlain
            ? ml.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options(shared)
            {
                TrainingPenaltyWeight = 0.5,
                QueryPenaltyWeight = 0.1,
                SimilarityExponent = 3,
                QueryExpansion = 2,
            })
            : ml.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options(shared)
            {
                Method = LandmarkMethod.WhitenedNoPenalties,
            });
        ml.Model.Save(SampleFiles.PrepareImages(ml).Append(ml.Transforms.EmbedImages("Features", "Pixels", SampleFiles.FastNetwork))
            .Append(landmarks).Fit(photos), photos.Schema, folder["like.zip"]);

        AssertSameAsFit(folder, s_folders, [], [], embedders: 1, finders: 2, of: ["--like", "like.zip"]);
    }

    [TestMethod]
    public void Penalties_KilledAndRunAgain_ChangesNothing()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("A pipe holds the program where it is killed, and pipes have names in the file system on other systems.");
        using var folder = new WorkFolder();
        WriteFolders(folder);
        string names = folder.WriteText("names.csv", "landmark_id,name\nTower C,The Third\n");
        Run(folder, ["fit", .. s_folders, .. s_fast, "--names", names, "--output", "expected.zip"]).AssertSuccess();
        Run(folder, ["embed", "--folder", "parts", .. s_folders, .. s_fast]).AssertSuccess();
        Find(folder, 1, 2, "--names", names).AssertSuccess();
        using (Process make = Process.Start("mkfifo", folder["pipe"]))
            make.WaitForExit();

        // It waits for the names in the pipe, with the shard in its hands.
        ProgramResult killed = DemoProgram.RunUntil("Checked files", "KILL", () => Find(folder, 2, 2, "--names", names).AssertError(1,
            "Another run is at work on shard 2/2 in 'parts'. Wait until it is done."), [], folder, "penalties", "--folder", "parts",
            "--shard", "2/2", "--names", "pipe");

        Assert.AreNotEqual(0, killed.ExitCode);
        Run(folder, "merge", "--folder", "parts", "--output", "merged.zip").AssertError(1, "1 of 2 shards of penalties is missing in "
            + "'parts'. Make it by landmarks penalties --folder 'parts' --shard 2/2, with the options of the others.");
        Find(folder, 2, 2, "--names", names).AssertSuccess();
        Run(folder, "merge", "--folder", "parts", "--output", "merged.zip").AssertSuccess();
        ModelEntries.AssertSame(folder, "expected.zip", "merged.zip");
        Assert.IsEmpty(Directory.GetFiles(folder["parts"], "*.unfinished"));
    }

    [TestMethod]
    public void Merge_PartsThatAreNoWhole_SaysWhatMendsThem()
    {
        using var folder = new WorkFolder();
        WriteFolders(folder);
        string[] merge = ["merge", "--folder", "parts", "--output", "m.zip"],
            embed = ["embed", "--folder", "parts", .. s_folders, .. s_fast];
        Run(folder, merge).AssertError(1, "The folder 'parts' does not exist.");
        Run(folder, [.. embed, "--shard", "1/2"]).AssertSuccess();
        Run(folder, merge).AssertError(1, "1 of 2 shards of embeddings is missing in 'parts'. Make it by landmarks embed --folder 'parts' "
            + "--shard 2/2, with the options of the others.");
        Find(folder, 1, 1).AssertError(1, "1 of 2 shards of embeddings is missing in 'parts'. Make it by landmarks embed --folder 'parts' "
            + "--shard 2/2, with the options of the others.");
        Run(folder, [.. embed, "--shard", "2/2"]).AssertSuccess();
        Run(folder, merge).AssertError(1,
            "'parts' has no penalties. Make them by landmarks penalties --folder 'parts', as one or by --shard.");
        Find(folder, 1, 2).AssertSuccess();
        Find(folder, 2, 2, "--neighbors", "3").AssertSuccess();
        string first = Path.Join("parts", "penalties-00001-of-00002"), second = Path.Join("parts", "penalties-00002-of-00002");

        Run(folder, merge).AssertError(1, $"'{second}.json' was found with neighbors 3, and '{first}.json' with neighbors 5. All shards "
            + "are found for one model: make this one again by landmarks penalties --folder 'parts' --shard 2/2, with the options of the "
            + "other, or the other with the options of this one.");
        Find(folder, 2, 2, "--names", folder.WriteText("names.csv", "landmark_id,name\nTower C,The Third\n")).AssertSuccess();
        Run(folder, merge).AssertError(1, $"'{second}.json' was found with the name of Tower C The Third, and '{first}.json' with the name "
            + "of Tower C left out. All shards are found for one model: make this one again by landmarks penalties --folder 'parts' "
            + "--shard 2/2, with the options of the other, or the other with the options of this one.");
        Find(folder, 2, 2).AssertSuccess();
        byte[] table = File.ReadAllBytes(folder[$"{second}.parquet"]), ofSecond = [.. table];
        table[^20] ^= 1;
        File.WriteAllBytes(folder[$"{second}.parquet"], table);
        Run(folder, merge).AssertError(1, $"'{second}.parquet' does not count: it is not as it was written; its manifest has another "
            + "SHA-256. Make its shard again by landmarks penalties --folder 'parts' --shard 2/2, with the options of the others.");
        Find(folder, 2, 2).AssertSuccess();
        string manifest = File.ReadAllText(folder[$"{second}.json"]);
        File.WriteAllText(folder[$"{second}.json"], manifest.Replace("\"smoothing\": 0,", "", StringComparison.Ordinal));
        StringAssert.StartsWith(Run(folder, merge).Error, $"error: '{second}.json' does not count: ");
        File.WriteAllText(folder[$"{second}.json"], manifest);
        string embedded = folder[Path.Join("parts", "embeddings-00002-of-00002.json")], ofEmbedded = File.ReadAllText(embedded);
        File.WriteAllText(embedded,
            ofEmbedded.Replace("\"processor\": \"", "\"processor\": \"Another ", StringComparison.Ordinal));
        Assert.AreEqual("warning: The embeddings in 'parts' were made by processors of several kinds, or by several versions of this "
            + "program, so their last bits may not be those of one fit.", Assert.ContainsSingle(Run(folder, merge).ErrorLines));
        File.WriteAllText(embedded, ofEmbedded);
        // As if written so: a word of no kind of rows.
        Describe(Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(ofSecond).Replace("whitened", "Whitened", StringComparison.Ordinal)));
        Run(folder, merge).AssertError(1, $"'{second}.parquet' has a row that is no penalty: one has the number of a landmark row, whether "
            + "the rows are plain or whitened, and two lists. Delete the file, and make its shard again.");
        Describe(File.ReadAllBytes(folder[$"{first}.parquet"]));
        Run(folder, merge).AssertError(1, "The penalty of landmark row 3 is given twice. Have landmarks penalties find those of all shards "
            + "anew.");
        Describe(ofSecond);
        Find(folder, 1, 3).AssertError(1, "'parts' has 2 of 2 shards of penalties, so none can be 1/3. Go on with those by --shard 1/2 to "
            + "2/2, or delete the files penalties-* there.");
        Run(folder, "merge", "--folder", "parts", "--output", Path.Join("parts", "steps.zip")).AssertError(1,
            $"'{Path.Join("parts", "steps.zip")}' is to be written and is read in this run. Name another file to write.");
        // Another photograph, so other embeddings.
        Directory.Delete(folder["parts"], recursive: true);
        Run(folder, embed).AssertSuccess();
        Find(folder, 1, 1).AssertSuccess();
        File.Delete(folder["photos/Tower A/3.bmp"]);
        foreach (string file in Directory.GetFiles(folder["parts"], "embeddings-*"))
            File.Delete(file);
        Run(folder, embed).AssertSuccess();
        first = Path.Join("parts", "penalties-00001-of-00001");
        Run(folder, merge).AssertError(1, $"'{first}.json' is of other embeddings than those that are there now. Make its shard again by "
            + "landmarks penalties --folder 'parts' --shard 1/1, with the options of the others.");
        Assert.AreEqual($"warning: '{first}.json' does not count, so its shard is made again: it is of other embeddings than those that "
            + "are there now.", Assert.ContainsSingle(Find(folder, 1, 1).AssertSuccess().ErrorLines));
        Run(folder, merge).AssertSuccess();

        void Describe(byte[] bytes)
        {
            File.WriteAllBytes(folder[$"{second}.parquet"], bytes);
            JsonObject told = JsonNode.Parse(File.ReadAllText(folder[$"{second}.json"]))!.AsObject();
            (told["bytes"], told["checksum"]) = (bytes.Length, Convert.ToHexString(SHA256.HashData(bytes)));
            File.WriteAllText(folder[$"{second}.json"], told.ToJsonString());
        }
    }

    [TestMethod]
    [DataRow("Name the model that is written by --output, or the index that gets its rows by --index, or both.")]
    [DataRow("--reader is nothing without --index; leave it out, or name the index.", "--output", "m.zip", "--reader", "me")]
    [DataRow("--writer is nothing without --index; leave it out, or name the index.", "--output", "m.zip", "--writer", "me")]
    public void Merge_ArgumentsThatDoNotGoTogether_AreWrong(string message, params string[] arguments)
    {
        using var folder = new WorkFolder();
        Run(folder, ["merge", "--folder", ".", .. arguments]).AssertError(2, message);
    }

    [TestMethod]
    public void Penalties_ArgumentsThatDoNotGoTogether_AreWrong()
    {
        using var folder = new WorkFolder();
        Run(folder, "penalties", "--folder", ".", "--plain", "--false-alarms", "1%").AssertError(2,
            "--false-alarms is nothing for the plain method; leave it or --plain out.");
        foreach (string shard in (string[])["0/8", "9/8", "1/0", "x"])
            Assert.AreEqual(2, Run(folder, "penalties", "--folder", ".", "--shard", shard).ExitCode);
    }

    // 12 landmarks of 4 photographs and 60 of none: enough to be tuned.
    private static void WriteFolders(WorkFolder folder)
    {
        for (char landmark = 'A'; landmark <= 'L'; landmark++)
            PhotoFolders.Add(folder, "photos", $"Tower {landmark}", 4);
        PhotoFolders.Add(folder, "photos", "none", 60);
    }

    private static void AssertSameAsFit(WorkFolder folder, string[] data, string[] network, string[] learning, int embedders, int finders,
        params string[] of)
    {
        ProgramResult fit = Run(folder, ["fit", .. data, .. network, .. learning, .. of, "--no-cache", "--output", "expected.zip"])
            .AssertSuccess();
        for (int number = 1; number <= embedders; number++)
        {
            Run(folder, ["embed", "--folder", "parts", "--shard", Shard(number, embedders), .. data, .. network, .. of]).AssertSuccess();
        }

        for (int number = 1; number <= finders; number++)
            Find(folder, number, finders, [.. learning, .. of]).AssertSuccess();
        ProgramResult merge = Run(folder, "merge", "--folder", "parts", "--output", "merged.zip").AssertSuccess();
        ModelEntries.AssertSame(folder, "expected.zip", "merged.zip");
        AssertSameWords(fit, merge);
    }

    // What fit says at its end, but for what another option would do.
    private static void AssertSameWords(ProgramResult fit, ProgramResult merge)
    {
        Assert.AreSequenceEqual(Words(fit), Words(merge));

        static string[] Words(ProgramResult result) => [.. result.OutputLines
            .SkipWhile(line => !line.StartsWith("Method: ", StringComparison.Ordinal))
            .Where(line => !line.StartsWith("fit --best ", StringComparison.Ordinal))
            .Select(line => line.StartsWith("Wrote ", StringComparison.Ordinal) ? line.Split(": ")[^1].Split(" in ")[0] : line)];
    }

    private static ProgramResult Find(WorkFolder folder, int number, int count, params string[] more)
        => Run(folder, ["penalties", "--folder", "parts", "--shard", Shard(number, count), .. more]);

    private static ProgramResult Run(WorkFolder folder, params string[] arguments) => DemoProgram.Run(folder, arguments);

    private static string Shard(int number, int count) => string.Create(CultureInfo.InvariantCulture, $"{number}/{count}");
}
