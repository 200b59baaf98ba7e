namespace Landmarks.Demo.Tests;

/// <summary>Options that say how photographs become the input of a network.</summary>
[TestClass]
public sealed class PreparationTests
{
    [TestMethod]
    [DataRow("--image-fit", "crop", "--image-fit is crop; it must be crop-center, squash or pad-center.")]
    [DataRow("--rounding", "2", "--rounding is 2; it must be albumentations, torchvision or transformers.")]
    [DataRow("--resampling", "bicubic", "--resampling is bicubic; it must be open-cv-cubic, open-cv-area, pillow-nearest, pillow-box, "
        + "pillow-bilinear, pillow-hamming, pillow-bicubic or pillow-lanczos.")]
    [DataRow("--shorter-side", "0", "--shorter-side is 0; it must be a whole number, from 1 to 16384.")]
    [DataRow("--side-multiple", "x", "--side-multiple is x; it must be a whole number, from 1 to 16384.")]
    public void Fit_WrongValue_SaysWhatIsAllowed(string option, string value, string message)
    {
        using var folder = new WorkFolder();

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", option, value)).AssertError(2, message);
    }

    [TestMethod]
    public void Fit_ShorterSideThatDoesNotFillTheSquare_Fails()
    {
        using var folder = new WorkFolder();

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--shorter-side", "7")).AssertError(2,
            "--shorter-side is 7, less than the 8 pixels of the images' sides, which would not be filled. Make it at least 8, or name a "
            + "smaller --image-size.");
    }
}
