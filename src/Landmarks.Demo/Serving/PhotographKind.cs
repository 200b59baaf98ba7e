using Microsoft.ML.Landmarks.Images;

namespace Landmarks.Demo.Serving;

/// <summary>What kind of file was sent, by what is in it.</summary>
internal static class PhotographKind
{
    /// <summary>What the kind is called, one that is read or one that is not; null where it is not known.</summary>
    public static string? Of(ReadOnlySpan<byte> file)
        => ImageKinds.Of(file) is { } kind ? ImageKinds.NameOf(kind) : ForeignFile.Of(file)?.Name;
}
