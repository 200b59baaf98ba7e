using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Landmarks.Plumbing;

/// <summary>
/// Tells what a step makes of its rows from what any other makes: the SHA-256, in hexadecimal, of all that the values of its column depend
/// on, what it was fitted on included. Where it works, how many rows at once, and what becomes of photographs that can't be read are no
/// part of it. The column carries it as an annotation.
/// </summary>
/// <remarks>It is made when it is first asked for, and then kept: a network of hundreds of MB takes a second.</remarks>
internal sealed class Fingerprint(Action<BinaryWriter> write)
{
    private const string Annotation = "LandmarkFingerprint";

    private readonly Lazy<string> _text = new(() => Compute(write));

    public override string ToString() => _text.Value;

    public DataViewSchema.Annotations ToAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Annotation, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = ToString().AsMemory());
        return builder.ToAnnotations();
    }

    /// <summary>What the shape of a column promises that has one.</summary>
    public static SchemaShape Shape { get; } = new([
        MLNetInternals.ShapeColumn(Annotation, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance)]);

    /// <summary>The fingerprint of a column; null where it has none, since another library's step made it.</summary>
    public static string? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Annotation) is not { Type: TextDataViewType })
            return null;
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(Annotation, ref value);
        return value.ToString();
    }

    private static string Compute(Action<BinaryWriter> write)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
            write(writer);
        return Convert.ToHexString(hash.Hash!);
    }
}
