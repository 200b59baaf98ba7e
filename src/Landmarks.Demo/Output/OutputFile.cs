namespace Landmarks.Demo.Output;

/// <summary>A file that is being written; it takes its place by <see cref="Commit"/>, and leaves no trace without.</summary>
internal sealed class OutputFile(OutputFiles files, string target, string folder) : IDisposable
{
    /// <summary>The file's place, as a full path.</summary>
    public string Target => target;

    /// <summary>Where to write until then.</summary>
    public string TemporaryPath { get; } = Path.Combine(folder, Path.GetFileName(target));

    /// <summary>Puts the file in its place, over an older one.</summary>
    /// <exception cref="OperationCanceledException">The program is being interrupted.</exception>
    public void Commit() => files.Commit(TemporaryPath, target);

    public void Dispose() => files.Release(folder);
}
