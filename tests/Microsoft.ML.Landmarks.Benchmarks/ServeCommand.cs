using System.CommandLine;
using Microsoft.ML.Landmarks.Benchmarks.Serving;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary><c>serve</c>.</summary>
internal static class ServeCommand
{
    private const int MostClients = 1_000, MostRequests = 100_000, MostMinutes = 600;

    public static System.CommandLine.Command Create()
    {
        Option<string> model = CommandOptions.Model();
        Option<string[]> photos = CommandOptions.Photos();
        var parts = new Option<ServedPart[]>("--parts")
        {
            Description = "What is measured.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => Enum.GetValues<ServedPart>(),
        };
        Option<int> clients = CommandOptions.Number("--clients", 32, "Clients at a time; twice as many while models are replaced.",
            MostClients), passes = CommandOptions.Number("--passes", 3, "Times over; the fastest pass counts.");
        Option<string> network = CommandOptions.Network();
        network.Required = false;
        network.Description = "The network of the sample, for chains of ML.NET's own steps beside; without it they are left out.";
        Option<int[]> engines = Engines();
        Option<int> requests = CommandOptions.Number("--requests", 10_000, "Requests after which the memory is as it was after a tenth.",
            MostRequests), reloads = CommandOptions.Number("--reloads", 50, "Reloads after which it is as it was after a tenth.",
            MostRequests), minutes = CommandOptions.Number("--minutes", 60, "When it ends, whatever is measured by then.", MostMinutes);
        var command = new System.CommandLine.Command("serve", "landmarks serve on this machine, beside predict, a pool of prediction "
            + "engines and one Transform a request.") { model, network, photos, parts, clients, engines, passes,
            requests, reloads, minutes };
        command.SetAction((result, cancellation) => ServeBenchmark.RunAsync(new ServeBenchmarkSettings(result.GetRequiredValue(model),
            result.GetValue(network), result.GetRequiredValue(photos), result.GetRequiredValue(parts), result.GetValue(clients),
            result.GetRequiredValue(engines), result.GetValue(passes), result.GetValue(requests), result.GetValue(reloads),
            TimeSpan.FromMinutes(result.GetValue(minutes))), cancellation));
        return command;
    }

    /// <summary>What the service is compared with, run by the benchmark as a process of its own, so that its memory is its own.</summary>
    public static System.CommandLine.Command CreatePeer()
    {
        var kind = new Argument<ServingPeer>("kind");
        Option<string> model = CommandOptions.Model();
        var photos = new Argument<string[]>("photos");
        Option<int> clients = CommandOptions.Number("--clients", 1, "Threads that ask.", MostClients);
        Option<int> engines = CommandOptions.Number("--engines", 1, "Prediction engines that they take turns with.", MostClients);
        var command = new System.CommandLine.Command("serve-peer") { kind, photos, model, clients, engines };
        command.Hidden = true;
        command.SetAction(result => ServingPeers.Run(result.GetValue(kind), result.GetRequiredValue(model),
            result.GetRequiredValue(photos), result.GetValue(clients), result.GetValue(engines)));
        return command;
    }

    private static Option<int[]> Engines() => new("--engines")
    {
        Description = "Prediction engines of a pool, as a machine with so many cores has; a pool for each number. [default: the cores]",
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [Environment.ProcessorCount],
    };
}
