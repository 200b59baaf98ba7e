using System.Diagnostics;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>What work took. Others use the machine too: processor time is the measure, the clock a hint.</summary>
/// <param name="Seconds">On the clock.</param>
/// <param name="Client">Processor seconds of this program.</param>
/// <param name="Servers">Processor seconds of each server.</param>
internal sealed record DatabaseCost(double Seconds, double Client, double[] Servers)
{
    /// <summary>Processor seconds of all.</summary>
    public double Processor => Client + Servers.Sum();

    /// <summary>Processor seconds of the server that had most to do.</summary>
    public double Busiest => Servers.Max();

    public static async Task<DatabaseCost> MeasureAsync(Func<Task> work, params MeasuredServer[] servers)
    {
        GC.Collect();
        double[] before = Array.ConvertAll(servers, server => server.Processor);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await work();
        return new DatabaseCost(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds,
            [.. servers.Select((server, i) => server.Processor - before[i])]);
    }
}
