using System.Globalization;

namespace Microsoft.ML.Landmarks.Benchmarks.Databases;

/// <summary>What processes of a server have used, by what the kernel counts in nanoseconds (<c>/proc/PID/schedstat</c>).</summary>
internal static class ServerProcess
{
    // Of those that ended the kernel tells a sum, in hundredths of a second.
    private const double SecondsOfTick = 0.01;

    /// <summary>Seconds that a process was on a core, and that it waited for one.</summary>
    public static (double Processor, double Waited) Of(int process)
    {
        string[] parts = File.ReadAllText($"/proc/{process}/schedstat").Split(' ');
        return (Seconds(parts[0]), Seconds(parts[1]));

        static double Seconds(string nanoseconds) => long.Parse(nanoseconds, CultureInfo.InvariantCulture) / 1e9;
    }

    /// <summary>Seconds on a core of a server and of all processes that it has started, those that ended too.</summary>
    /// <param name="server">The server's own process.</param>
    public static double OfServer(int server)
    {
        string[] own = Stat(server) ?? throw new InvalidOperationException($"The server {server} has ended.");
        double seconds = Of(server).Processor + SecondsOfTick * (Number(own[13]) + Number(own[14]));
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                || Stat(process) is not { } stat || Number(stat[1]) != server)
                continue;
            try
            {
                seconds += Of(process).Processor;
            }
            // It has ended in between.
            catch (IOException)
            {
            }
        }

        return seconds;

        static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    // From the state on: the name before it may hold anything. Null where the process has ended.
    private static string[]? Stat(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
