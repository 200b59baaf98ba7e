using Microsoft.Extensions.Logging;

namespace Landmarks.Demo.Serving;

/// <summary>What is told of the work: never a photograph, nor its name.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(EventId = 1, Message = "{Method} {Route} answered {Status} in {Milliseconds:F1} ms.")]
    public static partial void Answered(ILogger log, LogLevel level, string method, string route, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Information, "Model {Number} is served.")]
    public static partial void ModelReplaced(ILogger log, int number);

    [LoggerMessage(3, LogLevel.Error, "{Reason}")]
    public static partial void ModelKept(ILogger log, string reason);

    [LoggerMessage(4, LogLevel.Warning, "{Message}")]
    public static partial void ModelWarning(ILogger log, string message);

    [LoggerMessage(5, LogLevel.Error, "{Reason}")]
    public static partial void IndexFailed(ILogger log, string reason);

    [LoggerMessage(6, LogLevel.Information, "{Recall}")]
    public static partial void Recall(ILogger log, string recall);
}
