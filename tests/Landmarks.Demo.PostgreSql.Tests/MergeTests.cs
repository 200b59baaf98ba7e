using Landmarks.Demo.Tests;
using Microsoft.ML.Landmarks.PostgreSql.Tests;
using Npgsql;

namespace Landmarks.Demo.PostgreSql.Tests;

/// <summary>The rows of a fit that several processes share out go into an index.</summary>
[TestClass]
public sealed class MergeTests
{
    [TestMethod]
    public async Task Merge_IntoAnIndex_IsTheIndexOfTheFit()
    {
        PostgresServer server = await TestDatabase.Server;
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server);
        using var folder = new WorkFolder();
        MakeParts(folder);
        string expected = TestDatabase.Load(folder, environment, "model.zip"), made = TestDatabase.NewSchema(),
            empty = TestDatabase.NewSchema();
        await TestDatabase.ExecuteAsync(server, "create role \"merge reader\" login");

        ProgramResult merge = Merge(made, "--output", "merged.zip", "--reader", "merge reader").AssertSuccess();
        DemoProgram.Run(environment, folder, "index", "create", "--model", "model.zip", "--schema", empty).AssertSuccess();
        Merge(empty).AssertSuccess();

        Assert.Contains($"Made the index '{made}' on 1 server.", merge.OutputLines);
        Assert.Contains(line => line.StartsWith($"Loaded 80 rows into '{made}' in ", StringComparison.Ordinal), merge.OutputLines);
        foreach (string schema in (string[])[made, empty])
            Assert.AreSequenceEqual(await ReadAsync(server, expected), await ReadAsync(server, schema));
        Predict("model.zip");
        byte[] answers = await File.ReadAllBytesAsync(folder["answers"]);
        Predict("merged.zip", "--index", made);
        CollectionAssert.AreEqual(answers, await File.ReadAllBytesAsync(folder["answers"]));
        (environment["PGUSER"], environment["PGDATABASE"]) = ("merge reader", "postgres");
        Predict("merged.zip", "--index", made);
        CollectionAssert.AreEqual(answers, await File.ReadAllBytesAsync(folder["answers"]));

        void Predict(params string[] model) => DemoProgram.Run(environment, folder,
            ["predict", "--format", "json", "--output", "answers", "photos", "--model", .. model]).AssertSuccess();

        ProgramResult Merge(string schema, params string[] more)
            => DemoProgram.Run(environment, folder, ["merge", "--folder", "parts", "--index", schema, .. more]);
    }

    [TestMethod]
    public async Task Merge_IntoWhatCanNotTakeTheRows_IsRefusedAndLeavesItAsItWas()
    {
        PostgresServer server = await TestDatabase.Server;
        Dictionary<string, string> environment = TestDatabase.EnvironmentOf(server);
        using var folder = new WorkFolder();
        MakeParts(folder);
        DemoProgram.Run(folder, PhotoFolders.Fit(folder, "other.zip", "--average-mirror")).AssertSuccess();
        string loaded = TestDatabase.Load(folder, environment, "model.zip"), ofOther = TestDatabase.NewSchema(),
            missing = TestDatabase.NewSchema();
        DemoProgram.Run(environment, folder, "index", "create", "--model", "other.zip", "--schema", ofOther).AssertSuccess();
        await TestDatabase.ExecuteAsync(server, "create role \"merge nobody\" login");
        string[] rows = await ReadAsync(server, loaded);

        Merge(loaded).AssertError(1, $"The index '{loaded}' has rows already, and stays as it is. Name another one by --index.");
        Merge(ofOther).AssertError(1, $"The index '{ofOther}' was made for a model with other steps, labels or ids. Load the model that it "
            + "was made for, or make an index for this one.");
        Merge(ofOther, "--writer", "postgres").AssertError(1, $"The index '{ofOther}' is there already, and whom it lets in was said when "
            + "it was made. Leave --reader and --writer out, or name another one by --index.");
        Merge("pg_landmarks").AssertError(1, "An index can't be called 'pg_landmarks': the name of a schema has 1 to 63 bytes of UTF-8, "
            + "none of which is 0, and does not begin with pg_. Choose another.");
        (environment["PGUSER"], environment["PGDATABASE"]) = ("merge nobody", "postgres");
        StringAssert.StartsWith(Merge(missing).Error, $"error: The role may not make the index '{missing}': ");
        environment["PGHOST"] = folder["nowhere"];
        StringAssert.StartsWith(Merge(missing).Error, "error: The database can't be reached: ");

        Assert.AreSequenceEqual(rows, await ReadAsync(server, loaded));
        Assert.IsEmpty(await QueryAsync(server, $"select id from {TestDatabase.Quote(ofOther)}.landmark"));
        Assert.IsEmpty(await QueryAsync(server, $"select nspname from pg_namespace where nspname = '{missing}'"));
        Assert.IsFalse(File.Exists(folder["rowless2.zip"]));

        ProgramResult Merge(string schema, params string[] more) => DemoProgram.Run(environment, folder,
            ["merge", "--folder", "parts", "--index", schema, "--output", "rowless2.zip", .. more]);
    }

    // The model of one fit, and the parts of it.
    private static void MakeParts(WorkFolder folder)
    {
        string[] fit = PhotoFolders.Fit(folder, "model.zip");
        DemoProgram.Run(folder, fit).AssertSuccess();
        DemoProgram.Run(folder, ["embed", "--folder", "parts", .. fit[1..^2]]).AssertSuccess();
        DemoProgram.Run(folder, "penalties", "--folder", "parts").AssertSuccess();
    }

    // All rows of an index; whatever differs between two of one model is left out.
    private static Task<string[]> ReadAsync(PostgresServer server, string schema)
    {
        string[] tables = ["label", "probe", "landmark", "non_landmark"];
        return QueryAsync(server, string.Join(" union all ",
                tables.Select(table => $"select '{table}' || row_to_json(t)::text from {TestDatabase.Quote(schema)}.{table} t"))
            + $" union all select (to_jsonb(t) - 'identity')::text from {TestDatabase.Quote(schema)}.landmark_index t order by 1");
    }

    private static async Task<string[]> QueryAsync(PostgresServer server, string sql)
    {
        await using NpgsqlDataSource source = server.Open();
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return [.. rows];
    }
}
