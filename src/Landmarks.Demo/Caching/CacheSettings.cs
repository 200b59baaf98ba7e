namespace Landmarks.Demo.Caching;

/// <summary>Where embeddings are kept from one run to the next, and how many.</summary>
/// <param name="Folder">The folder, which need not be there.</param>
/// <param name="MostBytes">How long the file in it may become.</param>
internal sealed record CacheSettings(string Folder, long MostBytes)
{
    /// <summary>In MB: embeddings of about a million photographs with 1,280 values each.</summary>
    public const int DefaultSize = 5000;

    private const string Name = "landmarks";

    /// <summary>This program's folder among the caches of this user; null where the user has no place for such.</summary>
    public static string? DefaultFolder
    {
        get
        {
            // By the environment alone: .NET would find a home for a user who was given none.
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } caches && Path.IsPathFullyQualified(caches))
                return Path.Join(caches, Name);
            string? home = Environment.GetEnvironmentVariable(OperatingSystem.IsWindows() ? "LOCALAPPDATA" : "HOME");
            if (!Path.IsPathFullyQualified(home ?? "") || !Directory.Exists(home))
                return null;
            string ofSystem = OperatingSystem.IsWindows() ? "" : OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache";
            return Path.Join(home, ofSystem, Name);
        }
    }
}
