namespace Landmarks.Demo.Databases;

/// <summary>The services of pg_service.conf: names for what libpq is to be told.</summary>
internal static class ServiceFile
{
    private const string FileVariable = "PGSERVICEFILE", FolderVariable = "PGSYSCONFDIR", SystemName = "pg_service.conf";

    /// <summary>The settings of a service: that of the user's file, else that of the system's.</summary>
    /// <exception cref="JobFailedException">No file has it, or it can't be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string service)
    {
        string[] files = [.. Files().Where(File.Exists)];
        return files.Select(file => Find(file, service)).FirstOrDefault(found => found is not null)
            ?? throw Errors.NoService(service, files);
    }

    // Where libpq looks for them.
    private static IEnumerable<string> Files()
    {
        yield return Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } named ? named : OperatingSystem.IsWindows()
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "postgresql", ".pg_service.conf")
            : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pg_service.conf");
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
            yield return Path.Join(folder, SystemName);
        else if (!OperatingSystem.IsWindows())
            yield return Path.Join("/etc/postgresql-common", SystemName);
    }

    private static Dictionary<string, string>? Find(string file, string service)
    {
        Dictionary<string, string>? found = null;
        foreach ((int number, string text) in ReadLines(file).Index())
        {
            string line = text.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '[')
            {
                if (found is not null)
                    return found;
                found = line == $"[{service}]" ? [] : null;
            }
            else if (found is not null)
            {
                string[] parts = line.Split('=', 2);
                // Of a setting that stands there twice the first counts.
                if (parts.Length < 2 || parts[0].Length == 0)
                    throw Errors.ServiceLine(file, number + 1);
                found.TryAdd(parts[0], parts[1]);
            }
        }

        return found;
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Errors.ServiceFile(file, e.Message, e);
        }
    }
}
