using Microsoft.AspNetCore.Http;
using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>The problem that photographs of a request could not be read.</summary>
internal static class UnreadableProblem
{
    /// <param name="answers">The answers, of which one at least says why.</param>
    /// <param name="sent">The photographs.</param>
    public static IResult Of(LandmarkAnswer[] answers, IReadOnlyList<SentPhotograph> sent)
    {
        UnreadablePhotograph[] photographs = [.. answers.Zip(sent).Where(pair => pair.First.Error is not null)
            .Select(pair => new UnreadablePhotograph(pair.First.Id, pair.First.Error, PhotographKind.Of(pair.Second.File)))];
        return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest,
            title: Errors.UnreadableTitle(photographs.Length, answers.Length), detail: photographs[0].Error,
            extensions: new Dictionary<string, object?>
            {
                ["kind"] = photographs[0].Kind,
                ["photographs"] = photographs,
            });
    }
}
