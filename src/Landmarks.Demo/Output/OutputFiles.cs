using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Output;

/// <summary>
/// The files that are being written, and the folder for what is needed for a while only: nothing of them outlives the program but what is
/// whole.
/// </summary>
internal sealed class OutputFiles
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<OutputFile> _files = [];
    private volatile bool _isAbandoned;

    /// <summary>What is needed for a while only.</summary>
    public ScratchFolder Scratch { get; } = new();

    /// <summary>Begins a file. Made before a long job, it tells at once that the file could not be written.</summary>
    /// <param name="file">The file; <see cref="StandardOutput.Name"/> for standard output.</param>
    /// <param name="inputs">The files that the job reads.</param>
    /// <param name="changed">One more that it reads, which may be the file itself: it is held from here on until it is replaced, so that
    /// of two runs that change it one is told. Null for none.</param>
    /// <exception cref="JobFailedException">The file is one of the inputs, or is written in this run already.</exception>
    /// <exception cref="IOException">The file can't be written, or another run is at work on it.</exception>
    public OutputFile Create(string file, IEnumerable<string> inputs, string? changed = null)
    {
        ThrowIfInput(file, changed is null || AreSame(changed, file) ? inputs : [.. inputs, changed]);
        lock (_lock)
        {
            if (_isAbandoned)
                throw new OperationCanceledException();
            OutputFile output = file == StandardOutput.Name ? OutputFile.OpenStandardOutput() : Open(file);
            if (output.IsStandardOutput && _files.Exists(other => other.IsStandardOutput))
                throw Errors.WrittenTwice(file);
            _files.Add(output);
            return output;
        }
    }

    // What is open already would say that another run is writing it.
    private OutputFile Open(string file)
        => _files.Exists(other => other.Path == Path.GetFullPath(file)) ? throw Errors.WrittenTwice(file) : OutputFile.Open(file);

    /// <summary>Lets a file that is done be written again in this run.</summary>
    public void Forget(OutputFile file)
    {
        lock (_lock)
            _files.Remove(file);
    }

    /// <summary>
    /// Checks that writing a file replaces nothing that is read, under whatever name: no input is looked at where there is nothing to
    /// replace.
    /// </summary>
    /// <exception cref="JobFailedException">An input is replaced.</exception>
    public static void ThrowIfInput(string file, IEnumerable<string> inputs)
    {
        if (file == StandardOutput.Name)
            return;
        HashSet<object> replaced = [.. OutputFile.Replaced(file).Select(FileStatus.IdentityOf).OfType<object>()];
        if (replaced.Count > 0 && inputs.FirstOrDefault(IsReplaced) is { } found)
            throw Errors.OutputIsInput(file, found);

        bool IsReplaced(string input) => FileStatus.IdentityOf(input) is { } identity && replaced.Contains(identity);
    }

    /// <summary>Whether two names are of one file.</summary>
    private static bool AreSame(string file, string other)
        => FileStatus.IdentityOf(file) is { } identity && identity.Equals(FileStatus.IdentityOf(other));

    /// <summary>Deletes what is unfinished or was needed for a while only. No file is begun or finished afterwards.</summary>
    /// <param name="isAtWork">Whether a job may still write.</param>
    public void Abandon(bool isAtWork)
    {
        _isAbandoned = true;
        // A pipe that nobody reads is waited for as long as it is being opened; there is nothing to delete then.
        bool isEntered = _lock.TryEnter(s_patience);
        try
        {
            foreach (OutputFile file in _files)
                file.Abandon();
        }
        finally
        {
            if (isEntered)
                _lock.Exit();
        }

        Scratch.Delete(isAtWork);
    }
}
