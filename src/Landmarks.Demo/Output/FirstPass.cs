namespace Landmarks.Demo.Output;

/// <summary>Tells how far the first pass over rows is, and nothing of later ones, which begin anew.</summary>
internal sealed class FirstPass(IProgress<long> progress) : IProgress<long>
{
    private long _most;

    public void Report(long value)
    {
        if (value <= _most)
            return;
        _most = value;
        progress.Report(value);
    }
}
