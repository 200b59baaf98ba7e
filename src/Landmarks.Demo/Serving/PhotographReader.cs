using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Landmarks.Demo.Serving;

/// <summary>Reads the photographs of a request, in each of the forms that they are sent in.</summary>
/// <param name="settings">How many bytes and photographs a request may have.</param>
internal sealed class PhotographReader(ServeSettings settings)
{
    // Longer ones are no browser's.
    private const int LongestBoundary = 200;

    /// <summary>Of content that is sent as it is, in the header Content-Encoding.</summary>
    public const string NoEncoding = "identity";

    // What else JSON could be written in was never allowed on a network (RFC 8259).
    private static readonly string[] s_charsets = ["utf-8", "us-ascii"];

    private const int FirstBytes = 1 << 16;

    /// <param name="request">The request.</param>
    /// <param name="memory">Takes what is held of it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RequestRefusedException">It has another form, or no photograph, or comes too slowly.</exception>
    /// <exception cref="BadHttpRequestException">It has too many bytes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<SentPhotographs> ReadAsync(HttpRequest request, MemoryBudget.Share memory, CancellationToken cancellation)
    {
        if (request.ContentLength > settings.MaxBytes)
        {
            // What comes all the same is read and dropped for a while: most clients read no answer before they have sent everything.
            request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
            throw Errors.TooManyBytes(settings.MaxBytes);
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals(NoEncoding, StringComparison.OrdinalIgnoreCase))
            throw Errors.ContentEncoding(encoding);
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type))
            throw Errors.MediaType(request.ContentType);
        using var body = new SteadyBody(request.Body);
        if (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase))
        {
            byte[] file = await ReadAllAsync(body, request.ContentLength, memory, cancellation);
            return file.Length > 0 ? new SentPhotographs([new SentPhotograph(null, file)], AreListed: false) : throw Errors.NoBody();
        }

        if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return new SentPhotographs(await ReadFormAsync(body, type, memory, cancellation), AreListed: true);
        if (!type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Errors.MediaType(request.ContentType);
        if (type.Charset.HasValue && !s_charsets.Contains(HeaderUtilities.RemoveQuotes(type.Charset).Value!,
            StringComparer.OrdinalIgnoreCase))
            throw Errors.Charset(request.ContentType!);
        byte[] json = await ReadAllAsync(body, request.ContentLength, memory, cancellation);
        // What base64 stands for.
        memory.Take(json.Length / 4L * 3);
        return ReadJson(json);
    }

    private async Task<List<SentPhotograph>> ReadFormAsync(SteadyBody body, MediaTypeHeaderValue type, MemoryBudget.Share memory,
        CancellationToken cancellation)
    {
        string? boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > LongestBoundary)
            throw Errors.Form($"its Content-Type names no boundary of 1 to {LongestBoundary} characters.");
        List<SentPhotograph> photographs = [];
        try
        {
            var parts = new MultipartReader(boundary, body);
            while (await parts.ReadNextSectionAsync(cancellation) is { } part)
            {
                // Fields of the form are no photographs.
                if (NameOf(part) is not { } name)
                    continue;
                photographs.Add(new SentPhotograph(name, await ReadAllAsync(part.Body, length: null, memory, cancellation)));
                RequireRoom(photographs.Count);
            }
        }
        catch (Exception e) when (e is IOException and not BadHttpRequestException or InvalidDataException)
        {
            throw Errors.Form(e.Message);
        }

        return photographs.Count > 0 ? photographs : throw Errors.NoFiles();
    }

    // The name of its file; empty where a photograph has none, and null where it is none.
    private static string? NameOf(MultipartSection part)
    {
        if (ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out ContentDispositionHeaderValue? disposition)
            && disposition.IsFileDisposition())
            return disposition.FileNameStar.HasValue ? disposition.FileNameStar.Value : Unescape(disposition.FileName.Value!);
        return part.ContentType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true ? "" : null;
    }

    // Browsers write what would end the name as the HTML standard says, other clients with a backslash, of which Windows' paths have more.
    private static string Unescape(string name) => HeaderUtilities.RemoveQuotes(name).Value!
        .Replace("\\\"", "\"", StringComparison.Ordinal).Replace("%22", "\"", StringComparison.Ordinal)
        .Replace("%0D", "\r", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal);

    private SentPhotographs ReadJson(ReadOnlySpan<byte> json)
    {
        // Some editors and programs begin each text with it.
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        try
        {
            // An object is answered by an object, and a list by a list.
            var reader = new Utf8JsonReader(json);
            bool isList = reader.Read() && reader.TokenType == JsonTokenType.StartArray;
            JsonPhotograph?[] sent = isList ? JsonSerializer.Deserialize(json, ServingJson.Web.JsonPhotographArray)!
                : [JsonSerializer.Deserialize(json, ServingJson.Web.JsonPhotograph)];
            RequireRoom(sent.Length);
            return sent.Length > 0 ? new SentPhotographs([.. sent.Select(Require)], isList) : throw Errors.NoBody();
        }
        catch (JsonException e)
        {
            // Of a value that is no text, or no base64, it says in which class of this program it does not fit.
            bool isSyntax = e.Path is null || e.InnerException is JsonException;
            throw Errors.Json(isSyntax ? e.Message
                : e.InnerException is FormatException ? Errors.JsonBase64(e.Path!) : Errors.JsonValue(e.Path!));
        }
    }

    private static SentPhotograph Require(JsonPhotograph? photograph, int place)
        => photograph?.Image is { } file ? new SentPhotograph(photograph.Id, file) : throw Errors.JsonWithoutImage(place);

    private void RequireRoom(int count)
    {
        if (count > settings.MaxQueue)
            throw Errors.TooManyPhotographs(settings.MaxQueue);
    }

    private static async Task<byte[]> ReadAllAsync(Stream body, long? length, MemoryBudget.Share memory, CancellationToken cancellation)
    {
        // What is promised is taken as it comes: a client that sends nothing holds nothing.
        byte[] bytes = [];
        int count = 0;
        while (count < length || length is null)
        {
            if (count == bytes.Length)
            {
                int larger = (int)Math.Min(Math.Max(FirstBytes, 2L * count), Math.Min(length ?? Array.MaxLength, Array.MaxLength));
                memory.Take(larger - count);
                Array.Resize(ref bytes, larger);
            }

            int read = await body.ReadAsync(bytes.AsMemory(count), cancellation);
            if (read == 0)
                break;
            count += read;
        }

        if (count < bytes.Length)
            Array.Resize(ref bytes, count);
        return bytes;
    }
}
