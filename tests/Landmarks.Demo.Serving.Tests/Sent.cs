using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>Requests, and what comes of them.</summary>
internal static class Sent
{
    public const string Recognize = "/recognize";

    /// <summary>A photograph as it is.</summary>
    public static ByteArrayContent Image(params byte[] file)
        => new(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };

    /// <summary>A form with files.</summary>
    public static MultipartFormDataContent Form(params (string Name, byte[] File)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach ((string name, byte[] file) in files)
            form.Add(new ByteArrayContent(file), "photographs", name);
        return form;
    }

    public static StringContent Json(string json) => new(json, MediaTypeHeaderValue.Parse("application/json"));

    /// <summary>Reads a problem (RFC 9457) and asserts its form.</summary>
    public static async Task<JsonNode> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.AreEqual((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType), text);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.AreEqual((int)status, (int)problem["status"]!);
        Assert.IsNotNull((string?)problem["title"]);
        return problem;
    }

    /// <summary>Asserts a problem by what it tells who asked.</summary>
    public static async Task AssertProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string detail)
        => Assert.AreEqual(detail, (string?)(await response.ProblemAsync(status))["detail"]);

    /// <summary>Reads an answer.</summary>
    public static async Task<JsonNode> AnswerAsync(this HttpResponseMessage response)
    {
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }
}
