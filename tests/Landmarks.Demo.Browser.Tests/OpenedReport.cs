using PuppeteerSharp;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>A report in a page of the browser.</summary>
internal sealed class OpenedReport : OpenedPage
{
    private readonly string _folder;

    private OpenedReport(string folder, IPage page) : base(page) => _folder = folder;

    /// <param name="browser">The browser.</param>
    /// <param name="report">The page.</param>
    /// <param name="width">That of the window, in pixels.</param>
    /// <param name="colors">The colors that its user prefers.</param>
    /// <param name="files">Files beside it, by their names.</param>
    public static async Task<OpenedReport> OpenAsync(IBrowser browser, string report, int width = 1280, string colors = "light",
        params (string Name, byte[] Content)[] files)
    {
        string folder = Directory.CreateTempSubdirectory("landmarks-browser-tests-").FullName, path = Path.Combine(folder, "report.html");
        await File.WriteAllTextAsync(path, report);
        foreach ((string name, byte[] content) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, name), content);
        }

        var opened = new OpenedReport(folder, await browser.NewPageAsync());
        await opened.GoToAsync(new Uri(path).AbsoluteUri, width, colors);
        return opened;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
