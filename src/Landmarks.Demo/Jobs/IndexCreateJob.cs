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
    /// <param name="roles">Who may use it.</param>
    public static void Run(Session session, string modelFile, string schema, LandmarkIndexRoles roles)
    {
        using LandmarkModel model = LandmarkModel.Load(session, modelFile);
        model.RequireOwnRows();
        using var servers = IndexServers.Open();
        Create(session, servers, model, schema, roles);
        session.Terminal.WriteLine("landmarks index load puts the rows of the model there.");
    }

    /// <param name="session">The job's session.</param>
    /// <param name="servers">Those that are to hold it.</param>
    /// <param name="model">The model.</param>
    /// <param name="schema">What the index is called.</param>
    /// <param name="roles">Who may use it.</param>
    public static void Create(Session session, IndexServers servers, LandmarkModel model, string schema, LandmarkIndexRoles roles)
    {
        servers.Ask(async sources =>
        {
            await PostgresLandmarkIndex.CreateAsync(sources, schema, model.Steps, roles, session.Cancellation);
            return true;
        });
        session.Terminal.WriteLine($"Made the index '{schema}' on {Quantity.Of(servers.Count, "server")}.");
    }
}
