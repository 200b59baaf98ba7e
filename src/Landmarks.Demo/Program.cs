using System.CommandLine;
using Landmarks.Demo;
using Landmarks.Demo.CommandLine;
using Landmarks.Demo.Output;

// Less than the second in which an interrupted program has to stop: cleaning up and leaving take the rest.
TimeSpan patience = TimeSpan.FromMilliseconds(400);

Telemetry.Disable();
var terminal = new Terminal();
var outputs = new OutputFiles();
// No response files: a photograph's name may begin with @.
ParseResult parsed = LandmarksCommand.Create(terminal, outputs).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    foreach (string message in parsed.Errors.Select(e => e.Message).Distinct())
        terminal.WriteError(message);
    return ExitCodes.WrongArguments;
}

int exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = patience });

// After Ctrl-C the job may still be at work: a batch can take the network longer than a second, and nothing stops it.
outputs.Abandon();
terminal.RestoreCursor();
if (exitCode == ExitCodes.Terminated)
    exitCode = ExitCodes.Interrupted;
if (exitCode == ExitCodes.Interrupted)
    terminal.WriteError(Errors.Interrupted);
Environment.Exit(exitCode);
return exitCode;
