using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.ML;
using Microsoft.OpenApi;

namespace Landmarks.Demo.Serving;

/// <summary>What the OpenAPI document says beside that which ASP.NET Core finds in the endpoints: forms of requests, and
/// examples.</summary>
internal static class ApiDescription
{
    public const string Recognize = "/recognize", AddPhotographs = "/landmarks/{name}/photos",
        AddPhotographsByQuery = "/landmarks/photos";

    private const string Json = "application/json", AnswerSchema = nameof(LandmarkAnswer);

    private const string RequestExample = """{ "id": "eiffel.jpg", "image": "/9j/4AAQSkZJRgABAQ…" }""";

    private const string AnswerExample = """
        {
          "id": "eiffel.jpg", "landmark": "27", "name": "Eiffel Tower", "score": 1.0601643, "isLandmark": true,
          "falseAlarmProbability": 0.028571429, "unknownLandmarkProbability": null,
          "top": [{ "landmark": "27", "name": "Eiffel Tower", "score": 1.4304 }], "neighbors": [], "nonLandmarkNeighbors": [],
          "queryPenalty": null, "error": null
        }
        """;

    private const string ProblemExample = """
        {
          "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1", "title": "The photograph can't be read.", "status": 400,
          "detail": "a file of 2097152 bytes: MP4 is not supported; save a picture of it as JPEG.", "kind": "MP4",
          "photographs": [
            { "id": "eiffel.mp4", "error": "a file of 2097152 bytes: MP4 is not supported; save a picture of it as JPEG.", "kind": "MP4" }
          ]
        }
        """;

    /// <summary>Says which problems a route answers.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params int[] statuses)
        => statuses.Distinct().Aggregate(route, (described, status) => described.ProducesProblem(status));

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "landmarks",
                Version = typeof(ApiDescription).Assembly.GetName().Version!.ToString(fieldCount: 3),
                Description = "Names the landmarks in photographs, and says where there is none.",
            };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
    }

    private static OpenApiHeader Header(JsonSchemaType type, string description)
        => new() { Description = description, Schema = new OpenApiSchema { Type = type } };

    private static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellation)
    {
        string route = $"/{context.Description.RelativePath}";
        foreach (OpenApiParameter parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            parameter.Required |= parameter.Name is "name" or "id";
        if (route is not (Recognize or AddPhotographs or AddPhotographsByQuery))
            return Task.CompletedTask;
        if (operation.Parameters?.OfType<OpenApiParameter>().SingleOrDefault(parameter => parameter.Name is "explain" or "replace")
            is { } flag)
        {
            flag.Description = route == Recognize ? "Whether answers tell why: which photographs voted, and which of nothing are alike."
                : "Whether the photographs take the place of those with their ids.";
            flag.Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };
        }

        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Description = "One photograph, several files of a form, or JSON: an object, or a list of such.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["image/*"] = new() { Schema = file },
                ["multipart/form-data"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["photographs"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = file },
                        },
                    },
                },
                [Json] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "image" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["id"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null },
                            ["image"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" },
                        },
                    },
                    Example = JsonNode.Parse(RequestExample),
                },
            },
        };
        if (route == Recognize && operation.Responses?["200"]?.Content?[Json] is { } answer)
        {
            var one = new OpenApiSchemaReference(AnswerSchema, context.Document);
            answer.Schema = new OpenApiSchema
            {
                OneOf = [one, new OpenApiSchema { Type = JsonSchemaType.Array, Items = one }],
            };
            answer.Example = JsonNode.Parse(AnswerExample);
            operation.Responses["200"] = new OpenApiResponse
            {
                Description = operation.Responses["200"].Description,
                Content = operation.Responses["200"].Content,
                Headers = new Dictionary<string, IOpenApiHeader>
                {
                    [AnswersResult.ModelHeader] = Header(JsonSchemaType.Integer, "Which of the models of this run it was, from 1."),
                    [AnswersResult.FalseAlarmsHeader] = Header(JsonSchemaType.Number, "The share of photographs of nothing that the "
                        + "verdict lets be answered as a landmark; not there where the model gives none."),
                },
            };
        }

        if (route == Recognize && operation.Responses?["400"]?.Content?["application/problem+json"] is { } problem)
            problem.Example = JsonNode.Parse(ProblemExample);
        return Task.CompletedTask;
    }
}
