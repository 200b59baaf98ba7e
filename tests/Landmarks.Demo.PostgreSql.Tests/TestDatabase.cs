using Landmarks.Demo.Tests;
using Microsoft.ML.Landmarks.PostgreSql.Tests;
using Npgsql;

namespace Landmarks.Demo.PostgreSql.Tests;

/// <summary>The server that most tests use, each in schemas of its own, and another; started when the first asks for them.</summary>
[TestClass]
public static class TestDatabase
{
    private static readonly Lazy<Task<PostgresServer>> s_server = new(() => PostgresServer.StartNewAsync("tool")),
        s_other = new(() => PostgresServer.StartNewAsync("tool2"));

    private static int s_schemas;

    internal static Task<PostgresServer> Server => s_server.Value;

    internal static Task<PostgresServer> Other => s_other.Value;

    /// <summary>A name that no other test has, and that has to be quoted.</summary>
    public static string NewSchema() => $"the \"index {Interlocked.Increment(ref s_schemas)}";

    /// <summary>The environment that tells psql, and the program, of a server.</summary>
    internal static Dictionary<string, string> EnvironmentOf(PostgresServer server, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> environment = new() { ["PGHOST"] = server.Socket, ["PGUSER"] = "postgres" };
        foreach ((string name, string value) in more)
            environment[name] = value;
        return environment;
    }

    /// <summary>An index with the rows of a model, and the model without them in rowless.zip.</summary>
    /// <returns>Its name.</returns>
    internal static string Load(WorkFolder folder, Dictionary<string, string> environment, string model, params string[] roles)
    {
        string schema = NewSchema();
        DemoProgram.Run(environment, folder, ["index", "create", "--model", model, "--schema", schema, .. roles]).AssertSuccess();
        DemoProgram.Run(environment, folder, "index", "load", "--model", model, "--schema", schema, "--output", "rowless.zip")
            .AssertSuccess();
        return schema;
    }

    /// <summary>Runs statements as the owner of all.</summary>
    internal static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using NpgsqlDataSource source = server.Open();
        await using NpgsqlCommand command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    internal static string Quote(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    [AssemblyCleanup]
    public static async Task EndAsync()
    {
        foreach (Lazy<Task<PostgresServer>> server in new[] { s_server, s_other }.Where(server => server.IsValueCreated))
            await (await server.Value).DisposeAsync();
    }
}
