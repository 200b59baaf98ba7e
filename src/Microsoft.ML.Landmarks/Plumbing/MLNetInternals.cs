// The only file that touches members which ML.NET keeps internal (see Publicize.targets).
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>Wrappers of ML.NET's internal members.</summary>
internal static class MLNetInternals
{
    // Deflate makes at most so many bytes of one.
    private const long MostExpansion = 1032;

    public static IHostEnvironment Environment(TransformsCatalog catalog) => ((IInternalCatalog)catalog).Environment;

    public static IHostEnvironment Environment(DataOperationsCatalog catalog) => ((IInternalCatalog)catalog).Environment;

    /// <summary>The values of <see cref="MLContext.GpuDeviceId"/> and <see cref="MLContext.FallbackToCpu"/>.</summary>
    public static (int? GpuDeviceId, bool FallbackToCpu) Device(IHostEnvironment env)
        => env is IHostEnvironmentInternal host ? (host.GpuDeviceId, host.FallbackToCpu) : (null, false);

    public static SchemaShape.Column ShapeColumn(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false,
        SchemaShape? annotations = null)
        => new(name, kind, itemType, isKey, annotations);

    /// <summary>A chain of the same type with other steps in the same scopes; null where a model is no chain of ML.NET's.</summary>
    public static ITransformer? ChainLike(ITransformer model, ITransformer[] steps) => model is ITransformerChainAccessor chain
        ? (ITransformer?)Activator.CreateInstance(model.GetType(), steps, chain.Scopes) : null;

    public static BinaryWriter Begin(ModelSaveContext context, ModelFormat format)
    {
        context.CheckAtModel();
        context.SetVersionInfo(new VersionInfo(
            modelSignature: format.Signature,
            verWrittenCur: format.Version,
            verReadableCur: format.Version,
            verWeCanReadBack: format.OldestReadable,
            loaderSignature: format.LoaderName,
            // The simple name: a model stays readable when the version of this assembly moves on.
            loaderAssemblyName: typeof(ModelFormat).Assembly.GetName().Name!));
        return context.Writer;
    }

    /// <summary>
    /// Writes an entry straight into the zip, as it is. ML.NET's own way goes through a temporary file and deflates, which takes many times
    /// as long and gains nothing on vectors.
    /// </summary>
    public static void WriteEntry(ModelSaveContext context, string name, Action<Stream> write)
    {
        RepositoryWriter repository = context.Repository;
        // A zip takes one entry at a time: those that ML.NET has closed and not yet written come first.
        Flush(repository);
        using Stream stream = Archive(repository).CreateEntry(Path.Join(context.Directory, name), CompressionLevel.NoCompression).Open();
        write(stream);
    }

    /// <summary>Reads an entry straight from the zip, deflated or not.</summary>
    /// <returns>False where there is none.</returns>
    public static bool TryReadEntry(ModelLoadContext context, string name, Action<Stream, long> read)
    {
        if (!Entries(context.Repository).TryGetValue(Path.Join(context.Directory, name), out ZipArchiveEntry? entry))
            return false;
        using Stream stream = entry.Open();
        // A length that the bytes in the zip can't give is damage, and no memory is taken for it.
        read(stream, Math.Min(entry.Length, entry.CompressedLength * MostExpansion));
        return true;
    }

    // Private members of ML.NET's repositories.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Flush")]
    private static extern void Flush(RepositoryWriter repository);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
    private static extern ref ZipArchive Archive(RepositoryWriter repository);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_entries")]
    private static extern ref Dictionary<string, ZipArchiveEntry> Entries(RepositoryReader repository);
}
