using PuppeteerSharp;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>A report in a page of the browser, with all that the page asked for and complained of.</summary>
internal sealed class OpenedReport : IAsyncDisposable
{
    private readonly string _folder;

    private OpenedReport(string folder, IPage page) => (_folder, Page) = (folder, page);

    public IPage Page { get; }

    /// <summary>The addresses that were asked for, the page's own first.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the console and failed requests say.</summary>
    public List<string> Complaints { get; } = [];

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

        IPage page = await browser.NewPageAsync();
        var opened = new OpenedReport(folder, page);
        page.Request += (_, e) => opened.Requests.Add(e.Request.Url);
        page.RequestFailed += (_, e) => opened.Complaints.Add($"{e.Request.Url}: {e.Request.FailureText}");
        page.Console += (_, e) => opened.Complaints.Add(e.Message.Text);
        page.PageError += (_, e) => opened.Complaints.Add(e.Message);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue
        {
            MediaFeature = MediaFeature.PrefersColorScheme,
            Value = colors,
        }]);
        await page.GoToAsync(new Uri(path).AbsoluteUri);
        return opened;
    }

    public Task<T> EvaluateAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
