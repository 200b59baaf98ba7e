using Landmarks.Demo.Reports;
using Microsoft.AspNetCore.Http;
using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>What the model that is served says of itself.</summary>
internal static class ModelEndpoints
{
    /// <exception cref="RequestRefusedException">There is no model yet, or it says nothing.</exception>
    public static IResult GetInfo(ServedModels models, HttpContext context)
        => TypedResults.Json(InfoOf(models, context), ResultJson.Lines.LandmarkModelInfo);

    /// <inheritdoc cref="GetInfo"/>
    public static IResult GetLandmarks(ServedModels models, HttpContext context)
        => TypedResults.Json(InfoOf(models, context).Landmarks, ResultJson.Lines.IReadOnlyListLandmarkInfo);

    private static LandmarkModelInfo InfoOf(ServedModels models, HttpContext context)
    {
        ServedModel model = models.TryTake() ?? throw Errors.NotReady();
        try
        {
            context.Response.Headers[AnswersResult.ModelHeader] = $"{model.Number}";
            return model.Info ?? throw Errors.NoInfo();
        }
        finally
        {
            model.Release();
        }
    }
}
