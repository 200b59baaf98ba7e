using System.Collections;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Landmarks.Demo.Output;
using Landmarks.Demo.Reports;
using Landmarks.Demo.Serving.Page;
using Landmarks.Demo.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.ML;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Landmarks.Demo.Serving;

/// <summary>The web service: where it listens, what it answers, and what it is made of.</summary>
internal sealed class LandmarkServer : IAsyncDisposable
{
    /// <summary>How long it may take to answer what was taken, once it is told to end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>How long a collector of metrics has to take the last ones after that.</summary>
    public static readonly TimeSpan PatienceWithCollector = TimeSpan.FromSeconds(0.5);

    // The memory of the machine or of its container that requests may hold: the model and what is decoded need the rest.
    private const int PartOfMemory = 8;
    private const long MostHeld = 1L << 30;

    // A request in JSON is held twice for a moment.
    private const int LeastRequests = 4;

    private const string OtelPrefix = "OTEL_", Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    // The problems of requests with photographs, of those for what the model says of itself, and of those that name what is not there.
    private static readonly int[] s_ofPhotographs = [StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout,
        StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status429TooManyRequests,
        StatusCodes.Status503ServiceUnavailable],
        s_ofInfo = [StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable],
        s_ofNames = [StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound];

    private static readonly string[] s_otlpEndpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    private readonly WebApplication _app;
    private readonly RecognitionQueue _queue;
    private readonly ServedModels _models;
    private readonly MeterProvider _metrics;

