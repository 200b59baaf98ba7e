using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML;

namespace Landmarks.Demo.Serving.Tests;

/// <summary>A model whose batches begin when they come and end when the test says so. Its answers tell the model and the first byte of the
/// photograph; a photograph of no byte can't be read.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphores have no handles, so there is nothing to dispose.")]
internal sealed class FakeModel
{
    private readonly SemaphoreSlim _begun = new(0), _mayEnd;
    private readonly Func<byte[], LandmarkAnswer> _answer;

    /// <param name="number">Its number.</param>
    /// <param name="isGated">Whether batches wait to be told that they may end.</param>
    /// <param name="answer">What it says of a photograph by its bytes, if not that.</param>
    /// <param name="falseAlarmRate">Its rate.</param>
    public FakeModel(int number = 1, bool isGated = true, Func<byte[], LandmarkAnswer>? answer = null, double? falseAlarmRate = null)
    {
        _answer = answer ?? Answer;
        _mayEnd = new SemaphoreSlim(isGated ? 0 : int.MaxValue);
        Served = new ServedModel(number, info: null, falseAlarmRate, Recognize, () => IsFreed = true);
    }

    public ServedModel Served { get; }

    /// <summary>How many photographs each batch had.</summary>
    public ConcurrentQueue<int> Batches { get; } = [];

    /// <summary>How many batches were cancelled.</summary>
    public int Cancelled { get; private set; }

    public bool IsFreed { get; private set; }

    /// <summary>Thrown by the next batches; null: they are answered.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Which photographs make a batch fail, where any does.</summary>
    public Func<byte[], bool> IsCulprit { get; init; } = _ => true;

    /// <summary>Waits until one more batch is at work.</summary>
    public async Task BegunAsync() => Assert.IsTrue(await _begun.WaitAsync(Waiting.Limit));

    /// <summary>Lets batches end.</summary>
    public void End(int batches = 1) => _mayEnd.Release(batches);

    private List<LandmarkAnswer> Recognize(IReadOnlyList<byte[]> files, CancellationToken cancellation)
    {
        Batches.Enqueue(files.Count);
        _begun.Release();
        try
        {
            _mayEnd.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            Cancelled++;
            throw;
        }

        return Failure is null || !files.Any(IsCulprit) ? [.. files.Select(_answer)] : throw Failure;
    }

    private LandmarkAnswer Answer(byte[] file) => file.Length == 0 ? new LandmarkAnswer { Error = "there is no image." }
        : new LandmarkAnswer { Landmark = $"{Served.Number}", Name = $"{Served.Number}", Score = file[0], QueryPenalty = 0.5f };
}
