using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Landmarks.Images.Resampling;

// Divisions, which give the formula to the last bit; the units that divide are idle here otherwise.
internal sealed partial class LevelNormaliser
{
    /// <summary>Whole vectors; the number of levels done is returned.</summary>
    private static int Normalise256(ReadOnlySpan<byte> levels, float mean, float std, Span<float> pixels)
    {
        ref byte source = ref MemoryMarshal.GetReference(levels);
        ref float target = ref MemoryMarshal.GetReference(pixels);
        Vector256<float> means = Vector256.Create(mean), stds = Vector256.Create(std), largest = Vector256.Create(255f);
        int i = 0;
        for (; i <= levels.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            Vector256<short> sixteen = Vector256.WidenLower(Vector128.LoadUnsafe(ref source, (nuint)i).ToVector256Unsafe()).AsInt16();
            ((Vector256.ConvertToSingle(Vector256.WidenLower(sixteen)) / largest - means) / stds).StoreUnsafe(ref target, (nuint)i);
            ((Vector256.ConvertToSingle(Vector256.WidenUpper(sixteen)) / largest - means) / stds).StoreUnsafe(ref target,
                (nuint)(i + Vector256<float>.Count));
        }

        return i;
    }

    private static int Normalise128(ReadOnlySpan<byte> levels, float mean, float std, Span<float> pixels)
    {
        ref byte source = ref MemoryMarshal.GetReference(levels);
        ref float target = ref MemoryMarshal.GetReference(pixels);
        Vector128<float> means = Vector128.Create(mean), stds = Vector128.Create(std), largest = Vector128.Create(255f);
        int i = 0;
        for (; i <= levels.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)i));
            Store(Vector128.WidenLower(low.AsInt16()), ref target, i);
            Store(Vector128.WidenUpper(low.AsInt16()), ref target, i + 4);
            Store(Vector128.WidenLower(high.AsInt16()), ref target, i + 8);
            Store(Vector128.WidenUpper(high.AsInt16()), ref target, i + 12);
        }

        return i;

        void Store(Vector128<int> four, ref float target, int place)
            => ((Vector128.ConvertToSingle(four) / largest - means) / stds).StoreUnsafe(ref target, (nuint)place);
    }
}
