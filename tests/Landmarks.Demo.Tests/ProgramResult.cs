using System.Text.RegularExpressions;

namespace Landmarks.Demo.Tests;

/// <summary>What a run of the program gave.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Time">From the start, or from the signal, to the end.</param>
internal sealed partial record ProgramResult(int ExitCode, string Output, string Error, TimeSpan Time)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    /// <summary>Errors and warnings: of standard error what is neither progress nor summary, which predict writes there.</summary>
    public string[] MessageLines => [.. ErrorLines.Where(line => !ProgressOrSummary().IsMatch(line))];

    public ProgramResult AssertSuccess()
    {
        Assert.AreEqual(0, ExitCode, Error);
        return this;
    }

    /// <summary>Asserts a failure that is told by one line of standard error, and nothing of the program's insides.</summary>
    public void AssertError(int exitCode, string message)
    {
        Assert.AreEqual(exitCode, ExitCode, Output + Error);
        Assert.AreSequenceEqual([$"error: {message}"], MessageLines);
    }

    [GeneratedRegex("^(Photographs: |Answered [0-9]+ photographs? in )")]
    private static partial Regex ProgressOrSummary();

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
