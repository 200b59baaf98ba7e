using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>The code of the README is that of tests/ReadmeExamples, which runs.</summary>
[TestClass]
public sealed partial class ReadmeTests
{
    private static readonly string s_program = Path.Combine(TestFiles.ProgramFolder("ReadmeExamples"), "ReadmeExamples.dll");

    [TestMethod]
    public void Readme_CodeBlocks_AreTheExamples()
    {
        string[] blocks = [.. CodeBlock().Matches(File.ReadAllText(TestFiles.Repository("README.md"))).Select(m => Normalize(m.Groups[1].Value))];
        string[] examples = [.. Region().Matches(File.ReadAllText(TestFiles.Repository("tests", "ReadmeExamples", "Program.cs"))).Select(m => Normalize(m.Groups[1].Value))];

        Assert.HasCount(3, examples);
        CollectionAssert.AreEqual(examples, blocks);
    }

    [TestMethod]
    public void Readme_Examples_Run()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["models"]);
        File.Copy(TestFiles.Network, folder["models/efficientnet_lite0_gem.onnx"]);
        string[] train = CopyPhotos("train.csv", "images/train", 12), valid = CopyPhotos("valid.csv", "images/valid", 12), queries = CopyPhotos("sample_submission.csv", "images/test", 8);

        foreach (string example in (string[])["fit", "predict", "cache"])
        {
            (int exitCode, string[] _, string errors) = ChildProcess.Run(s_program, folder["."], example);
            Assert.AreEqual((0, ""), (exitCode, errors), example);
        }

        Assert.HasCount(12, train);
        Assert.HasCount(12, valid);
        Assert.IsTrue(File.Exists(folder["landmarks.zip"]));
        CollectionAssert.AreEqual(queries, TestFiles.ReadCsv(folder["submission.csv"]).Select(fields => fields[0]).ToArray());

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

    private static string Normalize(string code)
    {
        string[] lines = [.. code.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal))];
        int indent = lines.Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line[indent..]));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"#region \w+\n(.*?)#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();
}
