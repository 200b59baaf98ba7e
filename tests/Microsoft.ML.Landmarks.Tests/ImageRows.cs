using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>A photograph by its path.</summary>
internal sealed class PathRow
{
    public string ImagePath { get; set; } = "";
}

/// <summary>A photograph as the bytes of its file.</summary>
internal sealed class FileRow
{
    [VectorType]
    public byte[] File { get; set; } = [];
}
