namespace Landmarks.Demo;

/// <summary>
/// The sockets and pipes for debuggers that .NET makes in the temporary folder at a program's start, and deletes at its regular end alone.
/// </summary>
internal static class RuntimeFiles
{
    private static readonly string[] s_prefixes = ["clr-debug-pipe-", "dotnet-diagnostic-"];

    /// <summary>Their names; none where the folder can't be read.</summary>
    public static string[] Of(int process)
    {
        try
        {
            IEnumerable<string> files = s_prefixes.SelectMany(prefix => Directory.EnumerateFiles(Path.GetTempPath(),
                $"{prefix}{process}-*"));
            return [.. files.Select(Path.GetFileName).OfType<string>()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <param name="names">From <see cref="Of"/>, of a process that is gone or about to go.</param>
    public static void Delete(IEnumerable<string> names)
    {
        foreach (string name in names.Where(IsOne))
        {
            try
            {
                File.Delete(Path.Join(Path.GetTempPath(), name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Nothing is lost but a little space.
            }
        }
    }

    private static bool IsOne(string name)
        => s_prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && Path.GetFileName(name) == name;
}
