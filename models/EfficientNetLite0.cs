namespace Microsoft.ML;

/// <summary>EfficientNet-Lite0, trained on ImageNet: the network that this package puts beside the program. It suits images of
/// 320 x 320 pixels, takes others too, and gives 1,280 values.</summary>
public static class EfficientNetLite0
{
    /// <summary>The network's file, <c>models/efficientnet_lite0_gem.onnx</c> in the program's folder, for <c>EmbedImages</c> and
    /// <c>EmbedPhotographs</c>.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "efficientnet_lite0_gem.onnx");
}
