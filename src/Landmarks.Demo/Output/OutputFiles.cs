namespace Landmarks.Demo.Output;

/// <summary>
/// The files that are being written. Each is made in a folder of its own beside its place and moved there when it is whole, so that an
/// older file stays until then; whatever a library writes beside it on the way is in that folder too, and goes with it.
/// </summary>
internal sealed class OutputFiles
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _folders = [];
    private bool _abandoned;

    /// <summary>Begins a file. Made before a long job, it tells at once that the file could not be written.</summary>
    /// <exception cref="JobFailedException">The folder does not exist or can't be written to, or a folder stands in the file's place.</exception>
    public OutputFile Create(string file)
    {
        string target = Path.GetFullPath(file), parent = Path.GetDirectoryName(target) ?? target;
        if (Directory.Exists(target))
            throw Errors.FileIsFolder(file);
        if (!Directory.Exists(parent))
            throw Errors.FolderMissing(parent);
        string folder = Path.Combine(parent, $".{Path.GetRandomFileName()}");
        lock (_lock)
        {
            ThrowIfAbandoned();
            try
            {
                Directory.CreateDirectory(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Errors.OutputFolder(parent, e);
            }

            _folders.Add(folder);
        }

        return new OutputFile(this, target, folder);
    }

    /// <summary>Makes a folder for what is needed for a while only; it lasts until <see cref="Abandon"/>.</summary>
    public string CreateScratchFolder()
    {
        lock (_lock)
        {
            ThrowIfAbandoned();
            string folder = Directory.CreateTempSubdirectory("landmarks-").FullName;
            _folders.Add(folder);
            return folder;
        }
    }

    /// <summary>Deletes what is unfinished or was needed for a while only. No file is begun or finished afterwards.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _abandoned = true;
            foreach (string folder in _folders)
                Delete(folder);
            _folders.Clear();
        }
    }

    internal void Commit(string temporary, string target)
    {
        // Under the lock, so that an interrupted program has either the old file or the new one.
        lock (_lock)
        {
            ThrowIfAbandoned();
            File.Move(temporary, target, overwrite: true);
        }
    }

    internal void Release(string folder)
    {
        lock (_lock)
        {
            if (_folders.Remove(folder))
                Delete(folder);
        }
    }

    private void ThrowIfAbandoned()
    {
        if (_abandoned)
            throw new OperationCanceledException();
    }

    private static void Delete(string folder)
    {
        // A job that is still at work may add a file between those that are found and the folder; not for ever, since it needs the folder.
        for (int attempt = 0; attempt < 10 && Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(10);
            }
        }
    }
}
