using System.Diagnostics;
using System.Globalization;

namespace Landmarks.Demo.Output;

/// <summary>A line for each stage that begins, and one every few seconds while it lasts.</summary>
internal sealed class LineProgressBoard(Terminal terminal) : IProgressBoard
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    public IProgress<long> Add(string title, long total) => new Lines(terminal, title, total);

    private sealed class Lines(Terminal terminal, string title, long total) : IProgress<long>
    {
        private readonly Lock _lock = new();
        private readonly Stopwatch _watch = new();
        private TimeSpan _next = s_interval;

        public void Report(long value)
        {
            lock (_lock)
            {
                if (!_watch.IsRunning)
                {
                    _watch.Start();
                    terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {total}"));
                }

                TimeSpan elapsed = _watch.Elapsed;
                if (elapsed < _next)
                    return;
                _next = elapsed + s_interval;
                TimeSpan left = elapsed * Math.Max(0, total - value) / Math.Max(1, value);
                terminal.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{title}: {value} of {total}, {Quantity.Rate(value, elapsed)} a second, {Quantity.Of(left)} left"));
            }
        }
    }
}
