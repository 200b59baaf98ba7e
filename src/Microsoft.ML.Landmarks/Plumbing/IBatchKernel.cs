namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Gives the value of one output column for a row of the batch.</summary>
internal delegate void SlotGetter<T>(int slot, ref T value);

/// <summary>
/// Computes the output columns of a <see cref="BatchTransformer"/> for several rows at once, and owns the buffers of one batch. Used by
/// one thread at a time, not always the same.
/// </summary>
internal interface IBatchKernel : IDisposable
{
    /// <summary>Copies the inputs of the row at which the input stands.</summary>
    /// <param name="slot">The place of the row in the batch.</param>
    /// <param name="position">The row's number in its view, from 0; for messages.</param>
    void Read(int slot, long position);

    /// <summary>
    /// The bytes that the rows which were read take until they are served, where they are large. A batch ends before they are too many.
    /// </summary>
    long HeldBytes => 0;

    /// <summary>Computes the outputs of the first <paramref name="count"/> slots.</summary>
    /// <param name="count">How many slots.</param>
    /// <param name="parallelism">Threads, and what cancels it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    void Run(int count, ParallelOptions parallelism);

    /// <summary>A <see cref="SlotGetter{T}"/> of the output column with this number, of the column's raw type.</summary>
    Delegate GetGetter(int output);
}
