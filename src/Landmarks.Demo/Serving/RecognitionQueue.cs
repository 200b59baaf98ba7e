using System.Diagnostics;
using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>
/// Photographs that wait for an answer, and the thread that gathers them: a batch leaves when it is full, when its oldest photograph has
/// waited for 2 ms, or at once where no other waits. Who goes away leaves its place to others at once, and ends the work on a batch that
/// nobody waits for any more.
/// </summary>
/// <remarks>A list under a lock, since no channel lets go of what stands in its midst.</remarks>
internal sealed class RecognitionQueue : IDisposable
{
    // Half of what a model embeds at once elsewhere: larger batches are no faster, and take more memory.
    private const int LeastFull = 16;

    // How much of a new measurement the guess of the time a photograph takes has.
    private const double Weight = 0.2;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(2);

    private readonly int _capacity;
    private readonly ServingMeter _meter;
    private readonly LinkedList<QueuedPhotograph> _waiting = [];
    private readonly Thread _thread;
    private double _secondsOfPhotograph;
    private bool _isClosed;

    /// <param name="capacity">The most photographs that wait.</param>
    /// <param name="meter">Told how long they wait, and what becomes of them.</param>
    public RecognitionQueue(int capacity, ServingMeter meter)
    {
        (_capacity, _meter) = (capacity, meter);
        _thread = new Thread(Work) { Name = "Recognition", IsBackground = true };
        _thread.Start();
    }

    /// <summary>The most photographs of a batch: enough for all cores, few enough to hold.</summary>
    public static int MostAtOnce { get; } = Math.Max(LeastFull, Environment.ProcessorCount);

    /// <summary>How many photographs wait.</summary>
    public int Count
    {
        get
        {
            lock (_waiting)
                return _waiting.Count;
        }
    }

    /// <summary>Whether there is room for no other photograph.</summary>
    public bool IsFull => Count >= _capacity;

    /// <summary>About how long those that wait now will take.</summary>
    public TimeSpan ExpectedWait
    {
        get
        {
            lock (_waiting)
                return TimeSpan.FromSeconds(_waiting.Count * _secondsOfPhotograph);
        }
    }

    /// <summary>Lets photographs wait for their answers, all of them or none.</summary>
    /// <param name="model">The model that answers all of them; the caller holds it until this returns.</param>
    /// <param name="files">The bytes of their files.</param>
    /// <param name="cancellation">Frees their places.</param>
    /// <returns>The answers in order; null where there is no room for so many.</returns>
    public Task<LandmarkAnswer[]>? TryRecognize(ServedModel model, IReadOnlyList<byte[]> files, CancellationToken cancellation)
    {
        QueuedPhotograph[] photographs = [.. files.Select(file => new QueuedPhotograph(model, file))];
        lock (_waiting)
        {
            if (_isClosed || _waiting.Count + photographs.Length > _capacity)
                return null;
            foreach (QueuedPhotograph photograph in photographs)
            {
                model.TryTake();
                _waiting.AddLast(photograph.Place);
            }

            Monitor.Pulse(_waiting);
        }

        return WaitAsync(photographs, cancellation);
    }

    /// <summary>Answers those that wait, and takes no others.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _isClosed = true;
            Monitor.Pulse(_waiting);
        }

        _thread.Join();
    }

    private async Task<LandmarkAnswer[]> WaitAsync(QueuedPhotograph[] photographs, CancellationToken cancellation)
    {
        using CancellationTokenRegistration leaving = cancellation.UnsafeRegister(_ => Leave(photographs, cancellation), null);
        return await Task.WhenAll(photographs.Select(photograph => photograph.Answer.Task));
    }

    private void Leave(QueuedPhotograph[] photographs, CancellationToken cancellation)
    {
        List<QueuedPhotograph> unasked = [];
        List<CancellationTokenSource> unwanted = [];
        lock (_waiting)
        {
            foreach (QueuedPhotograph photograph in photographs)
            {
                if (photograph.Batch is { } batch)
                {
                    if (--batch.Wanted == 0)
                        unwanted.Add(batch.Ending);
                }
                else
                {
                    _waiting.Remove(photograph.Place);
                    unasked.Add(photograph);
                }
            }
        }

        foreach (QueuedPhotograph photograph in photographs)
            photograph.Answer.TrySetCanceled(cancellation);
        unasked.ForEach(photograph => photograph.Model.Release());
        unwanted.ForEach(ending => ending.Cancel());
    }

    private void Work()
    {
        while (TakeBatch() is { } batch)
            Answer(batch);
    }

    private PhotographBatch? TakeBatch()
    {
        lock (_waiting)
        {
            while (TimeToWait() is { } time)
            {
                if (_isClosed && _waiting.Count == 0)
                    return null;
                Monitor.Wait(_waiting, time);
            }

            // Of one model: an answer never mixes two.
            ServedModel model = _waiting.First!.Value.Model;
            QueuedPhotograph[] photographs = [.. _waiting.TakeWhile(photograph => photograph.Model == model).Take(MostAtOnce)];
            var batch = new PhotographBatch(model, photographs);
            foreach (QueuedPhotograph photograph in photographs)
            {
                photograph.Batch = batch;
                _waiting.RemoveFirst();
            }

            return batch;
        }
    }

    // Null: a batch leaves now.
    private TimeSpan? TimeToWait()
    {
        if (_waiting.Count == 0)
            return _isClosed ? TimeSpan.Zero : Timeout.InfiniteTimeSpan;
        if (_isClosed || _waiting.Count == 1 || _waiting.Count >= MostAtOnce)
            return null;
        TimeSpan left = s_patience - _waiting.First!.Value.Waited;
        // In whole milliseconds, as waiting is.
        return left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : null;
    }

    private void Answer(PhotographBatch batch)
    {
        _meter.Leave(batch.Photographs);
        Answer(batch, batch.Photographs);
        foreach (QueuedPhotograph photograph in batch.Photographs)
            photograph.Model.Release();
    }

    private void Answer(PhotographBatch batch, IReadOnlyList<QueuedPhotograph> photographs)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            IReadOnlyList<LandmarkAnswer> answers
                = batch.Model.Recognize([.. photographs.Select(photograph => photograph.File)], batch.Ending.Token);
            for (int i = 0; i < answers.Count; i++)
            {
                _meter.Answer(answers[i], photographs[i].File);
                photographs[i].Answer.TrySetResult(answers[i]);
            }

            LearnDuration(Stopwatch.GetElapsedTime(start).TotalSeconds / answers.Count);
        }
        // What fails by one of them is no failure of the others: each that is still waited for is tried once more, by itself. An index that
        // is lost fails for all.
        catch (Exception e) when (photographs.Count > 1 && e is not RequestRefusedException && !batch.Ending.IsCancellationRequested)
        {
            foreach (QueuedPhotograph photograph in photographs.Where(photograph => !photograph.Answer.Task.IsCompleted))
                Answer(batch, [photograph]);
        }
        // Who waits is told; the thread goes on with the next batch.
        catch (Exception e)
        {
            foreach (QueuedPhotograph photograph in photographs)
                photograph.Answer.TrySetException(e);
        }
    }

    private void LearnDuration(double seconds)
    {
        lock (_waiting)
            _secondsOfPhotograph += (_secondsOfPhotograph == 0 ? 1 : Weight) * (seconds - _secondsOfPhotograph);
    }
}
