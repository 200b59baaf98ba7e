using Landmarks.Demo.Output;
using Landmarks.Demo.Serving;
using Landmarks.Demo.Sessions;

namespace Landmarks.Demo.Jobs;

/// <summary>Serves a model until it is told to end.</summary>
internal static class ServeJob
{
    // To free what was held.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(1);

    public static void Run(Session session, ServeSettings settings) => RunAsync(session, settings).GetAwaiter().GetResult();

    private static async Task RunAsync(Session session, ServeSettings settings)
    {
        NativeMemory.GiveBack();
        foreach (ServedAddress address in settings.Addresses.Where(address => !address.IsLoopback))
            session.Terminal.WriteWarning(Errors.OpenAddress(address.Url));
        await using var server = new LandmarkServer(session, settings);
        await server.StartAsync(session.Cancellation);
        foreach (string url in server.Urls)
            session.Terminal.WriteLine($"Listening on {url}");
        session.Patience = LandmarkServer.Patience + LandmarkServer.PatienceWithCollector + s_rest;
        Task loading = server.LoadModelAsync(), ending = Task.Delay(Timeout.Infinite, session.Cancellation);
        if (await Task.WhenAny(loading, ending) == loading)
        {
            await loading;
            session.Terminal.WriteLine($"Ready after {Quantity.Of(session.Elapsed)}.");
            await ending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        string waiting = Quantity.Of(server.WaitingCount, "photograph");
        Terminal.WriteAtEnd(() => session.Terminal.WriteLine($"Ending; {waiting} waiting."));
        await server.StopAsync();
    }
}