    /// <param name="session">The job's session.</param>
    /// <param name="settings">What is served, and within which bounds.</param>
    public LandmarkServer(Session session, ServeSettings settings)
    {
        // Of its own accord ASP.NET Core would read files of the current folder and the environment.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBytes;
            // See SteadyBody.
            kestrel.Limits.MinRequestBodyDataRate = null;
        }).UseUrls([.. settings.Addresses.Select(address => address.Url)]);
        AddLogging(builder.Logging, session);
        AddServices(builder.Services, settings, session.Outputs);
        AddMetrics(builder);
        _app = builder.Build();
        _queue = _app.Services.GetRequiredService<RecognitionQueue>();
        _models = _app.Services.GetRequiredService<ServedModels>();
        _metrics = _app.Services.GetRequiredService<MeterProvider>();
        Map(settings);
    }

    /// <summary>Where it listens, once it has started: a port that was left to the system has its number.</summary>
    public IEnumerable<string> Urls => _app.Urls;

    /// <summary>How many photographs wait for their answers.</summary>
    public int WaitingCount => _queue.Count;

    /// <summary>Begins to listen, so that others learn that it is not ready yet.</summary>
    /// <exception cref="JobFailedException">It can't listen where it shall.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        IReadOnlyList<ServedAddress> addresses = _app.Services.GetRequiredService<ServeSettings>().Addresses;
        try
        {
            foreach (string socket in addresses.Select(address => address.Socket).OfType<string>())
                SocketFile.MakeRoom(socket);
            await _app.StartAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or InvalidOperationException
            or ArgumentException)
        {
            throw Errors.CannotListen(addresses.Select(address => address.Url), e);
        }
    }

    /// <summary>Loads the model that is served from then on.</summary>
    /// <exception cref="JobFailedException">The file is missing or no model.</exception>
    /// <exception cref="InvalidOperationException">The model has no verdict at the rate that is asked for.</exception>
    public Task LoadModelAsync() => _app.Services.GetRequiredService<ModelChanges>().LoadAsync();

    /// <summary>Serves a model from here on.</summary>
    /// <param name="model">The model, which is let go of in the end.</param>
    public void Serve(ServedModel model) => _ = _models.Replace(model);

    /// <summary>Ends: what was taken is answered, all else is refused.</summary>
    public async Task StopAsync()
    {
        await _app.StopAsync();
        // Of its own accord it would wait much longer for a collector that does not answer.
        _metrics.Shutdown((int)PatienceWithCollector.TotalMilliseconds);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void AddLogging(ILoggingBuilder logging, Session session)
    {
        // The program tells itself why it can't start.
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        // Kestrel calls it an error that a body was given up; what the service throws itself is told by its own handler.
        logging.AddFilter(Kestrel, LogLevel.Critical).AddFilter($"{Kestrel}.", LogLevel.Warning);
        logging.SetMinimumLevel(session.IsVerbose ? LogLevel.Debug : LogLevel.Information);
        if (session.Terminal.IsRedirected)
            logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
        else
            logging.AddSimpleConsole(text => (text.SingleLine, text.TimestampFormat) = (true, "HH:mm:ss "));
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Nobody waits for a reader of the log.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }

    private static void AddServices(IServiceCollection services, ServeSettings settings, OutputFiles outputs)
    {
        long most = Math.Max(LeastRequests * settings.MaxBytes,
            Math.Min(MostHeld, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / PartOfMemory));
        services.AddRouting();
        services.AddProblemDetails();
        // By these the OpenAPI document says what answers look like, which are written by them.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            foreach (JsonConverter converter in ResultJson.Lines.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
        services.AddOpenApi(ApiDescription.Configure);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Patience);
        // The program takes signals itself.
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton(settings).AddSingleton(outputs).AddSingleton(outputs.Scratch);
        services.AddSingleton<ServedModels>().AddSingleton<ModelLoader>().AddSingleton<ModelChanges>();
        services.AddSingleton<ServingMeter>().AddSingleton(new MemoryBudget(most)).AddSingleton<PhotographReader>();
        services.AddSingleton(provider => new RecognitionQueue(settings.MaxQueue, provider.GetRequiredService<ServingMeter>()));
        services.AddSingleton<RecognizeEndpoint>().AddSingleton<AdminEndpoints>().AddSingleton<RequestLog>();
        if (settings.Watches)
            services.AddHostedService<ModelWatch>();
    }

    private static void AddMetrics(WebApplicationBuilder builder)
    {
        // What the exporters are told by the usual variables, and nothing else of the environment.
        builder.Configuration.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value))
            .Where(variable => variable.Key.StartsWith(OtelPrefix, StringComparison.Ordinal)));
        builder.Services.AddOpenTelemetry()
            // Who names the service by a variable means it.
            .ConfigureResource(resource => resource.AddService("landmarks").AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(ServingMeter.Name, "Microsoft.AspNetCore.Hosting", Kestrel,
                    "System.Runtime");
                metrics.AddPrometheusExporter();
                if (s_otlpEndpoints.Any(name => builder.Configuration[name] is not null))
                    metrics.AddOtlpExporter();
            });
    }

    private void Map(ServeSettings settings)
    {
        _app.UseMiddleware<RequestLog>();
        _app.Use(HeadRequests.AnswerAsGetAsync);
        _app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = WriteProblemAsync });
        _app.UseStatusCodePages(pages => WriteProblemAsync(pages.HttpContext));
        _app.UseRouting();
        _app.MapOpenApi();
        _app.MapPrometheusScrapingEndpoint();
        PageFile.Map(_app);
        RouteGroupBuilder all = _app.MapGroup("").AddEndpointFilter<RouteGroupBuilder, ProblemFilter>();
        all.MapPost(ApiDescription.Recognize,
            (HttpContext context, RecognizeEndpoint endpoint, string? explain) => endpoint.AnswerAsync(context, explain))
            .WithSummary("Names the landmarks in photographs.").Produces<LandmarkAnswer>()
            .ProducesProblems([.. s_ofPhotographs, StatusCodes.Status500InternalServerError]);
        all.MapGet("/landmarks", ModelEndpoints.GetLandmarks).WithSummary("The landmarks that the model knows.")
            .Produces<IReadOnlyList<LandmarkInfo>>().ProducesProblems(s_ofInfo);
        all.MapGet("/info", ModelEndpoints.GetInfo).WithSummary("What the model consists of, as landmarks info tells it.")
            .Produces<LandmarkModelInfo>().ProducesProblems(s_ofInfo);
        all.MapGet("/health/live", Ok<HealthStatus> () => TypedResults.Ok(new HealthStatus("live")));
        all.MapGet("/health/ready", HealthStatus.GetReadyAsync).ProducesProblems(StatusCodes.Status503ServiceUnavailable);
        if (settings.AdminKey is { } key)
            MapAdmin(all.MapGroup("").AddEndpointFilter(new AdminKey(key)), settings.IsWritable);
    }

    private static void MapAdmin(RouteGroupBuilder admins, bool isWritable)
    {
        RouteHandlerBuilder[] routes =
        [
            admins.MapPost("/admin/reload", (HttpContext context, AdminEndpoints admin) => admin.ReloadAsync(context))
                .WithSummary("Loads the file of the model anew."),
            .. isWritable ? new[]
            {
                // The names and ids of the routes are there to be described.
                admins.MapPost(ApiDescription.AddPhotographs, (HttpContext context, AdminEndpoints admin, string name, string? replace)
                    => admin.AddAsync(context, SentPath.Second(context), replace)).ProducesProblems([.. s_ofPhotographs, .. s_ofNames])
                    .WithSummary("Adds photographs of a landmark, or of none as of -1."),
                admins.MapPost(ApiDescription.AddPhotographsByQuery,
                    (HttpContext context, AdminEndpoints admin, string? name, string? replace)
                    => admin.AddAsync(context, Asked(nameof(name), name), replace)).ProducesProblems([.. s_ofPhotographs, .. s_ofNames])
                    .WithSummary("The same for a landmark that no path can name: one called . or .. or nothing."),
                admins.MapDelete("/landmarks/{name}", (HttpContext context, AdminEndpoints admin, string name)
                    => admin.RemoveLandmarkAsync(context, SentPath.Second(context))).ProducesProblems(s_ofNames)
                    .WithSummary("Removes a landmark with all of its photographs."),
                admins.MapDelete("/landmarks", (HttpContext context, AdminEndpoints admin, string? name)
                    => admin.RemoveLandmarkAsync(context, Asked(nameof(name), name))).ProducesProblems(s_ofNames)
                    .WithSummary("The same for a landmark that no path can name: one called . or .. or nothing."),
                admins.MapDelete("/photos/{**id}", (HttpContext context, AdminEndpoints admin, string id)
                    => admin.RemovePhotographAsync(context, SentPath.AfterFirst(context))).ProducesProblems(s_ofNames)
                    .WithSummary("Removes a photograph."),
                admins.MapDelete("/photos", (HttpContext context, AdminEndpoints admin, string? id)
                    => admin.RemovePhotographAsync(context, Asked(nameof(id), id))).ProducesProblems(s_ofNames)
                    .WithSummary("The same for a photograph that no path can name: one called . or .. or nothing."),
            } : [],
        ];
        foreach (RouteHandlerBuilder route in routes)
        {
            route.Produces<ChangedModel>().ProducesProblems(StatusCodes.Status401Unauthorized, StatusCodes.Status409Conflict,
                StatusCodes.Status507InsufficientStorage);
        }
    }

    private static string Asked(string name, string? value) => value ?? throw Errors.QueryMissing(name);

    private static Task WriteProblemAsync(HttpContext context)
        => TypedResults.Problem(statusCode: context.Response.StatusCode).ExecuteAsync(context);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
