using System.Diagnostics;
using Landmarks.Demo.Caching;
using Landmarks.Demo.Output;
using Microsoft.ML;
using Microsoft.ML.Landmarks;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Sessions;

/// <summary>What one job works with.</summary>
internal sealed class Session : IDisposable
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private EmbeddingCache? _cache;
    private bool _hasOpenedCache;

    public Session(Terminal terminal, OutputFiles outputs, bool isVerbose, CancellationToken cancellation)
    {
        Terminal = terminal;
        Outputs = outputs;
        Cancellation = cancellation;
        IsVerbose = isVerbose;
        outputs.Scratch.Begin();
        ML = new MLContext { TempFilePath = outputs.Scratch.Path };
        Log = new MessageLog(ML, terminal, isVerbose);
    }

    public MLContext ML { get; }

    public MessageLog Log { get; }

    public Terminal Terminal { get; }

    public OutputFiles Outputs { get; }

    /// <summary>Whether messages are shown that tell of the work.</summary>
    public bool IsVerbose { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>How long the job may take to end once it is cancelled.</summary>
    public TimeSpan Patience { get; set; } = ShortPatience;

    /// <summary>Less than the second in which an interrupted program has to stop: cleaning up and leaving take the rest.</summary>
    public static TimeSpan ShortPatience { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>What the job answers its shell if it comes to its end.</summary>
    public int ExitCode { get; private set; } = ExitCodes.Success;

    /// <summary>Begins a file; see <see cref="OutputFiles.Create"/>. What else is said goes to standard error where standard output is that
    /// file.</summary>
    public OutputFile CreateOutput(string file, IEnumerable<string> inputs, string? changed = null)
    {
        OutputFile output = Outputs.Create(file, inputs, changed);
        if (output.IsStandardOutput)
            Terminal.YieldOutput();
        return output;
    }

    /// <summary>Begins the file of results, which are told one by one.</summary>
    /// <param name="file">The file; null for standard output.</param>
    /// <param name="isForProgram">Whether they are in another form than text.</param>
    /// <param name="inputs">The files that the job reads.</param>
    /// <returns>Null where a person reads them on a terminal, among what else is said.</returns>
    public OutputFile? CreateResultOutput(string? file, bool isForProgram, IEnumerable<string> inputs)
        => file is null && !isForProgram && !Terminal.IsRedirected ? null : CreateOutput(file ?? StandardOutput.Name, inputs);

    /// <summary>Begins a file that holds a model, which is nothing to be read on a terminal.</summary>
    /// <exception cref="WrongArgumentException">It is standard output, and that is a terminal.</exception>
    /// <inheritdoc cref="CreateOutput"/>
    public OutputFile CreateModelOutput(string file, IEnumerable<string> inputs, string? changed = null)
    {
        OutputFile output = CreateOutput(file, inputs, changed);
        return output.IsStandardOutput && !Terminal.IsRedirected ? throw Errors.ModelOnTerminal() : output;
    }

    /// <summary>The cache of embeddings, one for all of the job; null where there is to be none, or where it can't be used, of which a
    /// warning tells.</summary>
    public EmbeddingCache? OpenCache(CacheSettings? settings)
    {
        if (settings is not null && !_hasOpenedCache)
            (_hasOpenedCache, _cache) = (true, EmbeddingCache.TryOpen(settings, Log));
        return settings is null ? null : _cache;
    }

    /// <summary>The time since the job began.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>
    /// Ends what the steps of a model compute as soon as the job is cancelled, in the midst of a network's run too: a batch of photographs
    /// could last many seconds.
    /// </summary>
    public void EndWhenCanceled(ITransformer model)
    {
        if (model is BatchTransformer step)
            step.CancellationToken = Cancellation;
        else if (model is IEnumerable<ITransformer> steps)
            steps.ToList().ForEach(EndWhenCanceled);
    }

    /// <summary>Does work that reports how far it is, and tells the warnings that came up meanwhile.</summary>
    public T Follow<T>(Func<IProgressBoard, T> work)
        // Messages that are shown as they come would break bars.
        => TellWarnings(() => Terminal.Follow(work, allowBars: !IsVerbose));

    /// <summary>Does work, and tells the warnings that came up meanwhile, which may say why it failed.</summary>
    public T TellWarnings<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        finally
        {
            Log.WriteWarnings();
        }
    }

    /// <summary>Tells what went wrong, where the job goes on with the rest.</summary>
    public void Fail(string message)
    {
        Terminal.WriteError(message);
        ExitCode = ExitCodes.Failed;
    }

    /// <summary>Ends a job that wrote a file.</summary>
    public void WriteSummary(OutputFile output, string rows, long images)
    {
        WriteCacheSummary();
        Terminal.WriteLine($"Wrote {output.Path}: {rows} in {Quantity.Of(Elapsed)}, {Quantity.Rate(images, Elapsed)} images a second.");
    }

    /// <summary>Says how many embeddings came from the cache, where one was asked.</summary>
    public void WriteCacheSummary()
    {
        if (_cache is { Asked: > 0 })
            Terminal.WriteLine($"From the cache: {_cache.Found} of {Quantity.Of(_cache.Asked, "embedding")}.");
    }

    public void Dispose() => _cache?.Dispose();
}
