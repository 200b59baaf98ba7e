using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>
/// A file that is being written. It is made beside its place and takes it by <see cref="Commit"/>, so that an older file stays until then,
/// and
/// keeps its mode and its owner afterwards; of a link the target is written. What is no plain file, a device or a pipe, is written through.
/// </summary>
/// <remarks>
/// This folder is compiled into the library and into its command line, which uses public members alone and makes the same promises for its
/// files.
/// </remarks>
internal sealed class OutputFile : IDisposable
{
    private const string Suffix = ".unfinished";

    // In bytes: what nearly all file systems allow.
    private const int LongestName = 255;

    private const int Block = 4096;

    private const int StandardOutput = 1, StandardError = 2;

    private readonly Lock _lock = new();
    private readonly OutputStream _stream;
    private readonly FileStream? _temporary;
    private readonly string _target;
    private bool _isDone;

    /// <param name="path">The file as it was named.</param>
    /// <param name="target">What is written.</param>
    /// <param name="stream">Writes it.</param>
    /// <param name="temporary">The same where it takes the target's place at the end; null where it is the target.</param>
    private OutputFile(string path, string target, Stream stream, FileStream? temporary = null)
    {
        Path = path;
        _target = target;
        _stream = new OutputStream(stream);
        _temporary = temporary;
    }

    /// <summary>The file as it was named, as a full path; of standard output, that it is.</summary>
    public string Path { get; }

    /// <summary>Whether the file is the program's standard output.</summary>
    public bool IsStandardOutput { get; private init; }

    public Stream Stream => _stream;

    private string Folder => System.IO.Path.GetDirectoryName(_target)!;

    /// <summary>Begins a file. Made before a long job, it tells at once what would keep the file from being written at its end.</summary>
    /// <exception cref="IOException">
    /// The folder is missing or can't be written to, what stands in the file's place can't, or another run is at work on it.
    /// </exception>
    public static OutputFile Open(string file)
    {
        (string path, string target) = Locate(file);
        FileKind? kind = FileStatus.Of(target)?.Kind;
        if (FileLinks.Descriptor(target) is { } descriptor)
            return new OutputFile(path, target, OpenDescriptor(descriptor)) { IsStandardOutput = descriptor == StandardOutput };
        if (kind is FileKind.Socket)
            throw FileErrors.IsSocket(path);
        if (kind is FileKind.Stream || IsUntoldDevice(target))
            return new OutputFile(path, target, OpenExisting(path, target));
        if (File.Exists(target))
            OpenExisting(path, target).Dispose();
        FileStream temporary = CreateTemporary(path, target);
        return new OutputFile(path, target, temporary, temporary);
    }

    /// <summary>Begins what goes to the program's standard output, on every system.</summary>
    public static OutputFile OpenStandardOutput()
        => new("standard output", "", OpenDescriptor(StandardOutput)) { IsStandardOutput = true };

    /// <summary>The files that writing another one would replace.</summary>
    public static IEnumerable<string> Replaced(string file)
    {
        (_, string target) = Locate(file);
        return FileLinks.Descriptor(target) is null ? new[] { target, TemporaryName(target) }.Where(File.Exists) : [];
    }

    /// <summary>Checks that a file has room where it is written.</summary>
    /// <param name="length">Its length in bytes at the most.</param>
    /// <exception cref="IOException">It may have none.</exception>
    public void Require(long length)
    {
        if (_temporary is not null)
            FreeSpace.Require(Folder, length);
    }

