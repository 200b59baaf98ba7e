using Spectre.Console;

namespace Landmarks.Demo.Output;

/// <summary>A bar for each stage.</summary>
internal sealed class BarProgressBoard(ProgressContext context) : IProgressBoard
{
    public IProgress<long> Add(string title, long total)
        => new Bar(context.AddTask(Markup.Escape(title), new ProgressTaskSettings { AutoStart = false, MaxValue = Math.Max(total, 1) }));

    private sealed class Bar(ProgressTask task) : IProgress<long>
    {
        public void Report(long value)
        {
            // Started by the first of its things, so that a stage that waits for another has a rate of its own.
            if (!task.IsStarted)
                task.StartTask();
            task.Value = value;
            // Else its rate would fall while the next stage is at work.
            if (task.Value >= task.MaxValue)
                task.StopTask();
        }
    }
}
