using PuppeteerSharp;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>The browser of the machine, without a window.</summary>
internal static class Chromium
{
    private static readonly string[] s_names = OperatingSystem.IsWindows()
        ? ["chromium.exe", "chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private static readonly string? s_program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => s_names.Select(name => Path.Join(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Why no page can be opened here; null where it can.</summary>
    public static string? Problem { get; } = s_program is null
        ? $"No browser is installed to open pages in: none of {string.Join(", ", s_names)} is on the PATH. On Debian the package is "
            + "chromium." : null;

    // Root, as in a container, has no sandbox; pages are the tests' own.
    public static Task<IBrowser> StartAsync()
        => Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = s_program, Args = ["--no-sandbox", "--disable-gpu"] });
}
