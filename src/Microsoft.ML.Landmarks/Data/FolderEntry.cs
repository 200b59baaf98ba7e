using System.IO.Enumeration;

namespace Microsoft.ML.Landmarks.Data;

/// <summary>A file or folder that lies in a folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsFolder">Whether it is a folder, or a link to one.</param>
/// <param name="IsLink">Whether it is a link to a folder.</param>
internal readonly record struct FolderEntry(string Name, bool IsFolder, bool IsLink)
{
    // The attributes of a file are not asked for: that takes time for each.
    public static FolderEntry Of(ref FileSystemEntry entry)
        => new(entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory && entry.Attributes.HasFlag(FileAttributes.ReparsePoint));
}
