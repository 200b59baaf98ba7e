using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>
/// What Linux knows of a file and .NET does not tell: its kind, its owner, and which file of which disk it is. Other systems tell nothing
/// here.
/// </summary>
internal readonly partial record struct FileStatus
{
    private const int CurrentFolder = -100, NoFollow = 0x100, EmptyPath = 0x1000, BasicStatus = 0x7ff, Size = 256;
    private const int KindMask = 0xF000, PlainKind = 0x8000, FolderKind = 0x4000, LinkKind = 0xA000, SocketKind = 0xC000, WriteMask = 0x92;

    /// <summary>Whether anybody may write it.</summary>
    public bool IsWritable { get; private init; }

    public FileKind Kind { get; private init; }

    public uint User { get; private init; }

    public uint Group { get; private init; }

    /// <summary>Equal for all names of one file, and for nothing else.</summary>
    public (ulong Disk, ulong Number) Identity { get; private init; }

    /// <summary>Null where there is no such file, and where the system tells nothing.</summary>
    public static FileStatus? Of(string path, bool followsLinks = true)
        => OperatingSystem.IsLinux() ? Of(CurrentFolder, path, followsLinks ? 0 : NoFollow) : null;

    public static FileStatus? Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            return Of((int)file.DangerousGetHandle(), "", EmptyPath);
        }
        finally
        {
            if (isHeld)
                file.DangerousRelease();
        }
    }

    /// <summary>
    /// What all names of a file have in common: links, hard links and spellings; where the system does not tell, hard links differ. Null
    /// where there is none.
    /// </summary>
    public static object? IdentityOf(string path)
    {
        if (OperatingSystem.IsLinux())
            return Of(path)?.Identity;
        return File.Exists(path) ? FileLinks.Follow(Path.GetFullPath(path)).ToUpperInvariant() : null;
    }

    /// <summary>Whether an open file still has its name; true where the system does not tell.</summary>
    public static bool IsAt(string path, SafeFileHandle file) => Of(path, followsLinks: false)?.Identity == Of(file)?.Identity;

    private static FileStatus? Of(int folder, string path, int flags)
    {
        Span<byte> status = stackalloc byte[Size];
        if (GetStatus(folder, path, flags, BasicStatus, status) != 0)
            return null;
        // The layout of struct statx, the same on every processor.
        int mode = MemoryMarshal.Read<ushort>(status[28..]);
        return new FileStatus
        {
            Kind = (mode & KindMask) switch
            {
                PlainKind => FileKind.Plain,
                FolderKind => FileKind.Folder,
                LinkKind => FileKind.Link,
                SocketKind => FileKind.Socket,
                _ => FileKind.Stream,
            },
            IsWritable = (mode & WriteMask) != 0,
            User = MemoryMarshal.Read<uint>(status[20..]),
            Group = MemoryMarshal.Read<uint>(status[24..]),
            Identity = (MemoryMarshal.Read<ulong>(status[136..]), MemoryMarshal.Read<ulong>(status[32..])),
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetStatus(int folder, string path, int flags, uint mask, Span<byte> status);
}
