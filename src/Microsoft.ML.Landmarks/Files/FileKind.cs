namespace Microsoft.ML.Landmarks.Files;

/// <summary>What stands under a file's name.</summary>
internal enum FileKind
{
    Plain,
    Folder,
    Link,
    Socket,

    /// <summary>A device or a named pipe: what is written there goes through it.</summary>
    Stream,
}
