using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Landmarks.Files;

/// <summary>
/// Gives a file what an older one has that it replaces: owner, access rights and the user's own attributes. On Windows a replacement keeps
/// them by itself.
/// </summary>
internal static partial class FileAttributesCopy
{
    private const string AccessList = "system.posix_acl_access", UserPrefix = "user.";

    /// <returns>False where this user may not give them.</returns>
    public static bool TryCopy(string older, SafeFileHandle newer)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(older))
            return true;
        if (FileStatus.Of(older) is { } from && FileStatus.Of(newer) is { } to)
        {
            // The owner first: a change of it takes rights away.
            if ((from.User, from.Group) != (to.User, to.Group) && SetOwner(newer, from.User, from.Group) != 0)
                return false;
            if (!TryCopyExtended(older, newer))
                return false;
        }

        File.SetUnixFileMode(newer, File.GetUnixFileMode(older));
        return true;
    }

    private static bool TryCopyExtended(string older, SafeFileHandle newer)
    {
        // One that the folder gives to new files.
        _ = RemoveAttribute(newer, AccessList);
        var names = new byte[0x10000];
        nint length = ListAttributes(older, names, names.Length);
        // A disk without such attributes has none to copy.
        foreach (string name in length <= 0 ? [] : Encoding.UTF8.GetString(names, 0, (int)length).Split('\0'))
        {
            if (name != AccessList && !name.StartsWith(UserPrefix, StringComparison.Ordinal))
                continue;
            var value = new byte[0x10000];
            nint size = GetAttribute(older, name, value, value.Length);
            if (size < 0 || SetAttribute(newer, name, value, size, 0) != 0)
                return false;
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "fchown")]
    private static partial int SetOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "listxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ListAttributes(string path, [Out] byte[] names, nint size);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, [Out] byte[] value, nint size);

    [LibraryImport("libc", EntryPoint = "fsetxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetAttribute(SafeFileHandle file, string name, byte[] value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "fremovexattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RemoveAttribute(SafeFileHandle file, string name);
}
