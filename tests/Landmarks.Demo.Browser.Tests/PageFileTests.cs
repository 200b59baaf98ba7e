using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Landmarks.Demo.Serving.Tests;

namespace Landmarks.Demo.Browser.Tests;

/// <summary>The files of the service's page.</summary>
[TestClass]
public sealed partial class PageFileTests
{
    [TestMethod]
    [DataRow("/", "text/html")]
    [DataRow("/page.css", "text/css")]
    [DataRow("/page.js", "text/javascript")]
    [DataRow("/page.svg", "image/svg+xml")]
    public async Task Get_EachFile_HasItsTypeAndAStrictPolicy(string path, string type)
    {
        await using TestServer server = await TestServer.StartAsync();

        HttpResponseMessage response = await server.Client.GetAsync(path);

        Assert.AreEqual((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; ", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.AreEqual("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.AreEqual("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [TestMethod]
    public async Task Get_FileThatTheBrowserHas_IsNotSentAgain()
    {
        await using TestServer server = await TestServer.StartAsync();
        EntityTagHeaderValue version = (await server.Client.GetAsync("/page.js")).Headers.ETag!;

        using var request = new HttpRequestMessage(HttpMethod.Get, "/page.js") { Headers = { IfNoneMatch = { version } } };
        HttpResponseMessage again = await server.Client.SendAsync(request);
        using var head = new HttpRequestMessage(HttpMethod.Head, "/");

        Assert.AreEqual(HttpStatusCode.NotModified, again.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, (await server.Client.SendAsync(head)).StatusCode);
        Assert.AreEqual(HttpStatusCode.MethodNotAllowed, (await server.Client.PostAsync("/", null)).StatusCode);
    }

    [TestMethod]
    public async Task Get_Page_NamesFilesOfTheServiceAlone()
    {
        await using TestServer server = await TestServer.StartAsync();
        string page = await server.Client.GetStringAsync("/");

        string[] addresses = [.. Address().Matches(page).Select(match => match.Groups[1].Value)];

        // Below another address too, where a proxy puts the service there.
        CollectionAssert.AreEqual((string[])["page.svg", "page.css", "page.js", "openapi/v1.json"], addresses);
        foreach (string address in addresses)
            Assert.AreEqual(HttpStatusCode.OK, (await server.Client.GetAsync(address)).StatusCode, address);
        Assert.DoesNotMatchRegex("<style|<script>| style=| on[a-z]+=", page);
        Assert.DoesNotContain("page.js", await server.Client.GetStringAsync("/openapi/v1.json"));
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Address();
}
