using System.ComponentModel;
using System.Diagnostics;

namespace Microsoft.ML.Landmarks.Benchmarks;

/// <summary>Runs the scripts that lie beside this program by the user's Python.</summary>
internal static class PythonScript
{
    /// <exception cref="WrongInputException">It can't be started, or is something else.</exception>
    public static void RequirePython(string python)
    {
        string found;
        try
        {
            found = Run(python, ["--version"]);
        }
        catch (PeerFailedException e)
        {
            found = e.Message;
        }

        if (!found.StartsWith("Python 3", StringComparison.Ordinal))
            throw new WrongInputException($"--python is '{python}'; it must be a Python 3 that can be started, with the packages of the "
                + $"peers: {found.Split('\n')[0]}. Name another, or leave out the peers.");
    }

    /// <returns>What the script printed.</returns>
    /// <exception cref="PeerFailedException">Python can't be started, or the script ended with an error.</exception>
    public static string Run(string python, string script, IEnumerable<string> arguments)
        => Run(python, [Path.Combine(AppContext.BaseDirectory, script), .. arguments]);

    private static string Run(string python, IEnumerable<string> arguments)
    {
        using Process process = Start(python, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output
            : throw new PeerFailedException($"'{python}' ended with exit code {process.ExitCode}: {errors.Result.Trim().Split('\n')[^1]}");
    }

    private static Process Start(string python, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            throw new PeerFailedException($"'{python}' can't be started", e);
        }
    }
}
