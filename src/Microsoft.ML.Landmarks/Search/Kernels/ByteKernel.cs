namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>The ways to compute <see cref="ByteProducts"/>, which give the same numbers. Those a processor has are
/// <see cref="ByteKernels.Supported"/>.</summary>
internal enum ByteKernel
{
    /// <summary>The definition; any processor.</summary>
    Scalar,

    /// <summary>Vectors of 16 bytes, widened to 16 bits and multiplied.</summary>
    Vector128,

    /// <summary>Arm's dot products of four bytes.</summary>
    ArmDp,

    /// <summary>32 products of bytes added in pairs and in 16 bits, widened every few steps.</summary>
    Avx2,

    /// <summary>Dot products of four bytes, 8 at once.</summary>
    AvxVnni,

    /// <summary>As <see cref="Avx2"/>, 64 products at once.</summary>
    Avx512BW,
}
