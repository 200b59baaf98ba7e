using Microsoft.ML;

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
    [DataRow("--decode-scaling", "half", "--decode-scaling is half; it must be exact or fast.")]
    [DataRow("--shorter-side", "0", "--shorter-side is 0; it must be a whole number, from 1 to 16384.")]
    [DataRow("--side-multiple", "x", "--side-multiple is x; it must be a whole number, from 1 to 16384.")]
    public void Fit_WrongValue_SaysWhatIsAllowed(string option, string value, string message)
    {
        using var folder = new WorkFolder();

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", option, value)).AssertError(2, message);
    }

    [TestMethod]
    [DataRow("", DecodeScaling.Fast)]
    [DataRow("--decode-scaling fast", DecodeScaling.Fast)]
    [DataRow("--decode-scaling exact", DecodeScaling.Exact)]
    [DataRow("--decode-scaling exact --image-size 24 32", DecodeScaling.Exact)]
    public void Fit_DecodeScaling_IsThatOfTheModelAndOfThoseLikeIt(string option, DecodeScaling expected)
    {
        using var folder = new WorkFolder();
        string[] options = option.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(SampleFiles.Network("means"), folder, "model.zip", options)).AssertSuccess();

        string[] data = SampleFiles.FitArguments(folder, "like.zip")[1..7];
        DemoProgram.Run(folder, ["fit", .. data, "--like", "model.zip", "--output", "like.zip"]).AssertSuccess();

        foreach (string model in (string[])["model.zip", "like.zip"])
        {
            Assert.AreEqual(expected, LandmarkModelInfo.Of(new MLContext().Model.Load(folder[model], out _)).Networks[0].Preparation!
                .DecodeScaling);
            string images = DemoProgram.Run(folder, "info", model).AssertSuccess().OutputLines.Single(line
                => line.StartsWith("Images: ", StringComparison.Ordinal));
            Assert.AreEqual(expected == DecodeScaling.Fast, images.EndsWith("; large ones are scaled while they are decoded.",
                StringComparison.Ordinal));
        }
    }

    [TestMethod]
    public void Fit_ConvertToSrgb_IsThatOfTheModelAndOfThoseLikeIt()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArgumentsOf(SampleFiles.Network("means"), folder, "model.zip", "--convert-to-srgb"))
            .AssertSuccess();

        string[] data = SampleFiles.FitArguments(folder, "like.zip")[1..7];
        DemoProgram.Run(folder, ["fit", .. data, "--like", "model.zip", "--output", "like.zip"]).AssertSuccess();

        foreach (string model in (string[])["model.zip", "like.zip"])
        {
            Assert.IsTrue(LandmarkModelInfo.Of(new MLContext().Model.Load(folder[model], out _)).Networks[0].Preparation!.ConvertToSrgb);
            Assert.Contains("; colors become those of sRGB", DemoProgram.Run(folder, "info", model).AssertSuccess().Output);
        }
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
