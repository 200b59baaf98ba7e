using Landmarks.Demo.Databases;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Makes the HNSW index of an index, or drops it.</summary>
internal static class IndexHnswJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="schema">The index.</param>
    /// <param name="options">How it is built.</param>
    public static void Create(Session session, string schema, LandmarkHnswOptions options)
    {
        using var servers = IndexServers.Open();
        servers.Ask(async sources =>
        {
            await PostgresLandmarkIndex.CreateHnswAsync(sources, schema, options, session.Cancellation);
            return true;
        });
        session.Terminal.WriteLine($"Made the HNSW index of '{schema}' on {Quantity.Of(servers.Count, "server")} in "
            + $"{Quantity.Of(session.Elapsed)}. landmarks index check --hnsw measures how many of the nearest rows it finds.");
    }

    /// <param name="session">The job's session.</param>
    /// <param name="schema">The index.</param>
    public static void Drop(Session session, string schema)
    {
        using var servers = IndexServers.Open();
        servers.Ask(async sources =>
        {
            await PostgresLandmarkIndex.DropHnswAsync(sources, schema, session.Cancellation);
            return true;
        });
        session.Terminal.WriteLine($"Dropped the HNSW index of '{schema}', and what was measured of it.");
    }
}
