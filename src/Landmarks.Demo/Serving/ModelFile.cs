using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Serving;

/// <summary>What tells a file from the one that was there before.</summary>
/// <param name="Identity">Which file it is, whatever links lead to it.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Written">When it was last written.</param>
internal sealed record ModelFile(object? Identity, long Length, DateTime Written)
{
    /// <summary>The file as it is now; null where there is none.</summary>
    public static ModelFile? Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return file.Exists ? new ModelFile(FileStatus.IdentityOf(path), file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
