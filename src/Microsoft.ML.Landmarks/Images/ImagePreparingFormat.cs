using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>The layout of a saved <see cref="ImagePreparingTransformer"/>, and of the preparation in other steps.</summary>
/// <remarks>Format 1 knew the middle square alone.</remarks>
internal static class ImagePreparingFormat
{
    public static readonly ModelFormat Format = new("LMIMAGES", ImagePreparingTransformer.LoaderName, Version: 2, OldestReadable: 1);

    private const int LargestSide = ImagePreparingEstimator.Options.LargestImageSize;

    public static (string OutputColumnName, string InputColumnName, int ImageSize, ImagePreparationOptions Preparation) Read(
        ModelReader model)
    {
        string output = model.ReadColumnName();
        string input = model.ReadColumnName();
        int imageSize = model.ReadInt32("the image size", 1, LargestSide);
        return (output, input, imageSize, ReadPreparation(model, knowsFit: model.Version > 1));
    }

    public static void Write(ModelWriter model, string outputColumnName, string inputColumnName, int imageSize,
        ImagePreparationOptions preparation)
    {
        model.Write(outputColumnName);
        model.Write(inputColumnName);
        model.Write(imageSize);
        WritePreparation(model, preparation);
    }

    /// <param name="model">The step that holds it.</param>
    /// <param name="knowsFit">Whether that is of a format which says how a photograph becomes a square.</param>
    public static ImagePreparationOptions ReadPreparation(ModelReader model, bool knowsFit)
    {
        bool applyOrientation = model.ReadBoolean();
        var badImages = (BadImageHandling)model.ReadInt32("the handling of bad images", 0, (int)BadImageHandling.Skip);
        float[] mean = ReadTriple(model, "a mean", -float.MaxValue);
        float[] std = ReadTriple(model, "a standard deviation", float.Epsilon);
        int maxPixels = model.ReadInt32("the most pixels", 1);
        bool acceptTruncated = model.ReadBoolean();
        bool composeOnWhite = model.ReadBoolean();
        var old = new ImagePreparationOptions();
        return new ImagePreparationOptions
        {
            ApplyOrientation = applyOrientation,
            BadImages = badImages,
            Mean = mean,
            Std = std,
            MaxPixels = maxPixels,
            AcceptTruncated = acceptTruncated,
            ComposeOnWhite = composeOnWhite,
            Fit = knowsFit ? (ImageFit)model.ReadInt32("the fit of images", 0, (int)ImageFit.PadCenter) : old.Fit,
            ShorterSideTo = knowsFit && model.ReadInt32("the shorter side", 0, LargestSide) is > 0 and var side ? side : null,
            SideMultiple = knowsFit ? model.ReadInt32("the multiple of sides", 1, LargestSide) : old.SideMultiple,
            Rounding = knowsFit
                ? (ImageRounding)model.ReadInt32("the rounding of sides", 0, (int)ImageRounding.Transformers) : old.Rounding,
            Bgr = knowsFit && model.ReadBoolean(),
            Resampling = knowsFit
                ? (ImageResampling)model.ReadInt32("the resampling", 0, (int)ImageResampling.PillowLanczos) : old.Resampling,
            DecodeScaling = knowsFit
                ? (DecodeScaling)model.ReadInt32("the scaling of decoders", 0, (int)DecodeScaling.Fast) : old.DecodeScaling,
            ConvertToSrgb = knowsFit && model.ReadBoolean(),
        };
    }

    public static void WritePreparation(ModelWriter model, ImagePreparationOptions preparation)
    {
        model.Write(preparation.ApplyOrientation);
        model.Write((int)preparation.BadImages);
        foreach (float value in preparation.Mean.Concat(preparation.Std))
            model.Write(value);
        model.Write(preparation.MaxPixels);
        model.Write(preparation.AcceptTruncated);
        model.Write(preparation.ComposeOnWhite);
        model.Write((int)preparation.Fit);
        model.Write(preparation.ShorterSideTo ?? 0);
        model.Write(preparation.SideMultiple);
        model.Write((int)preparation.Rounding);
        model.Write(preparation.Bgr);
        model.Write((int)preparation.Resampling);
        model.Write((int)preparation.DecodeScaling);
        model.Write(preparation.ConvertToSrgb);
    }

    private static float[] ReadTriple(ModelReader model, string name, float minimum)
        => [model.ReadSingle(name, minimum), model.ReadSingle(name, minimum), model.ReadSingle(name, minimum)];
}
