using Microsoft.ML.Landmarks.Plumbing;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>The layout of a saved <see cref="ImagePreparingTransformer"/>, and of the preparation in other steps.</summary>
internal static class ImagePreparingFormat
{
    public static readonly ModelFormat Format = new("LMIMAGES", ImagePreparingTransformer.LoaderName, Version: 1, OldestReadable: 1);

    public static (string OutputColumnName, string InputColumnName, int ImageSize, ImagePreparationOptions Preparation) Read(
        ModelReader model)
    {
        string output = model.ReadColumnName();
        string input = model.ReadColumnName();
        int imageSize = model.ReadInt32("the image size", 1, ImagePreparingEstimator.Options.LargestImageSize);
        return (output, input, imageSize, ReadPreparation(model));
    }

    public static void Write(ModelWriter model, string outputColumnName, string inputColumnName, int imageSize,
        ImagePreparationOptions preparation)
    {
        model.Write(outputColumnName);
        model.Write(inputColumnName);
        model.Write(imageSize);
        WritePreparation(model, preparation);
    }

    public static ImagePreparationOptions ReadPreparation(ModelReader model)
    {
        bool applyOrientation = model.ReadBoolean();
        var badImages = (BadImageHandling)model.ReadInt32("the handling of bad images", 0, (int)BadImageHandling.Skip);
        float[] mean = ReadTriple(model, "a mean", -float.MaxValue);
        float[] std = ReadTriple(model, "a standard deviation", float.Epsilon);
        int maxPixels = model.ReadInt32("the most pixels", 1);
        bool acceptTruncated = model.ReadBoolean();
        bool composeOnWhite = model.ReadBoolean();
        return new ImagePreparationOptions
        {
            ApplyOrientation = applyOrientation,
            BadImages = badImages,
            Mean = mean,
            Std = std,
            MaxPixels = maxPixels,
            AcceptTruncated = acceptTruncated,
            ComposeOnWhite = composeOnWhite,
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
    }

    private static float[] ReadTriple(ModelReader model, string name, float minimum)
        => [model.ReadSingle(name, minimum), model.ReadSingle(name, minimum), model.ReadSingle(name, minimum)];
}
