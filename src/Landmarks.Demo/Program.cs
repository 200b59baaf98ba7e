using System.CommandLine;
using Landmarks.Demo;
using Landmarks.Demo.CommandLine;
using Landmarks.Demo.Output;
using Landmarks.Demo.Sessions;

Telemetry.Disable();
var end = new ProcessEnd();
var terminal = new Terminal();
var outputs = new OutputFiles();
// No response files: a photograph's name may begin with @.
ParseResult parsed = LandmarksCommand.Create(new JobRunner(terminal, outputs)).Parse(args,
    new ParserConfiguration { ResponseFileTokenReplacer = null });
IReadOnlyList<string> mistakes = ParseErrors.Of(parsed);
if (mistakes.Count > 0)
{
    foreach (string mistake in mistakes)
        terminal.WriteError(mistake);
    return ExitCodes.WrongArguments;
}

var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
int? ended = end.Await(parsed.InvokeAsync(configuration, end.Cancellation));

int exitCode = ended ?? ExitCodes.Interrupted;
outputs.Abandon(isAtWork: ended is null);
terminal.RestoreCursor();
if (exitCode == ExitCodes.Interrupted)
    terminal.WriteError(Errors.Interrupted);
if (ended is null)
    ProcessEnd.Now(exitCode);
if (terminal.Failure is not { } failure || exitCode != ExitCodes.Success)
    return exitCode;
terminal.WriteError(Errors.StandardOutput(failure));
return ExitCodes.Failed;
