using System.Globalization;
using Landmarks.Demo.Data;
using Microsoft.ML;

namespace Landmarks.Demo.Reports;

/// <summary>The forms of what was found of a network.</summary>
internal sealed class NetworkForms : IResultForms<NetworkDescription>
{
    public IResultWriter<NetworkDescription> CreateText(Action<string> writeLine) => new Text(writeLine);

    public IResultWriter<NetworkDescription> CreateJson(Stream stream)
        => new JsonResultWriter<NetworkDescription>(stream, ResultJson.Lines.NetworkDescription);

    /// <summary>A row for each input and output.</summary>
    /// <inheritdoc cref="IResultForms{T}.CreateCsv"/>
    public IResultWriter<NetworkDescription> CreateCsv(Stream stream)
        => new Nodes(new CsvResultWriter<(string Kind, NetworkTensor Tensor, bool IsUsed)>(stream,
        [
            ("kind", row => row.Kind),
            ("name", row => row.Tensor.Name),
            ("type", row => row.Tensor.Type),
            ("shape", row => string.Join(' ', row.Tensor.Axes)),
            ("used", row => row.IsUsed ? "true" : "false"),
        ]));

    private sealed class Text(Action<string> writeLine) : IResultWriter<NetworkDescription>
    {
        private const double BytesOfMegabyte = 1_000_000;

        public void Write(NetworkDescription result)
        {
            foreach (NetworkTensor input in result.Inputs)
                writeLine($"Input: {input}{(input.Name == result.Input ? ", which takes the images" : "")}.");
            foreach (NetworkTensor output in result.Outputs)
                writeLine($"Output: {output}{(output.Name == result.Output ? ", which is taken" : "")}.");
            if (result.LeftOut.Count > 0)
                writeLine($"Left out, since images do without: {string.Join(", ", result.LeftOut)}.");
            writeLine($"Images: {result.ImageSize} pixels, {(result.FixedImageSize is null ? "others too" : "no others")}; "
                + $"{PreparationSummary.Of(result.Preparation)}.");
            if (result.Pooling is { } pooling)
                writeLine($"Pooling: {PoolingWords.Of(pooling)}.");
            if (result.EmbeddingLength is { } length)
                writeLine($"Embedding: {Quantity.Of(length, "value")}.");
            writeLine(string.Create(CultureInfo.InvariantCulture, $"Size: {result.Bytes / BytesOfMegabyte:F1} MB with all weights."));
            if (result.MillisecondsPerImage is { } time)
            {
                writeLine(string.Create(CultureInfo.InvariantCulture, $"Time: {time:F2} ms an image, ")
                    + $"{(result.Gpu is { } gpu ? $"GPU {gpu}" : Quantity.Of(Environment.ProcessorCount, "core"))}.");
            }
        }
    }

    private sealed class Nodes(CsvResultWriter<(string Kind, NetworkTensor Tensor, bool IsUsed)> rows)
        : IResultWriter<NetworkDescription>, IDisposable
    {
        public void Write(NetworkDescription result)
        {
            foreach (NetworkTensor input in result.Inputs)
                rows.Write(("input", input, input.Name == result.Input));
            foreach (NetworkTensor output in result.Outputs)
                rows.Write(("output", output, output.Name == result.Output));
        }

        public void Dispose() => rows.Dispose();
    }
}
