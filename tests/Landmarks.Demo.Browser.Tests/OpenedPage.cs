using PuppeteerSharp;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>A page of the browser, with all that it asked for and complained of.</summary>
internal class OpenedPage : IAsyncDisposable
{
    protected OpenedPage(IPage page) => Page = page;

    public IPage Page { get; }

    /// <summary>The addresses that were asked for, the page's own first.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the console and failed requests say.</summary>
    public List<string> Complaints { get; } = [];

    /// <param name="browser">The browser.</param>
    /// <param name="address">Where the page is.</param>
    /// <param name="width">That of the window, in pixels.</param>
    /// <param name="colors">The colors that its user prefers.</param>
    public static async Task<OpenedPage> OpenAsync(IBrowser browser, string address, int width = 1280, string colors = "light")
    {
        var opened = new OpenedPage(await browser.NewPageAsync());
        await opened.GoToAsync(address, width, colors);
        return opened;
    }

    public Task<T> EvaluateAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    public virtual async ValueTask DisposeAsync() => await Page.CloseAsync();

    protected async Task GoToAsync(string address, int width, string colors)
    {
        Page.Request += (_, e) => Requests.Add(e.Request.Url);
        Page.RequestFailed += (_, e) => Complaints.Add($"{e.Request.Url}: {e.Request.FailureText}");
        Page.Console += (_, e) => Complaints.Add(e.Message.Text);
        Page.PageError += (_, e) => Complaints.Add(e.Message);
        await Page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await Page.EmulateMediaFeaturesAsync([new MediaFeatureValue
        {
            MediaFeature = MediaFeature.PrefersColorScheme,
            Value = colors,
        }]);
        await Page.GoToAsync(address);
    }
}
