// The code of the READMEs, run by their tests in a folder with the files that it names. Usage: ReadmeExamples REGION
// With `maps` it fits and predicts, then prints the files that are mapped into it (Linux).
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Landmarks.PostgreSql;
using Npgsql;

switch (args[0])
{
    case "program": Examples.Program(); break;
    case "resnet18": Examples.ResNet18(); break;
    case "fit": Examples.Fit(); break;
    case "predict": Examples.Predict(); break;
    case "cache": Examples.Cache(); break;
    case "recognize": Examples.Recognize(); break;
    case "bytes": Examples.Bytes(); break;
    case "change": Examples.Change(); break;
    case "service": await Examples.ServiceAsync(); break;
    case "ids": IndexExamples.Fit(); break;
    case "index": await IndexExamples.LoadAsync(); break;
    case "attach": await IndexExamples.AttachAsync(); break;
    case "rows": await IndexExamples.ChangeAsync(); break;
    case "hnsw": await IndexExamples.SearchByHnswAsync(); break;
    case "maps":
        Examples.Fit();
        Examples.Predict();
        Console.Write(File.ReadAllText("/proc/self/maps"));
        break;
    default: return 2;
}

return 0;

internal static class Examples
{
    public static void Program()
    {
        #region program
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadLandmarkFolders("photos", "none");    // Id, Label, ImagePath
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 320)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", EfficientNetLite0.Path))
            .Append(mlContext.Transforms.RecognizeLandmarks());                     // PredictedLabel, Score, IsLandmark
        mlContext.Model.Save(pipeline.Fit(photos), photos.Schema, "landmarks.zip");

        using var recognizer = LandmarkRecognizer.Load("landmarks.zip");            // one for all threads
        LandmarkAnswer answer = recognizer.Recognize("photo.jpg");
        if (answer.IsLandmark == true)
            Console.WriteLine(answer.Name);
        #endregion
    }

    public static void ResNet18()
    {
        #region resnet18
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadLandmarkFolders("photos", "none");
        var embedding = new ImageEmbeddingEstimator.Options
        {
            OutputColumnName = "Features",
            InputColumnName = "ImagePath",
            ModelFile = Path.Combine(AppContext.BaseDirectory, "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx"),
            Preparation = new() { Bgr = true, Mean = [0.483f, 0.4545f, 0.4042f], Std = [1 / 255f, 1 / 255f, 1 / 255f] },
        };
        var pipeline = mlContext.Transforms.EmbedPhotographs(embedding).Append(mlContext.Transforms.RecognizeLandmarks());
        mlContext.Model.Save(pipeline.Fit(photos), photos.Schema, "resnet18.zip");
        #endregion
    }

    public static void Fit()
    {
        #region fit
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadLandmarks(                   // Id (text), Label (Int32), ImagePath (text)
            new LandmarkSource("train.csv", "images/train"),
            new LandmarkSource("valid.csv", "images/valid") { NonLandmarksOnly = true });   // landmark_id -1
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 320)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", EfficientNetLite0.Path))
            .Append(mlContext.Transforms.RecognizeLandmarks());             // Label, Features -> PredictedLabel, Score
        ITransformer model = pipeline.Fit(photos);
        mlContext.Model.Save(model, photos.Schema, "landmarks.zip");
        #endregion
    }

    public static void Predict()
    {
        #region predict
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load("landmarks.zip", out _);
        IDataView queries = mlContext.Data.LoadLandmarks("sample_submission.csv", "images/test");
        mlContext.Data.SaveLandmarkSubmission(model.Transform(queries), "submission.csv");
        #endregion
    }

    public static void Cache()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadLandmarks("train.csv", "images/train");
        #region cache
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 320)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", EfficientNetLite0.Path))
            .AppendCacheCheckpoint(mlContext)
            .Append(mlContext.Transforms.NormalizeMeanVariance("Features"))
            .Append(mlContext.Transforms.KnnLandmark(new KnnLandmarkEstimator.Options { AllowNoNonLandmarks = true }));
        #endregion
        pipeline.Fit(photos);
    }

    public static void Recognize()
    {
        byte[] photograph = File.ReadAllBytes(Directory.EnumerateFiles("images/test", "*.jpg", SearchOption.AllDirectories).First());
        #region recognize
        using var recognizer = LandmarkRecognizer.Load("landmarks.zip");    // one for all threads
        LandmarkAnswer answer = recognizer.Recognize(photograph);           // bytes, a stream, a path or many
        Console.WriteLine($"{answer.Name}, score {answer.Score}; it looks most like {answer.Neighbors[0].Id}");
        #endregion
    }

    public static void Bytes()
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load("landmarks.zip", out _);
        byte[] photograph = File.ReadAllBytes(Directory.EnumerateFiles("images/test", "*.jpg", SearchOption.AllDirectories).First());
        #region bytes
        // byte[] ImagePath -> int PredictedLabel, float Score
        PredictionEngine<Photograph, Answer> engine = mlContext.Model.CreatePredictionEngine<Photograph, Answer>(model);
        Answer answer = engine.Predict(new Photograph { ImagePath = photograph });
        #endregion
        if (float.IsNaN(answer.Score))
            throw new InvalidOperationException("There is no answer.");
    }

    public static void Change()
    {
        #region change
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load("landmarks.zip", out DataViewSchema schema);
        IDataView more = mlContext.Data.LoadLandmarks("more.csv", "images/more");   // the columns that Fit read
        ITransformer changed = model.With(more).WithoutLandmarks(["7"]);
        mlContext.Model.Save(changed, schema, "changed.zip");
        #endregion
    }

    public static async Task ServiceAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddLandmarkRecognizer("landmarks.zip");
        await using WebApplication app = builder.Build();
        app.MapRecognize();
        await app.StartAsync();
        using var client = new HttpClient();
        byte[] photograph = File.ReadAllBytes(Directory.EnumerateFiles("images/test", "*.jpg", SearchOption.AllDirectories).First());
        using HttpResponseMessage response = await client.PostAsync($"{app.Urls.Single()}/recognize", new ByteArrayContent(photograph));
        response.EnsureSuccessStatusCode();
        if ((await response.Content.ReadFromJsonAsync<LandmarkAnswer>())!.Landmark is null)
            throw new InvalidOperationException("There is no answer.");
        using HttpResponseMessage refused = await client.PostAsync($"{app.Urls.Single()}/recognize", new ByteArrayContent([1]));
        if ((int)refused.StatusCode != StatusCodes.Status400BadRequest)
            throw new InvalidOperationException($"What is no photograph is answered by {refused.StatusCode}.");
    }
}

