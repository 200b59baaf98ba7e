using ImageMagick;
using ImageMagick.Factories;

namespace Microsoft.ML.Landmarks.Images.Magick;

/// <summary>
/// The package of Magick.NET that the program references, as it chooses ONNX Runtime's: the library knows the interfaces alone, since the
/// rest is 20 to 40 MB a platform, which not every program needs.
/// </summary>
internal static class MagickPackage
{
    /// <summary>The one that messages name: it has all platforms.</summary>
    public const string ForAllPlatforms = "Magick.NET-Q8-AnyCPU";

    // As an array of ours.
    private const ulong MostBytes = int.MaxValue;

    // The package of a platform has an assembly of its own. Those of 16 bits a channel have another interface, for more than is read.
    private static readonly string[] s_assemblies =
    [
        ForAllPlatforms, "Magick.NET-Q8-x64", "Magick.NET-Q8-arm64", "Magick.NET-Q8-x86", "Magick.NET-Q8-OpenMP-x64",
        "Magick.NET-Q8-OpenMP-arm64",
    ];

    private static readonly Lazy<Type?> s_type = new(() => Find(s_assemblies));
    private static readonly Lazy<IMagickFactory<byte>?> s_factory = new(() => s_type.Value is { } type ? Create(type) : null);

    public static bool IsReferenced => s_type.Value is not null;

    /// <summary>What makes its objects; null where the program references no package. Made once.</summary>
    /// <exception cref="Exception">The package can't be loaded: it has no library for this platform, or does not go with the version of
    /// the interfaces. Each call throws the same one.</exception>
    public static IMagickFactory<byte>? Factory => s_factory.Value;

    /// <summary>The first of the assemblies that there is, by the class in it that makes objects.</summary>
    internal static Type? Find(IEnumerable<string> assemblies)
        => assemblies.Select(name => Type.GetType($"ImageMagick.Factories.MagickFactory, {name}", throwOnError: false))
            .FirstOrDefault(type => type is not null);

    private static IMagickFactory<byte> Create(Type type)
    {
        var factory = (IMagickFactory<byte>)Activator.CreateInstance(type)!;
        Limit(factory.ResourceLimits);
        return factory;
    }

    // They are the process's: what the program itself has made lower stays so. How many pixels a picture may have is checked before, by
    // the option; sides have no limit, which would replace the lower one on pixels that libheif has. Nor has time, which ImageMagick counts
    // from the start of the process, and ends that.
    private static void Limit(IResourceLimits limits)
    {
        // Photographs are decoded side by side, so one needs no second thread.
        limits.Thread = 1;
        // No pixels on the disk.
        limits.Disk = 0;
        limits.Memory = Math.Min(limits.Memory, (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        limits.Area = Math.Min(limits.Area, MostBytes);
        limits.MaxMemoryRequest = Math.Min(limits.MaxMemoryRequest, MostBytes);
    }
}
