using Microsoft.Extensions.Hosting;

namespace Landmarks.Demo.Serving;

/// <summary>
/// Looks every second whether the model's file is another one, since not every disk tells of changes, and replaces the model once the file
/// has been the same for as long: until then it may be half written.
/// </summary>
internal sealed class ModelWatch(ServeSettings settings, ModelLoader loader, ModelChanges changes) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_pause);
        ModelFile? before = null;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            ModelFile? now = ModelFile.Of(settings.Model);
            bool isNew = now is not null && now != loader.LastTried;
            if (isNew && now == before)
                await TryReloadAsync(stoppingToken);
            before = now;
        }
    }

    private async Task TryReloadAsync(CancellationToken cancellation)
    {
        try
        {
            await changes.ReloadAsync(cancellation);
        }
        catch (JobFailedException)
        {
            // It was told, and is tried again when the file changes.
        }
    }
}
