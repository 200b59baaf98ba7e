using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Readmes;

/// <summary>The code of the READMEs is that of tests/ReadmeExamples, which runs.</summary>
[TestClass]
public sealed partial class ReadmeCodeTests
{
    private static readonly string s_program = Path.Combine(TestFiles.ProgramFolder("ReadmeExamples"), "ReadmeExamples.dll");

    [TestMethod]
    public void Readmes_CodeBlocks_AreTheExamples()
    {
        string[] blocks = [.. Readme.All.SelectMany(readme => readme.Blocks("csharp")).Select(Normalize)];
        string[] examples = [.. Region().Matches(File.ReadAllText(TestFiles.Repository("tests", "ReadmeExamples", "Program.cs")))
            .Select(m => Normalize(m.Groups[1].Value))];

        Assert.HasCount(13, examples);
        CollectionAssert.AreEqual(examples, blocks);
    }

    [TestMethod]
    public void Readmes_Examples_Run()
    {
        using var folder = new TemporaryFolder();
        string[] queries = ReadmeFiles.CopyTo(folder);

        foreach (string example in (string[])["fit", "predict", "cache", "recognize", "bytes", "change", "service", "resnet18"])
        {
            (int exitCode, string[] _, string errors) = ChildProcess.Run(s_program, folder["."], example);
            Assert.AreEqual((0, ""), (exitCode, errors), example);
        }

        Assert.IsTrue(File.Exists(folder["landmarks.zip"]));
        Assert.IsTrue(File.Exists(folder["changed.zip"]));
        CollectionAssert.AreEqual(queries, TestFiles.ReadCsv(folder["submission.csv"]).Select(fields => fields[0]).ToArray());
    }

    [TestMethod]
    public void Readme_Program_FitsWhatTheCommandFits()
    {
        using var folder = new TemporaryFolder();
        ReadmeFiles.CopyTo(folder);

        (int exitCode, string[] output, string errors) = ChildProcess.Run(s_program, folder["."], "program");
        Assert.AreEqual((0, ""), (exitCode, errors));
        CollectionAssert.AreEqual((string[])[ReadmeFiles.Landmark], output);
        (exitCode, _, errors) = ChildProcess.Run(Path.Combine(TestFiles.ProgramFolder("Landmarks.Demo"), "landmarks.dll"), folder["."],
            "fit", "--train-folders", "photos", "--non-landmark-folder", "none", "--output", "fit.zip");
        Assert.AreEqual((0, ""), (exitCode, errors));

        // The program's model shows more, after what the example's shows.
        string[][] answers = [.. new[] { "landmarks.zip", "fit.zip" }.Select(model => Answer(folder, model))];
        CollectionAssert.AreEqual(answers[0], answers[1]);
        Assert.HasCount(8, answers[0].Distinct().ToArray());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Examples_FitAndPredictOnTheCpu_MapNoLibraryOfTorchOrCuda()
    {
        using var folder = new TemporaryFolder();
        ReadmeFiles.CopyTo(folder);

        (int exitCode, string[] maps, string errors) = ChildProcess.Run(s_program, folder["."], "maps");

        Assert.AreEqual((0, ""), (exitCode, errors));
        string[] files = [.. maps.Where(line => line.Contains('/')).Select(line => Path.GetFileName(line)).Distinct()];
        Assert.Contains("libonnxruntime.so", files);
        Assert.IsEmpty(files.Where(file => Regex.IsMatch(file, "torch|cuda|cudnn|cublas", RegexOptions.IgnoreCase)));
    }

    /// <summary>The answers of a model to the queries, bit for bit.</summary>
    private static string[] Answer(TemporaryFolder folder, string model)
    {
        var mlContext = new MLContext();
        IDataView answers = mlContext.Model.Load(folder[model], out _)
            .Transform(mlContext.Data.LoadLandmarks(folder["sample_submission.csv"], folder["images/test"]));
        return [.. answers.Values<ReadOnlyMemory<char>>("PredictedLabel")
            .Zip(answers.Values<float>("Score"), answers.Values<float>("FalseAlarmProbability"))
            .Zip(answers.Values<bool>("IsLandmark"), (answer, isLandmark) => $"{answer.First} "
                + $"{BitConverter.SingleToInt32Bits(answer.Second)} {BitConverter.SingleToInt32Bits(answer.Third)} {isLandmark}")];
    }

    private static string Normalize(string code)
    {
        string[] lines = [.. code.Split('\n').Select(line => line.TrimEnd())
            .Where(line => line.Length > 0 && !line.StartsWith("using Microsoft.", StringComparison.Ordinal))];
        int indent = lines.Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line[indent..]));
    }

    [GeneratedRegex(@"#region \w+\n(.*?)#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();
}
