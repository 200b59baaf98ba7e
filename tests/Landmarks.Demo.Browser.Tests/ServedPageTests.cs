using System.Text;
using System.Text.Json;
using Deque.AxeCore.Commons;
using Landmarks.Demo.Serving.Tests;
using Microsoft.ML;
using PuppeteerSharp;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>The page of the service in a browser.</summary>
[TestClass]
[ChromiumCondition]
public sealed class ServedPageTests
{
    // Files that come by the keys or the mouse of the system, which no test holds: made in the page, and given to it as those are.
    private const string Given = """
        (event, ...files) => {
          const data = new DataTransfer();
          for (const [name, base64] of files)
            data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type: 'image/png' }));
          const how = { clipboardData: data, dataTransfer: data, bubbles: true, cancelable: true };
          document.body.dispatchEvent(event === 'paste' ? new ClipboardEvent(event, how) : new DragEvent(event, how));
        }
        """;

    private static readonly string s_axe = new BundledAxeScriptProvider().GetScript();

    private static IBrowser s_browser = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _) => s_browser = await Chromium.StartAsync();

    [ClassCleanup]
    public static async Task StopAsync() => await s_browser.DisposeAsync();

    [TestMethod]
    public async Task Choose_Photograph_ShowsItsAnswer()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());

        await page.ChooseAsync(page.Write("eiffel.png", ServedPage.Landmark));

        await page.AnsweredAsync(1, of: 1);
        string card = (await page.CardsAsync()).Single();
        foreach (string text in (string[])["eiffel.png", "Landmark", "Eiffel Tower score 0.900",
            "False-alarm probability 0.005: 0.5\u00a0%", "Tokyo Tower\n0.500", "reference 4", "0.750 \u2212 0.250 = 0.500",
            "penalty 0.210", "lamp 0\n0.375", "lamp 4\n0.125", " s, model 1"])
            Assert.Contains(text, card);
        Assert.AreEqual("100,40", await page.Opened.EvaluateAsync<string>(
            "[...document.querySelectorAll('.top .vote')].map(bar => Math.round(bar.getAttribute('width') * 100)).join()"));
        CollectionAssert.AreEqual((string[])["eiffel.png: Eiffel Tower."], await page.ToldAsync());
        await Waiting.UntilAsync(() => page.Opened.EvaluateAsync<bool>(
            "document.images[0].complete && document.images[0].naturalWidth === 1"));
        Assert.IsEmpty(page.Opened.Complaints, string.Join('\n', page.Opened.Complaints));
        string own = page.Server.Url.AbsoluteUri;
        Assert.IsTrue(page.Opened.Requests.All(address => address.StartsWith(own, StringComparison.Ordinal)
            || address.StartsWith($"blob:{own}", StringComparison.Ordinal)), string.Join('\n', page.Opened.Requests));
    }

    [TestMethod]
    public async Task Choose_ModelWithAVerdict_TellsItsRate()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model(falseAlarmRate: 0.05));

        await page.ChooseAsync(page.Write("eiffel.png", ServedPage.Landmark));

        await page.SaysAsync(".probability", "0.5\u00a0% of photographs of no landmark are answered as surely as this one. The service "
            + "names landmarks up to 5\u00a0%.");
    }

    [TestMethod]
    public async Task Choose_ManyNonLandmarksThatAreAlike_FoldsAllButTheFirst()
    {
        var model = new FakeModel(isGated: false, answer: _ => ReportSample.Answer("", "1", 0.9f, 0.005f, shows: null).Answer with
        {
            NonLandmarkNeighbors = [.. Enumerable.Range(0, 12).Select(i => new NonLandmarkLikeness($"none {i}", 0.9f - (0.05f * i)))],
        });
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, model);

        await page.ChooseAsync(page.Write("eiffel.png", ServedPage.Landmark));

        await page.AnsweredAsync(1, of: 1);
        string card = (await page.CardsAsync()).Single();
        Assert.Contains("none 4", card);
        Assert.DoesNotContain("none 5", card);
        Assert.Contains("7 more", card);
        await page.Page.ClickAsync("details details summary");
        Assert.Contains("none 11", (await page.CardsAsync()).Single());
    }

    [TestMethod]
    public async Task Choose_SeveralOfWhichOneIsNoPhotograph_AnswersTheOthers()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());

        await page.ChooseAsync(page.Write("a.png", ServedPage.Landmark), page.Write("notes.txt", "some notes"u8.ToArray()),
            page.Write("b.png", ServedPage.Nothing), page.Write("c.png", ServedPage.Zeros), page.Write("empty.jpg", []));

        await page.AnsweredAsync(5, of: 5);
        string[] cards = await page.CardsAsync();
        Assert.Contains("Eiffel Tower score 0.900", cards[0]);
        Assert.Contains("No answer", cards[1]);
        Assert.Contains(ServedPage.Unreadable, cards[1]);
        Assert.Contains("No landmark\n\nBest guess Eiffel Tower score \u22120.200", cards[2]);
        Assert.Contains("makes zeros", cards[3]);
        Assert.Contains("No answer", cards[4]);
        string[] told = await page.ToldAsync();
        Assert.Contains($"notes.txt: no answer. {ServedPage.Unreadable}", told);
        Assert.Contains("b.png: no landmark, best guess Eiffel Tower.", told);
    }

    [TestMethod]
    public async Task Choose_TooLarge_SaysSo()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model(), s => s with { MaxBytes = 1_000 });

        await page.ChooseAsync(page.Write("large.png", [.. ServedPage.Photograph(ServedPage.Landmark), .. new byte[2_000]]));

        await page.SaysAsync("article", "The request has more than 1000 bytes.");
    }

    [TestMethod]
    public async Task Choose_Photograph_SendsItAsItIs()
    {
        byte[]? seen = null;
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, new FakeModel(isGated: false, answer: file =>
        {
            seen = file;
            return ReportSample.Answer("", "1", 0.9f, 0.005f, shows: null).Answer;
        }));
        byte[] file = [.. ServedPage.Photograph(ServedPage.Landmark), .. Enumerable.Range(0, 500_000).Select(i => (byte)(i * i >> 3))];

        await page.ChooseAsync(page.Write("large.png", file));

        await page.AnsweredAsync(1, of: 1);
        CollectionAssert.AreEqual(file, seen);
    }

    [TestMethod]
    public async Task Choose_KindThatTheBrowserDoesNotShow_IsAnswered()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());

        await page.ChooseAsync(page.Write("IMG_1.HEIC", Encoding.ASCII.GetBytes("\0\0\0\u0018ftypheic\0\0\0\0mif1heic1")));

        await page.AnsweredAsync(1, of: 1);
        await page.SaysAsync(".no-picture", "no picture");
        Assert.Contains("Eiffel Tower", (await page.CardsAsync()).Single());
    }

    [TestMethod]
    public async Task Choose_NamesThatAreHtml_AreShown()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());
        const string Name = "<img src=x onerror=\"document.title='obeyed'\">\u202e&amp;.png";

        await page.ChooseAsync(page.Write(Name, ServedPage.Hostile));

        await page.AnsweredAsync(1, of: 1);
        string card = (await page.CardsAsync()).Single();
        Assert.Contains(Name.Replace("\u202e", "\\u202e", StringComparison.Ordinal), card);
        Assert.Contains(ReportSample.HostileLandmark, card);
        Assert.AreEqual("Which landmark is it?", await page.Opened.EvaluateAsync<string>("document.title"));
        Assert.AreEqual(0, await page.Opened.EvaluateAsync<int>(
            "document.querySelectorAll('script:not([src]), [onerror], img[src=x]').length"));
    }

    [TestMethod]
    [DataRow("paste")]
    [DataRow("drop")]
    public async Task PasteOrDrop_Photographs_AreAnswered(string way)
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());
        string[] File(string name, char shows) => [name, Convert.ToBase64String(ServedPage.Photograph(shows))];

        await page.Page.EvaluateFunctionAsync(Given, way, File("a.png", ServedPage.Landmark), File("b.png", ServedPage.Nothing));
        await page.AnsweredAsync(2, of: 2);
        await page.Page.EvaluateFunctionAsync(Given, way, File("c.png", ServedPage.Landmark));
        await page.AnsweredAsync(3, of: 3);

        CollectionAssert.AreEqual((string[])["c.png", "a.png", "b.png"],
            (await page.CardsAsync()).Select(card => card.Split('\n')[0]).ToArray());
        await page.Page.EvaluateFunctionAsync(Given, way);
        await page.AnsweredAsync(3, of: 3);
    }

    [TestMethod]
    public async Task Drop_Folder_SaysWhatToDropInstead()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());
        await page.Opened.EvaluateAsync<object>("""
            DataTransferItem.prototype.webkitGetAsEntry = function () { return { isDirectory: true, name: this.getAsFile().name }; }, null
            """);

        await page.Page.EvaluateFunctionAsync(Given, "drop", (string[])["holidays", ""]);

        await page.SaysAsync("article", "This is a folder. Drop the photographs in it.");
        Assert.DoesNotContain(address => address.Contains("/recognize", StringComparison.Ordinal), page.Opened.Requests);
    }

    [TestMethod]
    public async Task Drag_OverThePage_IsShownUntilItLeaves()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());
        Task<string> Ground() => page.Opened.EvaluateAsync<string>("getComputedStyle(document.querySelector('.sender')).borderTopColor");
        string before = await Ground();

        await page.Page.EvaluateFunctionAsync(Given, "dragover");
        Assert.AreNotEqual(before, await Ground());
        await page.Page.EvaluateFunctionAsync(Given, "dragleave");

        Assert.AreEqual(before, await Ground());
    }

    [TestMethod]
    public async Task Choose_QueueIsFull_AsksAgainAsTheServiceSays()
    {
        FakeModel model = ServedPage.Model(isGated: true);
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, model, settings => settings with { MaxQueue = 1 });

        await page.ChooseAsync([.. Enumerable.Range(1, 4).Select(i => page.Write($"{i}.png", ServedPage.Landmark))]);
        await page.SaysAsync("#pause", "The service has no room for more photographs. Asks again in ");
        Assert.MatchesRegex(@"^The service has no room for more photographs\. Asks again in \d+ s\.$", (await page.ToldAsync())[0]);
        model.End(100);

        await page.AnsweredAsync(4, of: 4);
        Assert.AreEqual("", await page.TextAsync("#pause"));
        Assert.IsTrue((await page.CardsAsync()).All(card => card.Contains("Eiffel Tower", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Choose_NoModelYet_AsksAgain()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, model: null);

        await page.ChooseAsync(page.Write("a.png", ServedPage.Landmark));
        await page.SaysAsync("#pause", "The service is not ready. Asks again in ");
        await page.SaysAsync("article", "Waiting");
        page.Server.Serve(ServedPage.Model());

        await page.AnsweredAsync(1, of: 1);
    }

    [TestMethod]
    public async Task Choose_ModelIsReplacedMeanwhile_AnswersByTheOneThatTookIt()
    {
        FakeModel first = ServedPage.Model(isGated: true);
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, first);

        await page.ChooseAsync(page.Write("before.png", ServedPage.Landmark));
        await first.BegunAsync();
        page.Server.Serve(ServedPage.Model(2));
        await page.ChooseAsync(page.Write("after.png", ServedPage.Landmark));
        first.End();

        await page.AnsweredAsync(2, of: 2);
        string[] cards = await page.CardsAsync();
        Assert.Contains("model 2", cards[0]);
        Assert.Contains("model 1", cards[1]);
        Assert.IsEmpty(page.Opened.Complaints, string.Join('\n', page.Opened.Complaints));
    }

    [TestMethod]
    public async Task Choose_ServiceFails_MayBeTriedAgain()
    {
        FakeModel model = ServedPage.Model();
        model.Failure = new InvalidOperationException("out of order");
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, model);

        await page.ChooseAsync(page.Write("a.png", ServedPage.Landmark));
        await page.SaysAsync("article", "Try again");
        model.Failure = null;
        await page.Page.ClickAsync("[aria-label='Try a.png again']");

        await page.SaysAsync("article", "Eiffel Tower");
        Assert.AreEqual("Remove a.png", await page.FocusedAsync());
    }

    [TestMethod]
    public async Task Choose_ServiceIsGone_SaysSo()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());
        await page.Page.SetOfflineModeAsync(true);

        await page.ChooseAsync(page.Write("a.png", ServedPage.Landmark));

        await page.SaysAsync("article", "No answer came.");
        await page.SaysAsync("article", "Try again");
    }

    [TestMethod]
    public async Task Remove_AtWork_EndsTheWork()
    {
        FakeModel model = ServedPage.Model(isGated: true);
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, model);
        await page.ChooseAsync(page.Write("a.png", ServedPage.Landmark));
        await model.BegunAsync();

        await page.Page.ClickAsync("[aria-label='Remove a.png']");

        await Waiting.UntilAsync(() => model.Cancelled == 1);
        Assert.IsEmpty(await page.CardsAsync());
        Assert.AreEqual("Choose photographs", await page.FocusedAsync());
        Assert.IsEmpty(await page.ToldAsync());
    }

    [TestMethod]
    public async Task RemoveAll_MoreThanAreAtWork_SendsNoOther()
    {
        FakeModel model = ServedPage.Model(isGated: true);
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, model);
        await page.ChooseAsync([.. Enumerable.Range(1, 20).Select(i => page.Write($"{i}.png", ServedPage.Landmark))]);
        await model.BegunAsync();

        await page.Page.ClickAsync("#remove-all");
        await Waiting.UntilAsync(() => page.Server.WaitingCount == 0);

        Assert.IsEmpty(await page.CardsAsync());
        Assert.IsLessThanOrEqualTo(4, page.Opened.Requests.Count(address => address.Contains("/recognize", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Keys_Alone_ChooseAndRemove()
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.AreEqual("Choose photographs", await page.FocusedAsync());
        Assert.AreEqual("solid", await page.Opened.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));

        // What opens the system's dialog, in which no test can choose.
        await page.Opened.EvaluateAsync<object>("""
            document.querySelector('[type=file]').addEventListener('click', e => { e.preventDefault(); window.hasOpened = true; })
            """);
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.IsTrue(await page.Opened.EvaluateAsync<bool>("window.hasOpened"));
        await page.ChooseAsync(page.Write("a.png", ServedPage.Landmark), page.Write("b.png", ServedPage.Nothing));
        await page.AnsweredAsync(2, of: 2);
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.AreEqual("Remove all", await page.FocusedAsync());
        await page.Page.Keyboard.PressAsync("Tab");
        Assert.AreEqual("Remove a.png", await page.FocusedAsync());
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.AreEqual("Remove b.png", await page.FocusedAsync());
        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Enter");

        Assert.IsFalse(await page.Opened.EvaluateAsync<bool>("document.querySelector('article details').open"));
    }

    [TestMethod]
    [DataRow("light", 1280)]
    [DataRow("dark", 1280)]
    [DataRow("light", 360)]
    [DataRow("dark", 360)]
    public async Task Open_AnyColorsAndWidth_AxeFindsNoFault(string colors, int width)
    {
        await using ServedPage page = await OpenFullAsync(width, colors);

        Assert.AreEqual(colors == "dark" ? "rgb(15, 19, 24)" : "rgb(246, 247, 249)",
            await page.Opened.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await page.Opened.EvaluateAsync<object>($"{s_axe}; null");
        string json = await page.Opened.EvaluateAsync<string>("axe.run().then(found => JSON.stringify(found))");
        JsonElement found = JsonDocument.Parse(json).RootElement;

        Assert.Contains("color-contrast", found.GetProperty("passes").EnumerateArray().Select(rule => rule.GetProperty("id").GetString()));
        Assert.AreEqual("[]", found.GetProperty("violations").GetRawText());
    }

    [TestMethod]
    [DataRow(320)]
    [DataRow(360)]
    [DataRow(700)]
    [DataRow(1280)]
    public async Task Open_WindowOfAnyWidth_IsNotScrolledSideways(int width)
    {
        await using ServedPage page = await OpenFullAsync(width);

        Assert.AreEqual(width, await page.Opened.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.IsLessThanOrEqualTo(width, await page.Opened.EvaluateAsync<double>(
            "Math.max(...[...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().right))"));
        // No name is so long that it leaves a button a letter's room.
        Assert.IsLessThan(60, await page.Opened.EvaluateAsync<double>(
            "Math.max(...[...document.querySelectorAll('button')].map(e => e.getBoundingClientRect().height))"));
    }

    [TestMethod]
    [DataRow("document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))", "trusted")]
    [DataRow("document.body.setAttribute('onclick', '1')", "trusted")]
    [DataRow("document.body.setAttribute('style', 'color: red')", "style-src")]
    [DataRow("document.body.append(Object.assign(new Image(), { src: 'https://localhost:1/x.png' }))", "img-src")]
    [DataRow("fetch('https://localhost:1/').catch(() => {})", "connect-src")]
    public async Task Policy_WhatThePageDoesNotDo_IsForbidden(string attempt, string directive)
    {
        await using ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model());

        string violated = await page.Opened.EvaluateAsync<string>($$"""
            new Promise(told => {
              document.addEventListener('securitypolicyviolation', e => told(e.effectiveDirective));
              try { {{attempt}}; } catch { }
            })
            """);

        Assert.Contains(directive, violated);
    }

    // Cards of every kind.
    private static async Task<ServedPage> OpenFullAsync(int width, string colors = "light")
    {
        ServedPage page = await ServedPage.OpenAsync(s_browser, ServedPage.Model(), width: width, colors: colors);
        await page.ChooseAsync(page.Write("a.png", ServedPage.Landmark), page.Write("b.png", ServedPage.Nothing),
            page.Write($"{new string('w', 120)}.png", ServedPage.Hostile), page.Write("c.png", ServedPage.Zeros),
            page.Write("notes.txt", "some notes"u8.ToArray()), page.Write("d.png", '4'));
        await page.AnsweredAsync(6, of: 6);
        return page;
    }
}
