using Landmarks.Demo.Databases;
using Landmarks.Demo.Methods;
using Landmarks.Demo.Sessions;
using Microsoft.ML.Landmarks.PostgreSql;

namespace Landmarks.Demo.Jobs;

/// <summary>Makes an index for the rows of a model.</summary>
internal static class IndexCreateJob
{
    /// <param name="session">The job's session.</param>
    /// <param name="modelFile">The zip file of the model.</param>
    /// <param name="schema">What the index is called.</param>
    /// <param name="readers">The roles that may ask it.</param>
    /// <param name="writers">The roles that may change it too.</param>
    public static void Run(Session session, string modelFile, string schema, IReadOnlyList<string> readers, IReadOnlyList<string> writers)
    {
        using LandmarkModel model = LandmarkModel.Load(session, modelFile);
        model.RequireOwnRows();
        using var servers = IndexServers.Open();
        servers.Ask(async sources =>
        {
            await PostgresLandmarkIndex.CreateAsync(sources, schema, model.Steps,
                new LandmarkIndexRoles { Readers = readers, Writers = writers }, session.Cancellation);
            return true;
        });
        session.Terminal.WriteLine($"Made the index '{schema}' on {Quantity.Of(servers.Count, "server")}. landmarks index load puts the "
            + "rows of the model there.");
    }
}
