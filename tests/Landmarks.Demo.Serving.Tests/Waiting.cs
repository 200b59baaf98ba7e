namespace Landmarks.Demo.Serving.Tests;

/// <summary>Waits for what other threads and processes do; on a machine that is busy with other tests it takes its time.</summary>
internal static class Waiting
{
    /// <summary>What takes longer has failed.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        for (DateTime start = DateTime.UtcNow; !isSo(); await Task.Delay(s_pause))
            Assert.IsLessThan(Limit, DateTime.UtcNow - start);
    }

    /// <summary>Waits until something is so that others are asked for.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (DateTime start = DateTime.UtcNow; !await isSo(); await Task.Delay(s_pause))
            Assert.IsLessThan(Limit, DateTime.UtcNow - start);
    }
}
