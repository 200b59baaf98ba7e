using System.CommandLine;
using Landmarks.Demo;
using Landmarks.Demo.CommandLine;
using Landmarks.Demo.Jobs;
using Landmarks.Demo.Output;

// Less than the second in which an interrupted program has to stop: cleaning up and leaving take the rest.
TimeSpan patience = TimeSpan.FromMilliseconds(200);

Telemetry.Disable();
var terminal = new Terminal();
var outputs = new OutputFiles();
var runner = new JobRunner(terminal, outputs);
// No response files: a photograph's name may begin with @.
ParseResult parsed = LandmarksCommand.Create(runner).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
IReadOnlyList<string> mistakes = ParseErrors.Of(parsed);
if (mistakes.Count > 0)
{
    foreach (string mistake in mistakes)
        terminal.WriteError(mistake);
    return ExitCodes.WrongArguments;
}

int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });

outputs.Abandon();
terminal.RestoreCursor();
if (exitCode is not (ExitCodes.Interrupted or ExitCodes.Terminated))
    return exitCode;
terminal.WriteError(Errors.Interrupted);
if (runner.IsAtWork)
    ProcessEnd.Now(ExitCodes.Interrupted);
return ExitCodes.Interrupted;
