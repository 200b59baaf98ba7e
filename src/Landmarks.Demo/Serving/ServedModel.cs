using Microsoft.ML;

namespace Landmarks.Demo.Serving;

/// <summary>
/// A model that is counted by its users: who takes it may ask it until it lets go of it, whatever becomes the served one meanwhile, and the
/// last frees it.
/// </summary>
/// <param name="number">Which of the models of this run it is, from 1.</param>
/// <param name="info">What it consists of; null where it does not say.</param>
/// <param name="falseAlarmRate">The share of photographs of nothing that it may answer; null where it gives no verdict.</param>
/// <param name="recognize">Answers the bytes of photographs, in order.</param>
/// <param name="free">Frees what it holds.</param>
/// <param name="index">What holds its rows; null where they are its own.</param>
internal sealed class ServedModel(int number, LandmarkModelInfo? info, double? falseAlarmRate,
    Func<IReadOnlyList<byte[]>, CancellationToken, IReadOnlyList<LandmarkAnswer>> recognize, Action free, ServedIndex? index = null)
{
    private readonly TaskCompletionSource _freed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Who has made it is the first.
    private int _users = 1;

    /// <summary>Which of the models of this run it is, from 1.</summary>
    public int Number => number;

    /// <summary>What it consists of; null where another library's step names landmarks, of which nothing is known.</summary>
    /// <exception cref="RequestRefusedException">Its index does not answer.</exception>
    public LandmarkModelInfo? Info => index is null ? info : index.Describe();

    /// <summary>What holds its rows; null where they are its own.</summary>
    public ServedIndex? Index => index;

    /// <summary>The share of photographs of nothing that it may answer; null where it gives no verdict.</summary>
    public double? FalseAlarmRate => falseAlarmRate;

    /// <summary>Ends when the last user has let go of it.</summary>
    public Task Freed => _freed.Task;

    /// <summary>Answers photographs by the bytes of their files, in order; of one that can't be read, by the reason.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<LandmarkAnswer> Recognize(IReadOnlyList<byte[]> files, CancellationToken cancellation)
        => recognize(files, cancellation);

    /// <summary>Counts one user more.</summary>
    /// <returns>False where the last one has let go of it.</returns>
    public bool TryTake()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users == 0)
                return false;
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return true;
    }

    /// <summary>Counts one user less, once for each <see cref="TryTake"/> and once for who has made it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        free();
        _freed.SetResult();
    }
}
