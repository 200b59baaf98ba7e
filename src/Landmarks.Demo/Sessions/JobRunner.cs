using Landmarks.Demo.Output;

namespace Landmarks.Demo.Sessions;

/// <summary>Runs a job, and makes an exit code and a line of what becomes of it.</summary>
internal sealed class JobRunner(Terminal terminal, OutputFiles outputs)
{
    private Session? _session;

    /// <inheritdoc cref="Session.Patience"/>
    public TimeSpan Patience => _session?.Patience ?? Session.ShortPatience;

    /// <summary>Returns at once, so that an interrupted program need not wait for its job.</summary>
    public Task<int> RunAsync(Action<Session> job, bool isVerbose, CancellationToken cancellation)
        => Task.Run(() => Run(job, isVerbose, cancellation), CancellationToken.None);

    private int Run(Action<Session> job, bool isVerbose, CancellationToken cancellation)
    {
        try
        {
            using var session = new Session(terminal, outputs, isVerbose, cancellation);
            _session = session;
            job(session);
            return session.ExitCode;
        }
        // Whatever stops a job that is cancelled: its files are taken from under it, and what that breaks is nobody's mistake.
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        // Whatever it is, the user gets a line of it.
        catch (Exception e)
        {
            terminal.WriteError(Errors.Describe(e));
            if (isVerbose)
                terminal.WriteDetails(e.ToString());
            return e is WrongArgumentException ? ExitCodes.WrongArguments : ExitCodes.Failed;
        }
    }
}
