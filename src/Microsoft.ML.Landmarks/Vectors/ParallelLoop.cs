using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Landmarks.Vectors;

/// <summary>A parallel loop that throws what its body threw, as a plain loop does.</summary>
internal static class ParallelLoop
{
    /// <summary>How many threads the options allow.</summary>
    public static int ThreadsOf(ParallelOptions options)
        => options.MaxDegreeOfParallelism > 0 ? options.MaxDegreeOfParallelism : Environment.ProcessorCount;

    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static void For(int count, ParallelOptions options, Action<int> body)
    {
        if (count == 1)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            body(0);
            return;
        }

        try
        {
            Parallel.For(0, count, options, body);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
