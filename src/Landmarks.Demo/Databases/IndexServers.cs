using Microsoft.ML.Landmarks.PostgreSql;
using Npgsql;

namespace Landmarks.Demo.Databases;

/// <summary>The servers that hold indexes: one that libpq's settings say, or one for each of several services.</summary>
/// <remarks>PGHOST with several hosts is another thing: one server that may be here or there.</remarks>
internal sealed class IndexServers : IDisposable
{
    /// <summary>Names the services of several servers.</summary>
    public const string ServicesVariable = "LANDMARKS_INDEX_SERVICES";

    private readonly NpgsqlDataSource[] _sources;

    private IndexServers(NpgsqlDataSource[] sources) => _sources = sources;

    /// <summary>How many there are.</summary>
    public int Count => _sources.Length;

    /// <summary>Reads how they are reached. None is asked yet.</summary>
    /// <exception cref="JobFailedException">A setting can't be obeyed.</exception>
    public static IndexServers Open()
    {
        string[] services = (Environment.GetEnvironmentVariable(ServicesVariable) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        ConnectionSettings[] servers = services.Length == 0
            ? [new ConnectionSettings()] : [.. services.Select(service => new ConnectionSettings(service))];
        return new IndexServers([.. servers.Select(server =>
        {
            var builder = new NpgsqlDataSourceBuilder(server.Build().ConnectionString);
            builder.UseVector();
            return builder.Build();
        })]);
    }

    /// <summary>Takes up an index.</summary>
    /// <param name="schema">The schema that holds it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <inheritdoc cref="PostgresLandmarkIndex.AttachAsync"/>
    public PostgresLandmarkIndex Attach(string schema, CancellationToken cancellation)
        => Ask(sources => PostgresLandmarkIndex.AttachAsync(sources, schema, cancellation));

    /// <summary>Waits for what servers answer.</summary>
    /// <exception cref="NpgsqlException">One can't be asked.</exception>
    public T Ask<T>(Func<IReadOnlyList<NpgsqlDataSource>, Task<T>> work) => work(_sources).GetAwaiter().GetResult();

    public void Dispose()
    {
        foreach (NpgsqlDataSource source in _sources)
            source.Dispose();
    }
}
