namespace Microsoft.ML.Landmarks.Tests;

/// <summary>The files that the READMEs' examples name: photographs of the sample.</summary>
internal static class ReadmeFiles
{
    // So many that a third of them says how often nothing is taken for a landmark.
    private const int NonLandmarkCount = 60;

    private const int TrainingCount = 12;

    private const string EiffelTower = "159e79086eb97694";

    /// <summary>What photo.jpg shows.</summary>
    public const string Landmark = "Eiffel Tower";

    /// <returns>The ids of the queries.</returns>
    public static string[] CopyTo(TemporaryFolder folder)
    {
        CopyPhotos("train.csv", "train.csv", "images/train", 0, TrainingCount);
        CopyPhotos("train.csv", "more.csv", "images/more", TrainingCount, 3);
        CopyPhotos("valid.csv", "valid.csv", "images/valid", 0, NonLandmarkCount);
        CopyFolders(folder);
        return CopyPhotos("sample_submission.csv", "sample_submission.csv", "images/test", 0, 8);

        string[] CopyPhotos(string sample, string csv, string target, int first, int count)
        {
            string[] lines = File.ReadAllLines(TestFiles.Sample(sample)), rows = lines[(first + 1)..(first + count + 1)];
            File.WriteAllLines(folder[csv], [lines[0], .. rows]);
            string[] ids = [.. rows.Select(line => line.Split(',')[0])];
            foreach (string id in ids)
                Copy(id, folder[Path.Combine(target, PhotoOf(id))]);
            return ids;
        }
    }

    /// <summary>photos, with a folder for each landmark and one for those of none, photo.jpg, and holiday.</summary>
    private static void CopyFolders(TemporaryFolder folder)
    {
        var names = TestFiles.ReadCsv(TestFiles.Sample("landmarks.csv")).ToDictionary(fields => fields[0], fields => fields[1]);
        foreach (string[] fields in TestFiles.ReadCsv(TestFiles.Sample("train.csv")).Take(32))
            Copy(fields[0], folder[$"photos/{names[fields[1]]}/{fields[0]}.jpg"]);
        foreach (string[] fields in TestFiles.ReadCsv(TestFiles.Sample("valid.csv")).Take(NonLandmarkCount))
            Copy(fields[0], folder[$"photos/none/{fields[0]}.jpg"]);
        foreach ((string name, string id) in new[] { ("photo", EiffelTower), ("holiday/eiffel", EiffelTower),
            ("holiday/coffee", "cc02f8ca188b167c"), ("holiday/taj-mahal", "d38d14e765824d7a") })
            Copy(id, folder[$"{name}.jpg"]);
    }

    private static void Copy(string id, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(TestFiles.Sample("images", PhotoOf(id)), file);
    }

    private static string PhotoOf(string id) => Path.Combine(id[..1], id[1..2], id[2..3], $"{id}.jpg");
}
