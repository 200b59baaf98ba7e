using Microsoft.ML.Landmarks.Tests;

namespace Microsoft.ML.Landmarks.PostgreSql.Tests;

/// <summary>The command of the benchmarks that measures rows in PostgreSQL.</summary>
[TestClass]
public sealed class PostgresBenchmarkTests
{
    [TestMethod]
    public void Postgres_FewRows_AreMeasuredAndFoundAlike()
    {
        if (PostgresServer.Missing is { } reason)
            Assert.Inconclusive(reason);
        using var folder = new TemporaryFolder();
        const string Benchmarks = "Microsoft.ML.Landmarks.Benchmarks";
        string[] arguments = ["postgres", "--train", "60", "--loaded", "50", "--non-landmarks", "20", "--added", "3", "--queries", "10",
            "--batch", "6", "--dimension", "8", "--passes", "1"];

        (int exitCode, string[] output, string errors) = ChildProcess.Run(
            Path.Combine(TestFiles.ProgramFolder(Benchmarks), $"{Benchmarks}.dll"), folder["."], arguments);

        Assert.AreEqual((0, ""), (exitCode, errors));
        string[][] rows = [.. output.SkipWhile(line => line != "|---|---:|---:|---:|---:|").Skip(1).Where(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1])];
        Assert.HasCount(20, rows);
        // Each has a figure, and k rows came of each query.
        Assert.IsTrue(rows.All(row => row[1].Length > 0));
        Assert.AreEqual("5.00", rows[4][1]);
        StringAssert.EndsWith(output[^1], "neighbors found on servers, 0 of them other than those in memory.");
    }
}
