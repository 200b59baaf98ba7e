using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Landmarks.Search.Kernels;

/// <summary>Which kernels this processor has.</summary>
internal static class ByteKernels
{
    /// <summary>Slowest first; the definition always.</summary>
    public static IReadOnlyList<ByteKernel> Supported { get; } = [.. Enum.GetValues<ByteKernel>().Where(IsSupported)];

    /// <summary>The fastest.</summary>
    public static ByteKernel Fastest => Supported[^1];

    private static bool IsSupported(ByteKernel kernel) => kernel switch
    {
        // A processor that is slower with wide vectors reports them as not accelerated.
        ByteKernel.Avx512BW => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated,
        ByteKernel.AvxVnni => AvxVnni.IsSupported,
        ByteKernel.Avx2 => Avx2.IsSupported,
        ByteKernel.ArmDp => Dp.IsSupported,
        ByteKernel.Vector128 => Vector128.IsHardwareAccelerated,
        _ => true,
    };
}
