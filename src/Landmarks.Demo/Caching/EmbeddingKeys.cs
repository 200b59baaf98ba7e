using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Landmarks;
using Microsoft.ML.OnnxRuntime;

namespace Landmarks.Demo.Caching;

/// <summary>By what the embedding of a photograph is known: the bytes of its file, and all that its bits depend on beside them.</summary>
internal sealed class EmbeddingKeys
{
    // The library's annotation of a column that its steps made: the SHA-256 of the network and of all settings.
    private const string Fingerprint = "LandmarkFingerprint";

    private readonly byte[] _steps;

    private EmbeddingKeys(string steps) => _steps = Encoding.UTF8.GetBytes(steps);

    /// <param name="embeddings">The column of embeddings.</param>
    /// <param name="isOnGpu">Whether a GPU makes them.</param>
    /// <returns>Null where the column does not tell what its values depend on.</returns>
    /// <remarks>Another release may decode better, and other instructions round otherwise.</remarks>
    public static EmbeddingKeys? TryCreate(DataViewSchema.Column embeddings, bool isOnGpu)
        => FingerprintOf(embeddings) is not { } fingerprint ? null : new EmbeddingKeys(string.Join('\n', fingerprint,
            typeof(ImageEmbeddingTransformer).Assembly.GetName().Version, Runtime, ProcessorOf(isOnGpu)));

    /// <summary>What a column says that its values depend on; null where it says nothing.</summary>
    public static string? FingerprintOf(DataViewSchema.Column embeddings)
    {
        if (embeddings.Annotations.Schema.GetColumnOrNull(Fingerprint) is not { Type: TextDataViewType })
            return null;
        ReadOnlyMemory<char> fingerprint = default;
        embeddings.Annotations.GetValue(Fingerprint, ref fingerprint);
        return fingerprint.ToString();
    }

    /// <param name="hash">The SHA-256 of the photograph's file; null for none.</param>
    public byte[]? Of(byte[]? hash) => hash is null ? null : SHA256.HashData([.. hash, .. _steps]);

    /// <summary>The version of ONNX Runtime.</summary>
    public static string Runtime => OrtEnv.Instance().GetVersionString();

    /// <summary>The instructions that ONNX Runtime chooses its kernels by, or that it is a GPU.</summary>
    public static string ProcessorOf(bool isOnGpu) => isOnGpu ? "GPU"
        : $"{RuntimeInformation.ProcessArchitecture} {Avx.IsSupported} {Avx2.IsSupported} {Fma.IsSupported} {Avx512F.IsSupported} "
            + $"{AvxVnni.IsSupported} {Dp.IsSupported}";
}
