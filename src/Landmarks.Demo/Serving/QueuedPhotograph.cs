using System.Diagnostics;
using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>A photograph that waits for its answer.</summary>
internal sealed class QueuedPhotograph
{
    private readonly long _since = Stopwatch.GetTimestamp();

    /// <param name="model">The model that answers it, taken for it.</param>
    /// <param name="file">The bytes of its file.</param>
    public QueuedPhotograph(ServedModel model, byte[] file)
    {
        (Model, File) = (model, file);
        Place = new LinkedListNode<QueuedPhotograph>(this);
    }

    public ServedModel Model { get; }

    public byte[] File { get; }

    /// <summary>Its place in the queue.</summary>
    public LinkedListNode<QueuedPhotograph> Place { get; }

    /// <summary>How long it has waited.</summary>
    public TimeSpan Waited => Stopwatch.GetElapsedTime(_since);

    /// <summary>The batch with which it has left the queue; null while it waits. The queue's lock guards it.</summary>
    public PhotographBatch? Batch { get; set; }

    /// <summary>Takes its answer.</summary>
    public TaskCompletionSource<LandmarkAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
