using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Sums of levels in single precision.</summary>
internal readonly struct SinglePixels : IPixelType
{
    public static int Size => sizeof(float);

    public static float Level(ref readonly byte first) => Unsafe.ReadUnaligned<float>(in first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ref byte first) => Unsafe.ReadUnaligned<Vector128<float>>(ref first);
}
