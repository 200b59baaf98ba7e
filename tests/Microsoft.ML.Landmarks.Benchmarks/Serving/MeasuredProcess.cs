using System.ComponentModel;
using System.Diagnostics;

namespace Microsoft.ML.Landmarks.Benchmarks.Serving;

/// <summary>A program that runs to its end.</summary>
internal static class MeasuredProcess
{
    // What it has used is known while it runs.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(10);

    /// <summary>What a program has printed, line by line.</summary>
    /// <param name="arguments">The program's file and its arguments.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PeerFailedException">It failed.</exception>
    public static async Task<string[]> ReadLinesAsync(string[] arguments, CancellationToken cancellation)
        => (await RunAsync(arguments, cancellation)).Lines;

    /// <param name="arguments">The program's file and its arguments.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PeerFailedException">It failed.</exception>
    public static async Task<MeasuredRun> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(arguments);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation),
                error = process.StandardError.ReadToEndAsync(cancellation);
            double processor = 0;
            long peak = 0;
            while (!process.WaitForExit(TimeSpan.Zero))
            {
                if (Used(process) is { } used)
                    (processor, peak) = (used.Processor, Math.Max(peak, used.PeakMemory));
                await Task.Delay(s_look, cancellation);
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (process.ExitCode != 0)
                throw new PeerFailedException($"{arguments[1]} ended with exit code {process.ExitCode}: {(await error).Trim()}");
            return new MeasuredRun((await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), seconds, processor, peak);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    /// <summary>Starts a program whose outputs are read.</summary>
    /// <param name="arguments">The program's file and its arguments.</param>
    public static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", ["exec", .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static (double Processor, long PeakMemory)? Used(Process process)
    {
        try
        {
            process.Refresh();
            return (process.TotalProcessorTime.TotalSeconds, process.PeakWorkingSet64);
        }
        // It has ended meanwhile.
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
