namespace Microsoft.ML.Landmarks.Tests;

/// <summary>The files that the README's examples name: photographs of the sample.</summary>
internal static class ReadmeFiles
{
    /// <returns>The ids of the queries.</returns>
    public static string[] CopyTo(TemporaryFolder folder)
    {
        CopyPhotos("train.csv", "images/train", 12);
        // So many that a third of them says how often nothing is taken for a landmark.
        CopyPhotos("valid.csv", "images/valid", 60);
        return CopyPhotos("sample_submission.csv", "images/test", 8);

        string[] CopyPhotos(string csv, string target, int count)
        {
            string[] lines = [.. File.ReadLines(TestFiles.Sample(csv)).Take(count + 1)];
            File.WriteAllLines(folder[csv], lines);
            string[] ids = [.. lines.Skip(1).Select(line => line.Split(',')[0])];
            foreach (string id in ids)
            {
                string photo = Path.Combine(id[..1], id[1..2], id[2..3], $"{id}.jpg");
                Directory.CreateDirectory(Path.GetDirectoryName(folder[Path.Combine(target, photo)])!);
                File.Copy(TestFiles.Sample("images", photo), folder[Path.Combine(target, photo)]);
            }

            return ids;
        }
    }
}
