using System.CommandLine;
using Landmarks.Demo;
using Landmarks.Demo.CommandLine;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;

Telemetry.Disable();
var end = new ProcessEnd();
var terminal = new Terminal();
var outputs = new OutputFiles();
var runner = new JobRunner(terminal, outputs);
// No response files: a photograph's name may begin with @.
ParseResult parsed = LandmarksCommand.Create(runner).Parse(args,
    new ParserConfiguration { ResponseFileTokenReplacer = null });
IReadOnlyList<string> mistakes = ParseErrors.Of(parsed);
if (mistakes.Count > 0)
{
    foreach (string mistake in mistakes)
        terminal.WriteError(mistake);
    return ExitCodes.WrongArguments;
}

var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
int? ended = end.Await(parsed.InvokeAsync(configuration, end.Cancellation), () => runner.Patience);

int exitCode = ended ?? ExitCodes.Interrupted;
outputs.Abandon(isAtWork: ended is null);
terminal.RestoreCursor();
if (exitCode == ExitCodes.Interrupted)
    Terminal.WriteAtEnd(() => terminal.WriteError(Errors.Interrupted));
if (ended is null)
    ProcessEnd.Now(exitCode);
if (terminal.Failure is not { } failure || exitCode != ExitCodes.Success)
    return exitCode;
Terminal.WriteAtEnd(() => terminal.WriteError(Errors.StandardOutput(failure)));
return ExitCodes.Failed;
