using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Embeddings;

/// <summary>
/// Says what a file is that ONNX Runtime could not take for a network, and the way out, by the file's first bytes and by what ONNX Runtime
/// said.
/// </summary>
internal static partial class NetworkFile
{
    private static readonly (byte[] Mark, int Offset, string Problem)[] s_kinds =
    [
        ([.. "version https://git-lfs"u8], 0, Errors.NetworkIsLfsPointer),
        ([.. "{"u8], sizeof(ulong), Errors.NetworkIsSafetensors),
        ([.. "TFL3"u8], 4, Errors.NetworkOfTensorFlow),
        ([0x89, .. "HDF"u8], 0, Errors.NetworkOfTensorFlow),
        ([0x1f, 0x8b], 0, Errors.NetworkIsPacked),
        ([.. "PK"u8], 0, Errors.NetworkIsPacked),
        // Python's pickle, PyTorch's format before 1.6.
        ([0x80, 0x02], 0, Errors.NetworkOfPyTorch),
        ([0x80, 0x04], 0, Errors.NetworkOfPyTorch),
    ];

    /// <summary>Sentences that follow the file's name.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="message">What ONNX Runtime said.</param>
    public static string Problem(byte[] file, string message)
    {
        if (IrVersion().Match(message) is { Success: true } ir)
            return Errors.NetworkIrVersion(ir.Groups[1].Value, ir.Groups[2].Value);
        if (Opset().Match(message) is { Success: true } opset)
            return Errors.NetworkOpset(opset.Groups[1].Value, opset.Groups[3].Value, opset.Groups[2].Value);
        if (Operator().Match(message) is { Success: true } op)
            return Errors.NetworkOperator(op.Groups["name"].Value);
        // Anything but protobuf, and protobuf without the field that holds a network.
        if (!message.Contains("protobuf", StringComparison.OrdinalIgnoreCase))
            return Errors.NotANetwork(message);
        if (file.Length == 0)
            return Errors.NetworkIsEmpty;
        string start = Encoding.Latin1.GetString(file.AsSpan(0, Math.Min(file.Length, 200)));
        if (start.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\r', '\n', '\t').StartsWith('<'))
            return Errors.NetworkIsPage;
        if (IsPyTorchZip(file))
            return Errors.NetworkOfPyTorch;
        foreach ((byte[] mark, int offset, string problem) in s_kinds)
        {
            if (file.AsSpan(Math.Min(offset, file.Length)).StartsWith(mark)
                && (problem != Errors.NetworkIsSafetensors || HoldsItsHeader(file)))
                return problem;
        }

        // TensorFlow's GraphDef and SavedModel are protobuf too, with other fields.
        bool isProtobuf = message.Contains("No graph", StringComparison.Ordinal);
        return isProtobuf && file is [0x0a, ..] or [0x08, 0x01, 0x12, ..] ? Errors.NetworkOfTensorFlow : Errors.NotOnnx;
    }

    // The header's length stands before it.
    private static bool HoldsItsHeader(byte[] file) => BinaryPrimitives.ReadUInt64LittleEndian(file) <= (ulong)file.Length - sizeof(ulong);

    private static bool IsPyTorchZip(byte[] file)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file));
            return zip.Entries.Any(entry => entry.Name == "data.pkl");
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"Unsupported model IR version: (\d+), max supported IR version: (\d+)")]
    private static partial Regex IrVersion();

    [GeneratedRegex(@"(?<name>\S+) is not a registered function/op|No Op registered for (?<name>\S+)"
        + @"|No opset import for domain '(?<name>.*?)'")]
    private static partial Regex Operator();

    [GeneratedRegex(@"Opset (\d+) is under development.*domain (\S+) is till opset (\d+)", RegexOptions.Singleline)]
    private static partial Regex Opset();
}
