using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>What a browser makes of a report.</summary>
[TestClass]
[ChromiumCondition]
public sealed class BrowserTests
{
    // The smallest contrast of what is written on a page, by WCAG 2.2: of two luminances, (lighter + .05) / (darker + .05).
    private const string Contrast = """
        (() => {
          const channel = c => { c /= 255; return c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
          const luminance = color => {
            const [r, g, b] = color.match(/[\d.]+/g).map(Number);
            return .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
          };
          const ground = e => {
            const color = getComputedStyle(e).backgroundColor;
            return color === 'rgba(0, 0, 0, 0)' ? ground(e.parentElement) : color;
          };
          let worst = { ratio: 21, text: '' };
          for (const e of document.querySelectorAll('body *')) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || ['title', 'desc'].includes(e.tagName)) continue;
            const style = getComputedStyle(e), [a, b] = [luminance(e.closest('svg') ? style.fill : style.color), luminance(ground(e))];
            const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
            if (ratio < worst.ratio) worst = { ratio, text: e.outerHTML };
          }
          return `${worst.ratio} ${worst.text}`;
        })()
        """;

    private static IBrowser s_browser = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext _) => s_browser = await Chromium.StartAsync();

    [ClassCleanup]
    public static async Task StopAsync() => await s_browser.DisposeAsync();

    [TestMethod]
    [DataRow(false, DisplayName = "answers")]
    [DataRow(true, DisplayName = "check")]
    public async Task Open_AnyReport_AsksForNothingAndComplainsOfNothing(bool isCheck)
    {
        await using OpenedReport opened = await OpenAsync(isCheck);
        await ShowAllAsync(opened);

        Assert.IsEmpty(opened.Complaints, string.Join('\n', opened.Complaints));
        Assert.IsTrue(opened.Requests.Skip(1).All(address => address.StartsWith("data:", StringComparison.Ordinal)),
            string.Join('\n', opened.Requests));
        Assert.AreEqual("rgb(246, 247, 249)", await opened.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [TestMethod]
    public async Task Open_AnyReport_ShowsCards()
    {
        await using OpenedReport opened = await OpenAsync();
        await ShowAllAsync(opened);

        Assert.AreEqual(8, await opened.EvaluateAsync<int>("document.querySelectorAll('article').length"));
        string card = await opened.EvaluateAsync<string>("document.querySelector('article').innerText");
        foreach (string text in (string[])["confused.jpg", "Tokyo Tower", "Shows Eiffel Tower", "0.750 − 0.250 = 0.500", "cosine 0.375"])
            Assert.Contains(text, card);
        Assert.IsTrue(await opened.EvaluateAsync<bool>("[...document.images].every(i => i.complete && i.naturalWidth === 1)"));
        Assert.IsTrue(await opened.EvaluateAsync<bool>("""
            [...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect()).every(box => box.width > 20 && box.height > 4)
            """));
    }

    [TestMethod]
    public async Task Open_NamesThatAreHtml_AreShown()
    {
        await using OpenedReport opened = await OpenAsync();

        Assert.Contains(ReportSample.HostileName, await opened.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('h3')].map(h => h.innerText)"));
        Assert.Contains(ReportSample.HostileLandmark, await opened.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('strong')].map(s => s.innerText)"));
        Assert.AreEqual("Landmark report: landmarks.zip", await opened.EvaluateAsync<string>("document.title"));
        Assert.AreEqual(0, await opened.EvaluateAsync<int>("document.querySelectorAll('script, [onerror], img[src=x]').length"));
    }

    [TestMethod]
    public async Task Open_ScriptInAPage_IsNotRun()
    {
        string page = ReportSample.Write(ReportSample.Create()).Replace("</main>",
            "<script>document.title = 'run'</script><img src=\"https://localhost:1/x.png\" onerror=\"document.title = 'run'\"></main>",
            StringComparison.Ordinal);
        await using OpenedReport opened = await OpenedReport.OpenAsync(s_browser, page);

        Assert.AreEqual("Landmark report: landmarks.zip", await opened.EvaluateAsync<string>("document.title"));
        Assert.IsNotEmpty(opened.Complaints);
    }

    [TestMethod]
    [DataRow(false, 360)]
    [DataRow(false, 700)]
    [DataRow(false, 1280)]
    [DataRow(true, 360)]
    [DataRow(true, 700)]
    [DataRow(true, 1280)]
    public async Task Open_WindowOfAnyWidth_IsNotScrolledSideways(bool isCheck, int width)
    {
        await using OpenedReport opened = await OpenAsync(isCheck, width);

        Assert.AreEqual(width, await opened.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.IsLessThanOrEqualTo(width, await opened.EvaluateAsync<double>(
            "Math.max(...[...document.querySelectorAll('article *')].map(e => e.getBoundingClientRect().right))"));
    }

    [TestMethod]
    [DataRow(false, "light", "rgb(246, 247, 249)")]
    [DataRow(false, "dark", "rgb(15, 19, 24)")]
    [DataRow(true, "light", "rgb(246, 247, 249)")]
    [DataRow(true, "dark", "rgb(15, 19, 24)")]
    public async Task Open_LightOrDark_IsReadable(bool isCheck, string colors, string ground)
    {
        await using OpenedReport opened = await OpenAsync(isCheck, colors: colors);

        Assert.AreEqual(ground, await opened.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        string[] worst = (await opened.EvaluateAsync<string>(Contrast)).Split(' ', 2);
        Assert.IsGreaterThanOrEqualTo(4.5, double.Parse(worst[0], null), worst[1]);
    }

    [TestMethod]
    [DataRow(false, DisplayName = "answers")]
    [DataRow(true, DisplayName = "check")]
    public async Task Print_Dark_IsOnWhite(bool isCheck)
    {
        await using OpenedReport opened = await OpenAsync(isCheck, colors: "dark");

        byte[] pdf = await opened.Page.PdfDataAsync(new PdfOptions { Format = PaperFormat.A4, PrintBackground = true });
        await opened.Page.EmulateMediaTypeAsync(MediaType.Print);

        Assert.IsTrue(pdf.AsSpan().StartsWith("%PDF-"u8));
        Assert.AreEqual("rgb(255, 255, 255)", await opened.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.AreEqual("avoid", await opened.EvaluateAsync<string>("getComputedStyle(document.querySelector('article')).breakInside"));
        string[] worst = (await opened.EvaluateAsync<string>(Contrast)).Split(' ', 2);
        Assert.IsGreaterThanOrEqualTo(4.5, double.Parse(worst[0], null), worst[1]);
    }

    [TestMethod]
    public async Task Click_LinkInATable_GoesToTheCard()
    {
        await using OpenedReport opened = await OpenAsync();

        await opened.Page.ClickAsync("td a");

        Assert.AreEqual("confused.jpg", await opened.EvaluateAsync<string>("document.querySelector('article:target h3').innerText"));
    }

    [TestMethod]
    public async Task Open_Check_ShowsPairsSideBySide()
    {
        await using OpenedReport opened = await OpenAsync(isCheck: true, width: 360);
        await ShowAllAsync(opened);

        Assert.IsTrue(await opened.EvaluateAsync<bool>("""
            [...document.querySelectorAll('.pair')].filter(pair => pair.children.length === 2).map(pair => [...pair.children]
                .map(c => c.getBoundingClientRect())).every(([a, b]) => a.right <= b.left && a.top < b.bottom && b.top < a.bottom)
            """));
        Assert.AreEqual("Eiffel Tower\ntorn.jpg", await opened.EvaluateAsync<string>(
            "document.querySelector('[role=img]').parentElement.querySelector('figcaption').innerText"));
        await opened.Page.ClickAsync("a[href='#near-duplicate']");
        Assert.AreEqual("Near duplicates 3", await opened.EvaluateAsync<string>("document.querySelector(':target').innerText"));
    }

    [TestMethod]
    public async Task Open_PicturesBesideIt_AreShown()
    {
        string page = ReportSample.Write(ReportSample.Create(), new SamePicture("my%20pictures/1.png"), hasFiles: true);
        await using OpenedReport opened = await OpenedReport.OpenAsync(s_browser, page,
            files: ("my pictures/1.png", Convert.FromBase64String(ServedPage.Pixel)));
        await ShowAllAsync(opened);

        Assert.IsEmpty(opened.Complaints, string.Join('\n', opened.Complaints));
        Assert.IsTrue(await opened.EvaluateAsync<bool>("[...document.images].every(i => i.complete && i.naturalWidth === 1)"));
    }

    private static Task<OpenedReport> OpenAsync(bool isCheck = false, int width = 1280, string colors = "light")
    {
        const string Picture = $"data:image/png;base64,{ServedPage.Pixel}";
        return OpenedReport.OpenAsync(s_browser, isCheck ? CheckSample.Write(CheckSample.Create(), Picture)
            : ReportSample.Write(ReportSample.Create(), new SamePicture(Picture)), width, colors);
    }

    // Pictures are loaded as they come into sight.
    private static async Task ShowAllAsync(OpenedReport opened)
    {
        await opened.EvaluateAsync<object>("[...document.images].forEach(i => i.loading = 'eager')");
        await opened.Page.WaitForFunctionAsync("() => [...document.images].every(i => i.complete)");
    }
}
