using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Readmes;

/// <summary>The READMEs' commands are those of the programs, with their options.</summary>
[TestClass]
public sealed partial class ReadmeCommandTests
{
    private const string Benchmarks = "dotnet run -c Release --project tests/Microsoft.ML.Landmarks.Benchmarks -- ";

    private static readonly Dictionary<string, string[]> s_help = [];

    [TestMethod]
    [DataRow("fit")]
    [DataRow("embed")]
    [DataRow("penalties")]
    [DataRow("merge")]
    [DataRow("predict")]
    [DataRow("evaluate")]
    [DataRow("compare")]
    [DataRow("check")]
    [DataRow("add")]
    [DataRow("remove")]
    [DataRow("info")]
    [DataRow("network")]
    [DataRow("serve")]
    [DataRow("index create")]
    [DataRow("index load")]
    [DataRow("index add")]
    [DataRow("index remove")]
    [DataRow("index check")]
    [DataRow("index info")]
    public void Readme_OptionTables_AreTheHelp(string command)
    {
        string[][] rows = [.. Readme.Of("src", "Landmarks.Demo").TableRows()];
        string[] told = [.. rows.Select((row, i) => (Row: row, Head: rows[..(i + 1)].Last(head => head[1].Length == 0)[0]))
            .Where(cell => cell.Row[1].Length > 0 && cell.Head.Split(", ").Contains($"`{command}`"))
            .Select(cell => $"{cell.Row[0].Replace("`", "", StringComparison.Ordinal)}: {cell.Row[1]}")];
        string[] promised = [.. Help("Landmarks.Demo", "landmarks", command)
            .Select(line => Option().Match(line)).Where(match => match.Success)
            .Select(match => (Name: match.Groups[1].Value, Text: match.Groups[2].Value))
            .Where(option => option.Name is not "-?, -h, --help" and not "--verbose")
            .Select(option => $"{option.Name.Replace(" (REQUIRED)", ", required", StringComparison.Ordinal)}: {option.Text}")];

        CollectionAssert.AreEquivalent(promised, told);
    }

    [TestMethod]
    public void Readmes_Commands_HaveOptionsThatExist()
    {
        (string Program, string Name, string Line)[] lines = [.. Readme.All.SelectMany(readme => readme.Commands()).SelectMany(Find)];

        foreach ((string program, string name, string line) in lines)
        {
            string[] words = line.Split(" | ")[0].Split(" #")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string help = string.Join('\n', Help(program, name, words[0] == "index" ? string.Join(' ', words[..2]) : words[0]));
            foreach (string option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                Assert.MatchesRegex($@"(^|\s){option}\s", help, line);
        }

        Assert.IsGreaterThan(12, lines.Length);
    }

    /// <summary>What the README shows of predict is what it prints; the numbers' last places are those of one kind of processor.</summary>
    [TestMethod]
    public void Readme_Answers_AreThoseOfTheProgram()
    {
        using var folder = new TemporaryFolder();
        ReadmeFiles.CopyTo(folder);
        string[] shown = Readme.Of().Blocks("").Single(block => block.StartsWith("$ landmarks predict ", StringComparison.Ordinal))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string program = Path.Combine(TestFiles.ProgramFolder("Landmarks.Demo"), "landmarks.dll");

        (int fitted, _, _) = ChildProcess.Run(program, folder["."], "sample");
        (int answered, string[] output, _) = ChildProcess.Run(program, folder["."], shown[0].Split(' ')[2..]);

        Assert.AreEqual((0, 0), (fitted, answered));
        CollectionAssert.AreEqual(shown[1..].Select(LeaveOutNumbers).ToArray(), output.Select(LeaveOutNumbers).ToArray());

        static string LeaveOutNumbers(string line) => Number().Replace(line, "#");
    }

    private static IEnumerable<(string Program, string Name, string Line)> Find(string line)
        => line.StartsWith("landmarks ", StringComparison.Ordinal) ? [("Landmarks.Demo", "landmarks", line["landmarks ".Length..])]
        : line.StartsWith(Benchmarks, StringComparison.Ordinal)
            ? [("Microsoft.ML.Landmarks.Benchmarks", "Microsoft.ML.Landmarks.Benchmarks", line[Benchmarks.Length..])] : [];

    private static string[] Help(string program, string name, string command)
    {
        if (!s_help.TryGetValue($"{program} {command}", out string[]? lines))
        {
            (int exitCode, lines, string errors) = ChildProcess.Run(Path.Combine(TestFiles.ProgramFolder(program), $"{name}.dll"), ".",
                [.. command.Split(' '), "--help"]);
            Assert.AreEqual((0, ""), (exitCode, errors), command);
            s_help.Add($"{program} {command}", lines);
        }

        return lines;
    }

    [GeneratedRegex(@"^(-\S.*?)  +(\S.*)$")]
    private static partial Regex Option();

    [GeneratedRegex(@"-?\d+\.\d+")]
    private static partial Regex Number();
}
