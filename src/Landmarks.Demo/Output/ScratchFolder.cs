using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Output;

/// <summary>
/// A folder for what is needed for a while only, which is what ML.NET packs and unpacks models through. A locked file beside it tells other
/// runs
/// whether its own is still at work, so that each clears what a killed one has left.
/// </summary>
internal sealed class ScratchFolder
{
    private const string Prefix = "landmarks-", LockEnding = ".lock";

    // In bytes: all of a model but its rows and its network, which take another way.
    private const long Enough = 1 << 20;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private FileStream? _held;
    private Exception? _failure;

    /// <summary>The folder's place; it is there after <see cref="Require"/>.</summary>
    public string Path { get; } = System.IO.Path.Join(Parent, Prefix + System.IO.Path.GetRandomFileName());

    private static string Parent => System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetTempPath());

    /// <summary>Takes the place, where that can be done, and clears what killed runs have left there.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            try
            {
                _held = LockedFile.TryCreate(Path + LockEnding, isPrivate: true);
                using var text = new StreamWriter(_held!, leaveOpen: true);
                foreach (string file in RuntimeFiles.Of(Environment.ProcessId))
                    text.WriteLine(file);
                text.Flush();
                Clear();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _failure = e;
            }
        }
    }

    /// <summary>Makes the folder: a job that needs it says so before it reads a photograph.</summary>
    /// <exception cref="JobFailedException">It can't be made, or takes too little.</exception>
    public void Require()
    {
        lock (_lock)
        {
            try
            {
                if (_failure is not null)
                    throw Errors.TemporaryFolder(Parent, WhyNoFolder() ?? _failure.Message, _failure);
                ObjectDisposedException.ThrowIf(_held is null, this);
                if (OperatingSystem.IsWindows())
                    Directory.CreateDirectory(Path);
                else
                    Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Errors.TemporaryFolder(Parent, e.Message, e);
            }

            if (FreeSpace.Of(Path) is { } free && free < Enough)
                throw Errors.TemporaryFolderFull(Parent, Enough, free);
        }
    }

    /// <summary>Deletes the folder with all that is in it.</summary>
    /// <param name="isAtWork">Whether a job may still write there.</param>
    public void Delete(bool isAtWork)
    {
        lock (_lock)
        {
            if (_held is null)
                return;
            // Such a job may add a file between those that are found and the folder.
            for (int attempt = 0; attempt < 10 && !Try(() => Directory.Delete(Path, recursive: true)); attempt++)
                Thread.Sleep(s_pause);
            if (isAtWork)
                KeepAway();
            if (OperatingSystem.IsWindows())
                _held.Dispose();
            Try(() => File.Delete(_held.Name));
            _held.Dispose();
            _held = null;
        }
    }

    // ML.NET makes the folder anew where it misses it, unless a file is in its place; the job ends then.
    private void KeepAway()
    {
        while (!Try(() => new FileStream(Path, FileMode.CreateNew).Dispose()) && Directory.Exists(Path))
            Try(() => Directory.Delete(Path, recursive: true));
        Thread.Sleep(s_pause);
        Try(() => File.Delete(Path));
    }

    private static string? WhyNoFolder() => Directory.Exists(Parent) ? null : File.Exists(Parent) ? "it is a file." : "it does not exist.";

    private void Clear()
    {
        FileStatus? own = FileStatus.Of(_held!.SafeFileHandle);
        foreach (string file in Directory.EnumerateFiles(Parent, $"{Prefix}*{LockEnding}"))
        {
            // In a folder of all users, only what is this one's: another one's files may change under the hand.
            if (file != _held.Name && FileStatus.Of(file, followsLinks: false)?.User == own?.User)
                Try(() => LockedFile.TryRemove(file, text => Clear(file[..^LockEnding.Length], text)));
        }
    }

    private static void Clear(string folder, string runtimeFiles)
    {
        RuntimeFiles.Delete(runtimeFiles.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        else
            File.Delete(folder);
    }

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
