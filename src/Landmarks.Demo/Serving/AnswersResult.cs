using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Landmarks.Demo.Reports;
using Microsoft.AspNetCore.Http;
using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>Answers as <c>predict --format json</c> writes them, one or a list.</summary>
/// <param name="answers">The answers.</param>
/// <param name="areListed">Whether they are a list, however many there are.</param>
/// <param name="model">What has answered all of them.</param>
internal sealed class AnswersResult(IReadOnlyList<LandmarkAnswer> answers, bool areListed, ServedModel model) : IResult
{
    /// <summary>The header that says which model has answered.</summary>
    public const string ModelHeader = "Landmarks-Model";

    /// <summary>The header that says which share of photographs of nothing its verdict lets be answered.</summary>
    public const string FalseAlarmsHeader = "Landmarks-False-Alarms";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = ResultJson.Lines.Options.Encoder }))
        {
            if (areListed)
                json.WriteStartArray();
            foreach (LandmarkAnswer answer in answers)
                JsonSerializer.Serialize(json, answer, ResultJson.Lines.LandmarkAnswer);
            if (areListed)
                json.WriteEndArray();
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.WrittenCount;
        response.Headers[ModelHeader] = $"{model.Number}";
        if (model.FalseAlarmRate is { } rate)
            response.Headers[FalseAlarmsHeader] = rate.ToString(CultureInfo.InvariantCulture);
        await response.Body.WriteAsync(body.WrittenMemory, httpContext.RequestAborted);
    }
}
