namespace Microsoft.ML.Landmarks.Data;

/// <summary>What the names of files and folders say of them. Whether a file is a photograph is decided by its content, when it is
/// read.</summary>
internal static class FolderNames
{
    // What .NET makes of bytes that are no UTF-8. It can't open a file by such a name.
    private const char Replacement = '\ufffd';

    private static readonly HashSet<string> s_readable = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib",
    };

    // Where the program references Magick.NET.
    private static readonly HashSet<string> s_forMagick = new(StringComparer.OrdinalIgnoreCase)
    {
        ".heic", ".heif", ".hif", ".avif", ".tif", ".tiff", ".jxl", ".jp2", ".j2k", ".j2c", ".jpc", ".jpx", ".jpf",
    };

    // Kinds that can't be decoded are photographs too: the step that reads them says what they are. Raw files of cameras are none, since
    // they mostly lie beside a JPEG of the same photograph.
    private static readonly HashSet<string> s_unreadable = new(StringComparer.OrdinalIgnoreCase) { ".svg", ".psd" };

    // What systems put into folders unasked, and nobody misses.
    private static readonly HashSet<string> s_filesOfSystems = new(StringComparer.OrdinalIgnoreCase)
    {
        ".DS_Store", ".localized", ".directory", ".nomedia", "Thumbs.db", "desktop.ini",
    };

    // Recycle bins, thumbnails and the like, as Synology, QNAP, Windows, macOS and Linux call them; those whose names start with a dot are
    // hidden anyway.
    private static readonly HashSet<string> s_foldersOfSystems = new(StringComparer.OrdinalIgnoreCase)
    {
        "#recycle", "#snapshot", "@eaDir", "@tmp", "@Recycle", "@Recently-Snapshot", "$RECYCLE.BIN", "RECYCLER", "RECYCLED",
        "System Volume Information", "__MACOSX", "Network Trash Folder", "Temporary Items", "lost+found",
    };

    public static bool IsPhotograph(string name)
        => s_readable.Contains(Path.GetExtension(name)) || IsForMagick(name) || IsUnreadablePhotograph(name);

    /// <summary>Whether the ending is that of a kind of photographs that Magick.NET decodes.</summary>
    public static bool IsForMagick(string name) => s_forMagick.Contains(Path.GetExtension(name));

    /// <summary>Whether the ending is that of a kind of photographs that can't be decoded.</summary>
    public static bool IsUnreadablePhotograph(string name) => s_unreadable.Contains(Path.GetExtension(name));

    // What starts with a dot is hidden, on systems that have no other mark for it.
    public static bool IsHidden(string name) => name.StartsWith('.');

    public static bool IsFileOfSystem(string name) => s_filesOfSystems.Contains(name);

    public static bool IsFolderOfSystem(string name) => s_foldersOfSystems.Contains(name);

    public static bool IsNotUtf8(string path) => path.Contains(Replacement) && !Path.Exists(path);
}