#region service
internal static class LandmarkService
{
    public static IServiceCollection AddLandmarkRecognizer(this IServiceCollection services, string modelFile)
        => services.AddSingleton(_ => LandmarkRecognizer.Load(modelFile));          // one for all requests

    public static void MapRecognize(this IEndpointRouteBuilder app) => app.MapPost("/recognize",
        async (HttpRequest request, LandmarkRecognizer recognizer) =>
        {
            CancellationToken aborted = request.HttpContext.RequestAborted;
            using var photograph = new MemoryStream();
            await request.Body.CopyToAsync(photograph, aborted);
            try
            {
                return Results.Ok(recognizer.Recognize([photograph.ToArray()], aborted)[0]);
            }
            catch (InvalidDataException e)
            {
                return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);    // no photograph
            }
        });
}
#endregion

internal sealed class Photograph
{
    public byte[] ImagePath { get; set; } = [];
}

internal sealed class Answer
{
    public int PredictedLabel { get; set; }

    public float Score { get; set; }
}

// With the connection string of a database in the environment.
internal static class IndexExamples
{
    private static readonly string s_connection = Environment.GetEnvironmentVariable("LANDMARKS_CONNECTION")!;

    public static void Fit()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView photos = mlContext.Data.LoadLandmarkFolders("photos", "none");
        var pipeline = mlContext.Transforms.PrepareImages("Pixels", "ImagePath", imageSize: 320)
            .Append(mlContext.Transforms.EmbedImages("Features", "Pixels", EfficientNetLite0.Path))
            .Append(mlContext.Transforms.RecognizeLandmarks(new LandmarkRecognizingEstimator.Options { IdColumnName = "Id" }));
        mlContext.Model.Save(pipeline.Fit(photos), photos.Schema, "landmarks.zip");
    }

    public static async Task LoadAsync()
    {
        string connectionString = s_connection;
        var mlContext = new MLContext();
        #region index
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UseVector();                                              // of the package Pgvector
        await using NpgsqlDataSource database = builder.Build();

        ITransformer model = mlContext.Model.Load("landmarks.zip", out DataViewSchema schema);
        await PostgresLandmarkIndex.CreateAsync([database], "landmarks", model, new LandmarkIndexRoles { Readers = ["web"] });
        PostgresLandmarkIndex index = await PostgresLandmarkIndex.LoadAsync([database], "landmarks", model);
        mlContext.Model.Save(model.WithIndex(index), schema, "landmarks-without-rows.zip");
        #endregion
    }

    public static async Task AttachAsync()
    {
        await using NpgsqlDataSource database = Open();
        #region attach
        PostgresLandmarkIndex index = await PostgresLandmarkIndex.AttachAsync([database], "landmarks");
        using LandmarkRecognizer recognizer = LandmarkRecognizer.Load("landmarks-without-rows.zip", index);
        LandmarkAnswer answer = recognizer.Recognize("photo.jpg");
        #endregion
        Console.WriteLine(answer.Landmark);
    }

    public static async Task ChangeAsync()
    {
        await using NpgsqlDataSource database = Open();
        PostgresLandmarkIndex index = await PostgresLandmarkIndex.AttachAsync([database], "landmarks");
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load("landmarks.zip", out _);
        #region rows
        await index.AddAsync(model, mlContext.Data.LoadLandmarkFolders("new-photos", "none"));
        await index.RemoveAsync(["Eiffel Tower/2019/b.jpg"]);
        LandmarkIndexCheck check = await index.CheckAsync();
        #endregion
        Console.WriteLine($"{index.LandmarkRowCount} {index.NonLandmarkRowCount} {check.IsSound}");
    }

    public static async Task SearchByHnswAsync()
    {
        await using NpgsqlDataSource database = Open();
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load("landmarks.zip", out _);
        #region hnsw
        await PostgresLandmarkIndex.CreateHnswAsync([database], "landmarks");      // the owner; writers wait meanwhile
        PostgresLandmarkIndex exact = await PostgresLandmarkIndex.AttachAsync([database], "landmarks");
        LandmarkRecall recall = await exact.CheckRecallAsync(model, mlContext.Data.LoadPhotographs("asked"), candidates: 200);
        PostgresLandmarkIndex index = await exact.WithHnswAsync(candidates: 200);
        using LandmarkRecognizer recognizer = LandmarkRecognizer.Load("landmarks-without-rows.zip", index);
        #endregion
        Console.WriteLine($"{recall.QueryCount} {recall.Recall} {recognizer.Recognize("photo.jpg").Landmark}");
    }

    private static NpgsqlDataSource Open()
    {
        var builder = new NpgsqlDataSourceBuilder(s_connection);
        builder.UseVector();
        return builder.Build();
    }
}
