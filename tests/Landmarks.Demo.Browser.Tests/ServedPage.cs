using Landmarks.Demo.Serving;
using Landmarks.Demo.Serving.Tests;
using Microsoft.ML;
using PuppeteerSharp;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>The page of a service with a made-up model. The last byte of a photograph says what the model makes of it.</summary>
internal sealed class ServedPage : IAsyncDisposable
{
    /// <summary>A picture of one pixel, written by Pillow 9.4.0, in base64.</summary>
    public const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

    /// <summary>What the model says of a file that is no photograph.</summary>
    public const string Unreadable = "The file is text, not a photograph.";

    /// <summary>The last bytes of photographs: of a landmark by its label, of none, and one of which the network makes zeros.</summary>
    public const char Landmark = '1', Hostile = '3', Nothing = '-', Zeros = '0';

    private static readonly byte[] s_pixel = Convert.FromBase64String(Pixel);

    private readonly TemporaryFolder _folder = new();

    private ServedPage(TestServer server, OpenedPage opened) => (Server, Opened) = (server, opened);

    public TestServer Server { get; }

    public OpenedPage Opened { get; }

    public IPage Page => Opened.Page;

    /// <param name="browser">The browser.</param>
    /// <param name="model">The model; null: none yet.</param>
    /// <param name="change">Changes the settings.</param>
    /// <param name="width">The width of the window, in pixels.</param>
    /// <param name="colors">The colors that its user prefers.</param>
    public static async Task<ServedPage> OpenAsync(IBrowser browser, FakeModel? model, Func<ServeSettings, ServeSettings>? change = null,
        int width = 1280, string colors = "light")
    {
        TestServer server = await TestServer.StartAsync(change);
        if (model is not null)
            server.Serve(model);
        return new ServedPage(server, await OpenedPage.OpenAsync(browser, server.Url.AbsoluteUri, width, colors));
    }

    public static FakeModel Model(int number = 1, bool isGated = false, double? falseAlarmRate = null)
        => new(number, isGated, Answer, falseAlarmRate);

    /// <summary>The bytes of a photograph: what follows a picture, browsers leave alone.</summary>
    public static byte[] Photograph(char shows) => [.. s_pixel, (byte)shows];

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }

    public string Write(string name, char shows) => Write(name, Photograph(shows));

    /// <summary>Chooses files as the button does.</summary>
    public async Task ChooseAsync(params string[] paths)
        => await (await Page.QuerySelectorAsync("#files")).UploadFileAsync(paths);

    /// <summary>What the cards say, from the top.</summary>
    public Task<string[]> CardsAsync() => Opened.EvaluateAsync<string[]>("[...document.querySelectorAll('article')].map(c => c.innerText)");

    /// <summary>What a screen reader is told, in order.</summary>
    public Task<string[]> ToldAsync()
        => Opened.EvaluateAsync<string[]>("[...document.querySelectorAll('[role=log] p')].map(p => p.textContent)");

    /// <summary>Waits until so many photographs have an answer, or a reason why not.</summary>
    public Task AnsweredAsync(int answered, int of) => SaysAsync("#progress", $"{answered} of {of}");

    /// <summary>Waits until an element says something.</summary>
    public Task SaysAsync(string selector, string text) => Waiting.UntilAsync(async () => (await TextAsync(selector)).Contains(text,
        StringComparison.Ordinal));

    /// <summary>What an element says; nothing where it is none, or is not seen.</summary>
    public Task<string> TextAsync(string selector) => Opened.EvaluateAsync<string>(
        $"(element => element?.checkVisibility() ? element.innerText : '')(document.querySelector('{selector}'))");

    /// <summary>The name of what has the focus: what a screen reader calls it.</summary>
    public Task<string> FocusedAsync() => Opened.EvaluateAsync<string>(
        "document.activeElement.ariaLabel ?? document.activeElement.innerText");

    public async ValueTask DisposeAsync()
    {
        await Opened.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private static LandmarkAnswer Answer(byte[] file) => (file is [.., byte last] ? (char)last : default) switch
    {
        Zeros => new LandmarkAnswer { IsLandmark = false },
        Nothing => ReportSample.Answer("", $"{Landmark}", -0.2f, 0.9f, shows: null).Answer,
        char label and >= Landmark and <= '4' => ReportSample.Answer("", $"{label}", 0.9f, 0.005f, shows: null).Answer,
        _ => new LandmarkAnswer { Error = Unreadable },
    };
}
