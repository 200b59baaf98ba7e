namespace Landmarks.Demo.Data;

/// <summary>The folder that photographs are read from.</summary>
internal static class ImageFolder
{
    /// <exception cref="JobFailedException">There is no such folder: found before a row is read.</exception>
    public static void Require(string folder)
    {
        if (!Directory.Exists(folder))
            throw Errors.FolderMissing(folder);
    }
}
