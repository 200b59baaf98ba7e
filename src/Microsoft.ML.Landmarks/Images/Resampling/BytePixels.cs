using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

/// <summary>Levels as they are in a file.</summary>
internal readonly struct BytePixels : IPixelType
{
    public static int Size => sizeof(byte);

    public static float Level(ref readonly byte first) => first;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ref byte first)
    {
        Vector128<byte> levels = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(ref first)).AsByte();
        return Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(levels).AsInt16()));
    }
}
