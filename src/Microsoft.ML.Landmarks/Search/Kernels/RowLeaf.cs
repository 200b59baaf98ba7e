namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>64 quantised rows, as <see cref="ByteProducts.PackRows"/> packs them.</summary>
/// <param name="codes">[4, d / 4, 16, 4].</param>
/// <param name="constants">[64], what is added to the products of each row.</param>
internal readonly ref struct RowLeaf(ReadOnlySpan<byte> codes, ReadOnlySpan<int> constants)
{
    public ReadOnlySpan<byte> Codes { get; } = codes;

    public ReadOnlySpan<int> Constants { get; } = constants;

    /// <summary>Coordinates of a row.</summary>
    public int Dimension => Codes.Length / ByteProducts.Rows;
}
