namespace Landmarks.Demo.Output;

/// <summary>Shows nothing: for stages of a stage that is shown itself.</summary>
internal sealed class NoProgressBoard : IProgressBoard, IProgress<long>
{
    public static NoProgressBoard Instance { get; } = new();

    public IProgress<long> Add(string title, long total) => this;

    public void Report(long value)
    {
    }
}
