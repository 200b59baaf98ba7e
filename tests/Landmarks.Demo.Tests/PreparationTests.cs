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
    [DataRow("--decode-scaling exact", DecodeScaling.Exact)]
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
            Assert.AreEqual(expected == DecodeScaling.Fast, images.EndsWith(", large ones scaled while they are decoded.",
                StringComparison.Ordinal));
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

    [TestMethod]
    public void Fit_NormalizationAndMean_Fails()
    {
        using var folder = new WorkFolder();

        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--normalization", "clip", "--mean", "0")).AssertError(2,
            "--normalization stands for --mean and --std; name it or --mean.");
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip", "--normalization", "CLIP2")).AssertError(2,
            "--normalization is CLIP2; it must be imagenet, clip or inception.");
    }

    [TestMethod]
    public void Fit_AllOptions_AreInTheModelAndOfThoseLikeIt()
    {
        using var folder = new WorkFolder();
        // Words also without hyphens, and as the library writes them.
        string[] options = ["--image-size", "22", "30", "--image-fit", "padcenter", "--shorter-side", "25", "--side-multiple", "8",
            "--rounding", "torchvision", "--resampling", "PillowLanczos", "--decode-scaling", "exact", "--bgr",
            "--normalization", "Inception", "--convert-to-srgb"];
        const string Images = "Images: 24, 32 pixels; pad-center of 25, pillow-lanczos, rounded as torchvision does, channels B, G, R, "
            + "mean 0.5 0.5 0.5, std 0.5 0.5 0.5, colors become those of sRGB.";

        Fit(folder, "means", "model.zip", options);

        Assert.Contains(Images, Info(folder, "model.zip"));
        DemoProgram.Run(folder, ["fit", .. Data(folder), "--like", "model.zip", "--output", "other.zip"]).AssertSuccess();
        Assert.Contains(Images, Info(folder, "other.zip"));
        // The side that is resized belongs to the first size.
        DemoProgram.Run(folder, ["fit", .. Data(folder), "--like", "model.zip", "--image-size", "48", "--output", "larger.zip"])
            .AssertSuccess();
        Assert.Contains(Images.Replace("24, 32", "48").Replace("of 25", "of 50"), Info(folder, "larger.zip"));
    }

    [TestMethod]
    public void Fit_FileBesideTheNetwork_IsFoundAndSaid()
    {
        using var folder = new WorkFolder();
        string network = Network(folder, "model");
        File.WriteAllText(folder["model/preprocessor_config.json"], Clip);

        string[] told = DemoProgram.Run(folder, ["fit", .. Data(folder), "--network", network, "--output", "model.zip"]).AssertSuccess()
            .OutputLines;

        const string Says = "28 pixels; crop-center of 32, pillow-bicubic, rounded as transformers does, mean 0.48145467 0.4578275 "
            + "0.40821072, std 0.26862955 0.2613026 0.2757771, large ones scaled while they are decoded.";
        Assert.Contains($"Photographs are prepared as {Path.Combine("model", "preprocessor_config.json")}, found beside the network, says: "
            + Says, told);
        Assert.Contains($"Images: {Says}", Info(folder, "model.zip"));
        // Said or not: named, it is the same, and options stand above it.
        told = DemoProgram.Run(folder, ["fit", .. Data(folder), "--network", network, "--preprocessor",
            Path.Combine("model", "preprocessor_config.json"), "--image-size", "14", "--std", "1", "--output", "model.zip"])
            .AssertSuccess().OutputLines;
        Assert.Contains($"Photographs are prepared as {Path.Combine("model", "preprocessor_config.json")} says, but for --image-size, "
            + "--std: 14 pixels; crop-center of 16, pillow-bicubic, rounded as transformers does, mean 0.48145467 0.4578275 0.40821072, "
            + "std 1 1 1, large ones scaled while they are decoded.", told);
        told = DemoProgram.Run(folder, ["fit", .. Data(folder), "--network", network, "--preprocessor", "none", "--image-size", "16",
            "--output", "model.zip"]).AssertSuccess().OutputLines;
        Assert.DoesNotContain(line => line.StartsWith("Photographs are prepared", StringComparison.Ordinal), told);
        Assert.Contains("Images: 16 pixels; crop-center, open-cv-cubic, mean 0.485 0.456 0.406, std 0.229 0.224 0.225, large ones scaled "
            + "while they are decoded.", Info(folder, "model.zip"));
    }

    [TestMethod]
    public void Network_FileBesideIt_IsFoundAndSaid()
    {
        using var folder = new WorkFolder();
        string network = Network(folder, "model");
        File.WriteAllText(folder["model/preprocessor_config.json"], Clip);

        ProgramResult told = DemoProgram.Run(folder, "network", network).AssertSuccess();

        StringAssert.StartsWith(told.ErrorLines[0], $"Photographs are prepared as {Path.Combine("model", "preprocessor_config.json")}, "
            + "found beside the network, says: 28 pixels; crop-center of 32, pillow-bicubic, ");
        Assert.Contains("Images: 28 pixels, others too; crop-center of 32, pillow-bicubic, rounded as transformers does, mean 0.48145467 "
            + "0.4578275 0.40821072, std 0.26862955 0.2613026 0.2757771, large ones scaled while they are decoded.", told.OutputLines);
    }

    // As a repository of transformers.js has them, and timm: transformers' own config.json says nothing of photographs.
    [TestMethod]
    public void Fit_FilesOfOtherKinds_AreFoundOrPassedBy()
    {
        using var folder = new WorkFolder();
        string network = Network(folder, Path.Combine("repository", "onnx"));
        File.WriteAllText(folder["repository/config.json"], """{"model_type": "dinov2"}""");

        Assert.DoesNotContain("found beside the network", Fit("--image-size", "16"));
        File.WriteAllText(folder["repository/config.json"], """{"pretrained_cfg": {"input_size": [3, 16, 16], "crop_pct": 1.0}}""");
        Assert.Contains("config.json, found beside the network, says: 16 pixels; crop-center, pillow-bicubic, rounded as torchvision does",
            Fit());
        File.WriteAllText(folder["repository/processor_config.json"],
            """{"image_processor": {"image_processor_type": "ViTImageProcessor", "size": 24}, "processor_class": "P"}""");
        Assert.Contains("processor_config.json, found beside the network, says: 24 pixels; squash, pillow-bilinear", Fit());

        string Fit(params string[] more) => DemoProgram.Run(folder, ["fit", .. Data(folder), "--network", network, "--output", "model.zip",
            .. more]).AssertSuccess().Output;
    }

    [TestMethod]
    public void Fit_FileBesideTheNetworkThatShips_IsNotLookedFor()
    {
        using var folder = new WorkFolder();
        CopyProgram(folder["program"]);
        File.WriteAllText(folder["program/models/config.json"], "{");

        ProgramResult result = DemoProgram.RunOther("dotnet", folder, [folder["program/landmarks.dll"], "fit", .. Data(folder),
            "--image-size", "16", "--no-cache", "--output", "model.zip"]).AssertSuccess();

        Assert.DoesNotContain("found beside the network", result.Output);
    }

    [TestMethod]
    public void Fit_FileThatCannotBeHonored_FailsAndNamesTheKey()
    {
        using var folder = new WorkFolder();
        string network = Network(folder, "model"), file = Path.Combine("model", "preprocessor_config.json");
        File.WriteAllText(folder["model/preprocessor_config.json"],
            """{"image_processor_type": "ViTImageProcessor", "do_resize": false}""");

        DemoProgram.Run(folder, ["fit", .. Data(folder), "--network", network, "--output", "model.zip"]).AssertError(1,
            $"'{file}' has \"do_resize\": false; what can be done here is true: the network takes images of one size. Change it in a copy "
            + "of the file, or pass --preprocessor none and say it by options.");
        DemoProgram.Run(folder, ["fit", .. Data(folder), "--network", network, "--preprocessor", "other.json", "--output", "model.zip"])
            .AssertError(1, "'other.json' does not exist.");
    }

    [TestMethod]
    public void Fit_FileOfAnotherSizeThanTheNetwork_TakesTheNetworksAndWarns()
    {
        using var folder = new WorkFolder();
        File.WriteAllText(folder["clip.json"], Clip);

        ProgramResult result = DemoProgram.Run(folder,
            SampleFiles.FitArguments(folder, "model.zip", "--preprocessor", "clip.json")).AssertSuccess();

        Assert.Contains("warning: 'clip.json' says 28 pixels, and the network takes 8 alone: photographs are prepared at 8.",
            result.ErrorLines);
        Assert.Contains("Photographs are prepared as clip.json says: 8 pixels; crop-center of 9, pillow-bicubic", result.Output);
    }

    // The program itself as a copy, so that its folder is the copy's; what it loads as links.
    private static void CopyProgram(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(DemoProgram.Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(DemoProgram.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (Path.GetFileName(file) == "landmarks.dll")
                File.Copy(file, copy);
            else
                File.CreateSymbolicLink(copy, file);
        }
    }

    private const string Clip = """
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 32}, "crop_size": {"height": 28, "width": 28}}
        """;

    private static string Network(WorkFolder folder, string name)
    {
        Directory.CreateDirectory(folder[name]);
        File.Copy(SampleFiles.Network("means"), Path.Combine(folder[name], "model.onnx"));
        return Path.Combine(name, "model.onnx");
    }

    private static string[] Data(WorkFolder folder) =>
    [
        "--train", SampleFiles.WriteRows(folder, "train.csv", 6), "--non-landmarks", SampleFiles.WriteRows(folder, "valid.csv", 12),
        "--images", SampleFiles.Images,
    ];

    private static void Fit(WorkFolder folder, string network, string output, params string[] more) => DemoProgram.Run(folder,
        ["fit", .. Data(folder), "--network", SampleFiles.Network(network), "--output", output, .. more]).AssertSuccess();

    private static string[] Info(WorkFolder folder, string model)
        => DemoProgram.Run(folder, "info", model).AssertSuccess().OutputLines;
}