    /// <summary>Puts the file in its place when all of it is on the disk.</summary>
    /// <exception cref="IOException">
    /// Something could not be written. What is whole and could not take its place is kept, and the message says where.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The file was abandoned.</exception>
    public void Commit()
    {
        _stream.Complete();
        // This may last; what interrupts the program does not wait for it.
        _temporary?.Flush(flushToDisk: true);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDone, this);
            _isDone = true;
            if (_temporary is not null)
                TakePlace(_temporary);
            _stream.Dispose();
        }
    }

    /// <summary>Deletes a file that has not taken its place, and keeps it from doing so, while another thread may be writing it.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            if (_isDone)
                return;
            _isDone = true;
            if (_temporary is null)
                return;
            // Where a file can be deleted that is open, no other run can have taken it over.
            if (OperatingSystem.IsWindows())
                _stream.Dispose();
            Delete(_temporary.Name);
        }
    }

    public void Dispose()
    {
        Abandon();
        _stream.Dispose();
    }

    private static (string Path, string Target) Locate(string file)
    {
        string path = System.IO.Path.GetFullPath(file), target = FileLinks.Follow(path);
        bool isFolder = Directory.Exists(target) || System.IO.Path.EndsInDirectorySeparator(path);
        return isFolder ? throw FileErrors.IsFolder(file) : (path, target);
    }

    private static FileStream CreateTemporary(string path, string target)
    {
        string folder = System.IO.Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw FileErrors.FolderMissing(folder);
        FileStream? file = null;
        try
        {
            file = LockedFile.TryCreate(TemporaryName(target), isPrivate: File.Exists(target));
            // A full disk takes names all the same.
            if (file is not null)
                RandomAccess.Write(file.SafeFileHandle, new byte[Block], fileOffset: 0);
            file?.SetLength(0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (file is not null)
                Delete(file.Name);
            file?.Dispose();
            throw FileErrors.OutputFolder(folder, e);
        }

        return file ?? throw FileErrors.AtWork(path);
    }

    // Not longer than the file's own name where that is long: where the one is allowed, so is the other.
    private static string TemporaryName(string target)
    {
        string name = System.IO.Path.GetFileName(target);
        int length = Length(name);
        if (length + Suffix.Length <= LongestName)
            return target + Suffix;
        string end = $"~{Hash(name):x8}{Suffix}";
        while (Length(name) + end.Length > length)
            name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        return System.IO.Path.Join(System.IO.Path.GetDirectoryName(target), name + end);

        static int Length(string text) => Encoding.UTF8.GetByteCount(text);
    }

    // FNV-1a: the same in all runs, so that one finds what another has left.
    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);

    private static FileStream OpenExisting(string path, string target)
    {
        // What nobody may write is to stay, also where this user may do all.
        if (FileStatus.Of(target) is { Kind: FileKind.Plain, IsWritable: false })
            throw FileErrors.NotWritable(path);
        try
        {
            return new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.NotWritable(path, e);
        }
    }

    // A name of a descriptor stands for what is open there: a file that is opened anew would be written from its start on.
    private static Stream OpenDescriptor(int descriptor) => descriptor switch
    {
        StandardOutput => Console.OpenStandardOutput(),
        StandardError => Console.OpenStandardError(),
        _ => new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write),
    };

    // Where the system does not tell what a file is, its place does.
    private static bool IsUntoldDevice(string target)
        => !OperatingSystem.IsWindows() && !OperatingSystem.IsLinux()
            && target.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(target);

    private void TakePlace(FileStream file)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Replace(file);
            else if (!FileAttributesCopy.TryCopy(_target, file.SafeFileHandle) || !TryRename(file))
                Overwrite(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.NotInPlace(_target, file.Name, e);
        }

        FolderFlush.Run(Folder);
    }

    // What is open can't be moved there. File.Replace keeps the access rights of the older file.
    private void Replace(FileStream file)
    {
        file.Dispose();
        if (File.Exists(_target))
            File.Replace(file.Name, _target, destinationBackupFileName: null);
        else
            File.Move(file.Name, _target);
    }

    private bool TryRename(FileStream file)
    {
        try
        {
            // It is held until all is done, and may be read from the moment on when it has its name.
            LockedFile.LetRead(file);
            File.Move(file.Name, _target, overwrite: true);
            return true;
        }
        // A file that a container mounts can be written and not replaced, as can one of another user in a folder like /tmp.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(_target))
        {
            return false;
        }
    }

    private void Overwrite(FileStream file)
    {
        using (var place = new FileStream(_target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 0;
            place.SetLength(0);
            file.CopyTo(place);
            place.Flush(flushToDisk: true);
        }

        Delete(file.Name);
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }
}
