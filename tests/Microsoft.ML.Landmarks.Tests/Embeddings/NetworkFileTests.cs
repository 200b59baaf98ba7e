using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.Landmarks.Tests.Embeddings;

/// <summary>Files that are taken for networks and are none.</summary>
[TestClass]
public sealed class NetworkFileTests
{
    private const string ConvertFromTensorFlow = "is a file of TensorFlow or Keras and no ONNX network. Convert it by the Python package "
        + "tf2onnx, with channels first (NCHW).";
    private const string ExportFromPyTorch = "is a file of PyTorch and no ONNX network. Export the network: torch.onnx.export.";
    private const string NotOnnx = "is no ONNX network that can be run: it is not in ONNX's format, or only a part of a file. Download or "
        + "export it anew.";

    public static IEnumerable<(byte[] File, string Problem)> Files =>
    [
        ([], "is no ONNX network that can be run: it is empty. Download or export it anew."),
        ([.. "version https://git-lfs.github.com/spec/v1\n"u8,
            .. "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"u8],
            "is a pointer of Git LFS that stands for the network. Fetch the network itself: git lfs pull."),
        ([.. "<!DOCTYPE html>\n<html></html>"u8],
            "is a web page and no ONNX network. Download the file itself, not the page that shows it."),
        ([0xef, 0xbb, 0xbf, .. "\r\n <html>"u8],
            "is a web page and no ONNX network. Download the file itself, not the page that shows it."),
        (Zip("archive/data.pkl"), ExportFromPyTorch),
        ([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e], ExportFromPyTorch),
        (Zip("network.onnx"), "is a packed file and no ONNX network. Unpack it, and name the .onnx file in it."),
        ([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00],
            "is a packed file and no ONNX network. Unpack it, and name the .onnx file in it."),
        ([0x1c, 0x00, 0x00, 0x00, .. "TFL3"u8, 0x14, 0x00, 0x20, 0x00], ConvertFromTensorFlow),
        ([0x89, .. "HDF\r\n"u8, 0x1a, 0x0a, 0x00], ConvertFromTensorFlow),
        // GraphDef { node { name: "input" op: "Placeholder" } } and SavedModel { saved_model_schema_version: 1 meta_graphs { meta_info_def
        // { tags: "serve" } } }.
        ([0x0a, 0x14, 0x0a, 0x05, .. "input"u8, 0x12, 0x0b, .. "Placeholder"u8], ConvertFromTensorFlow),
        ([0x08, 0x01, 0x12, 0x09, 0x0a, 0x07, 0x22, 0x05, .. "serve"u8], ConvertFromTensorFlow),
        (Safetensors("""{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""),
            "holds weights alone (safetensors) and no ONNX network. Export the network that has them: torch.onnx.export."),
        ([.. "no network"u8], NotOnnx),
        ([.. File.ReadAllBytes(TestFiles.Network).AsSpan(0, 100_000)], NotOnnx),
    ];

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void EmbedImages_FileOfAnotherKind_SaysWhichAndTheWayOut(byte[] file, string problem)
    {
        using var folder = new TemporaryFolder();
        string path = folder["network.onnx"];
        File.WriteAllBytes(path, file);

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => new MLContext().Transforms.EmbedImages("Features", "Pixels", path));

        Assert.AreEqual($"'{path}' {problem}", error.Message);
    }

    [TestMethod]
    [DataRow("ir_new", @"has version 99 of ONNX's format; the ONNX Runtime here reads up to (\d+)\. "
        + @"Save it again by the Python package onnx, with model\.ir_version = \1\.")]
    [DataRow("opset_new", @"has operators of opset 99 of ai\.onnx; the ONNX Runtime here knows up to (\d+)\. "
        + @"Export it for an older one: torch\.onnx\.export\(\.\.\., opset_version=\1\)\.")]
    public void EmbedImages_NewerThanOnnxRuntime_SaysTheWayOut(string network, string problem)
    {
        string path = TestFiles.Golden("networks", $"{network}.onnx");

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => new MLContext().Transforms.EmbedImages("Features", "Pixels", path));

        Assert.StartsWith($"'{path}' ", error.Message);
        Assert.MatchesRegex($"^{problem}$", error.Message[$"'{path}' ".Length..]);
    }

    [TestMethod]
    public void EmbedImages_OperatorThatOnnxRuntimeLacks_NamesIt()
    {
        string path = TestFiles.Golden("networks", "operator_unknown.onnx");

        var error = Assert.ThrowsExactly<InvalidOperationException>(()
            => new MLContext().Transforms.EmbedImages("Features", "Pixels", path));

        Assert.AreEqual($"'{path}' has an operator that ONNX Runtime does not know: NoSuchOperator. Export it with operators of ONNX "
            + "alone.", error.Message);
    }

    [TestMethod]
    public void EmbedImages_FileThatCantBeRead_SaysSo()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("A file that root can't read either is known on Linux alone.");

        var error = Assert.ThrowsExactly<IOException>(() => new MLContext().Transforms.EmbedImages("Features", "Pixels", "/proc/self/mem"));

        Assert.StartsWith("The network '/proc/self/mem' can't be read: ", error.Message);
    }

    private static byte[] Zip(string entry)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
            zip.CreateEntry(entry);
        return stream.ToArray();
    }

    private static byte[] Safetensors(string header)
        => [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0, 0];
}
