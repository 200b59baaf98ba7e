using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Landmarks.Demo;

/// <summary>
/// The end of the process, which either its job brings or a signal: what comes second changes nothing. The signals are taken from here on
/// to the last moment, so that none finds a program that does not clean up.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It lasts as long as the process.")]
internal sealed partial class ProcessEnd
{
    private static readonly PosixSignal[] s_taken = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly CancellationTokenSource _cancellation = new();
    private readonly TaskCompletionSource _interruption = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _signals;

    public ProcessEnd()
        // .NET leaves alone what a parent told its children to ignore, as nohup does.
        => _signals = [.. s_taken.Select(signal => PosixSignalRegistration.Create(signal, Interrupt))];

    /// <summary>Cancelled by a signal, while there is still a job to be stopped.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Waits for the job, or for a signal and then a little for the job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="patience">How long it may take then.</param>
    /// <returns>The job's exit code; null where it did not end in time.</returns>
    public int? Await(Task<int> job, Func<TimeSpan> patience)
    {
        if (Task.WaitAny(job, _interruption.Task) == 1)
        {
            // On a thread of its own, since what is told of it may not return.
            new Thread(_cancellation.Cancel) { IsBackground = true }.Start();
            Task.WaitAny([job], patience());
        }

        GC.KeepAlive(_signals);
        return job.IsCompleted ? job.GetAwaiter().GetResult() : null;
    }

    /// <summary>
    /// Ends the process while its job is at work, without the destructors of native libraries. A network's run ends only between two of its
    /// operators, one of which may last longer than a user waits, and loading a network can't be stopped at all: the destructors of ONNX
    /// Runtime would take apart what another thread works with, which prints errors and may crash.
    /// </summary>
    [DoesNotReturn]
    public static void Now(int exitCode)
    {
        if (!OperatingSystem.IsWindows())
        {
            RuntimeFiles.Delete(RuntimeFiles.Of(Environment.ProcessId));
            End(exitCode);
        }

        Environment.Exit(exitCode);
    }

    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        _interruption.TrySetResult();
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void End(int exitCode);
}
