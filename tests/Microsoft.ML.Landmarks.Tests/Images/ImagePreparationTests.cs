using System.Globalization;

namespace Microsoft.ML.Landmarks.Tests.Images;

/// <summary>What the files of transformers and timm say, and what of it can't be done.</summary>
[TestClass]
public sealed class ImagePreparationTests : IDisposable
{
    private const string Change = "Change it in a copy of the file, or set ImagePreparationOptions yourself.";
    private const string NeitherKind = "and neither Hugging Face's preprocessor_config.json nor timm's config.json. Name one of these, or "
        + "set ImagePreparationOptions yourself.";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Size, fit, shorter side, multiple, filter, order of channels; what a key that is missing stands for is that of the processor.
    [TestMethod]
    [DataRow("""{"image_processor_type": "CLIPImageProcessor"}""", "224 CropCenter 224 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "CLIPImageProcessorFast", "size": null, "do_pad": null, "pad_size": null, "device": null}""",
        "224 CropCenter 224 1 PillowBicubic RGB")]
    [DataRow("""{"feature_extractor_type": "CLIPFeatureExtractor", "size": 336, "crop_size": 336, "resample": 1}""",
        "336 CropCenter 336 1 PillowLanczos RGB")]
    [DataRow("""
        {"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 518}, "crop_size": {"height": 518, "width": 518}}
        """, "518 CropCenter 518 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "SiglipImageProcessor", "size": {"height": 384, "width": 384}, "resample": 2}""",
        "384 Squash 384 1 PillowBilinear RGB")]
    [DataRow("""{"image_processor_type": "SiglipImageProcessor"}""", "224 Squash 224 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "ViTImageProcessor"}""", "224 Squash 224 1 PillowBilinear RGB")]
    [DataRow("""{"feature_extractor_type": "ViTFeatureExtractor", "size": 384, "resample": 3}""", "384 Squash 384 1 PillowBicubic RGB")]
    [DataRow("""
        {"image_processor_type": "ViTImageProcessor", "size": 224, "default_to_square": false, "do_center_crop": true, "crop_size": 192}
        """, "192 CropCenter 224 1 PillowBilinear RGB")]
    [DataRow("""{"image_processor_type": "DeiTImageProcessor"}""", "224 Squash 256 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "ConvNextImageProcessor"}""", "384 Squash 384 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 224}, "crop_pct": null}""",
        "224 CropCenter 256 1 PillowBicubic RGB")]
    [DataRow("""{"feature_extractor_type": "ConvNextFeatureExtractor", "size": 288, "crop_pct": 0.95}""",
        "288 CropCenter 303 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "LevitImageProcessor"}""", "224 CropCenter 256 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "PoolFormerImageProcessor", "crop_pct": 0.95}""", "224 CropCenter 235 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "MobileNetV2ImageProcessor"}""", "224 CropCenter 256 1 PillowBilinear RGB")]
    [DataRow("""{"image_processor_type": "MobileViTImageProcessor", "size": {"shortest_edge": 288}, "resample": 2}""",
        "256 CropCenter 288 1 PillowBilinear BGR")]
    [DataRow("""
        {"image_processor_type": "MobileViTImageProcessor", "size": {"shortest_edge": 256}, "resample": 2, "do_flip_channel_order": false}
        """, "256 CropCenter 256 1 PillowBilinear RGB")]
    [DataRow("""{"image_processor_type": "DPTImageProcessor", "size": {"height": 518, "width": 518}, "ensure_multiple_of": 14}""",
        "518 Squash 518 14 PillowBicubic RGB")]
    [DataRow("""
        {"do_normalize": true, "do_pad": true, "do_rescale": true, "do_resize": true, "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_processor_type": "BlipImageProcessor", "image_std": [0.26862954, 0.26130258, 0.27577711], "processor_class": "BlipProcessor",
        "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"height": 384, "width": 384}, "size_divisor": 32}
        """, "384 Squash 384 1 PillowBicubic RGB")]
    [DataRow("""{"image_processor_type": "DPTImageProcessor", "do_pad": true, "size_divisor": 32, "resample": 4}""",
        "384 Squash 384 1 PillowBox RGB")]
    [DataRow("""{"image_processor_type": "DINOv3ViTImageProcessorFast", "size": {"height": 224, "width": 224}, "resample": 5}""",
        "224 Squash 224 1 PillowHamming RGB")]
    [DataRow("""{"image_processor_type": "EfficientNetImageProcessor", "resample": 0}""", "346 Squash 346 1 PillowNearest RGB")]
    [DataRow("""{"image_processor": {"image_processor_type": "BlipImageProcessor"}, "processor_class": "BlipProcessor"}""",
        "384 Squash 384 1 PillowBicubic RGB")]
    [DataRow("""
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 224.0}, "do_convert_rgb": false, "do_thumbnail": false}
        """, "224 CropCenter 224 1 PillowBicubic RGB")]
    [DataRow("""{"pretrained_cfg": {}}""", "224 CropCenter 256 1 PillowBicubic RGB")]
    [DataRow("""{"pretrained_cfg": {"input_size": [3, 288, 288], "crop_pct": 1.0, "interpolation": "bilinear", "crop_mode": "squash"}}""",
        "288 Squash 288 1 PillowBilinear RGB")]
    [DataRow("""{"input_size": [3, 224, 224], "interpolation": "hamming", "crop_pct": 0.9, "crop_mode": "border", "url": "…"}""",
        "224 PadCenter 248 1 PillowHamming RGB")]
    public void FromFile_Keys_SayHow(string json, string expected)
    {
        ImagePreparation preparation = ImagePreparation.FromFile(_folder.Write("config.json", json));

        ImagePreparationOptions options = preparation.Options;
        Assert.AreEqual(expected, $"{preparation.ImageSize} {options.Fit} {options.ShorterSideTo ?? preparation.ImageSize} "
            + $"{options.SideMultiple} {options.Resampling} {(options.Bgr ? "BGR" : "RGB")}");
        Assert.AreEqual(json.Contains("image_processor", StringComparison.Ordinal) || json.Contains("feature", StringComparison.Ordinal)
            ? ImageRounding.Transformers : ImageRounding.Torchvision, options.Rounding);
    }

    // Levels from 0 to 1 that become what the processor makes of levels from 0 to 255.
    [TestMethod]
    [DataRow("", "0.48145467 0.4578275 0.40821072", "0.26862955 0.2613026 0.2757771")]
    [DataRow(""", "image_mean": 0.5, "image_std": [0.1, 0.2, 0.4]""", "0.5 0.5 0.5", "0.1 0.2 0.4")]
    [DataRow(""", "do_normalize": false""", "0 0 0", "1 1 1")]
    [DataRow(""", "do_normalize": false, "do_rescale": false""", "0 0 0", "0.003921569 0.003921569 0.003921569")]
    [DataRow(""", "do_rescale": false, "image_mean": [102, 51, 0], "image_std": 255""", "0.4 0.2 0", "1 1 1")]
    [DataRow(""", "rescale_factor": 0.00784313725490196, "image_mean": 1, "image_std": 1""", "0.5 0.5 0.5", "0.5 0.5 0.5")]
    public void FromFile_Arithmetic_BecomesMeanAndStd(string keys, string mean, string std)
    {
        ImagePreparationOptions options = ImagePreparation.FromFile(_folder.Write("preprocessor_config.json",
            $$"""{"image_processor_type": "CLIPImageProcessor"{{keys}}}""")).Options;

        Assert.AreEqual(mean, Numbers(options.Mean));
        Assert.AreEqual(std, Numbers(options.Std));
    }

    [TestMethod]
    public void FromFile_ByteOrderMarkAndWhiteSpace_IsRead()
        => Assert.AreEqual(224, ImagePreparation.FromFile(_folder.Write("config.json", "\uFEFF \n{\"pretrained_cfg\": {}}")).ImageSize);

    // Each value that can't be honored, with its key, what can be, and a way out.
    [TestMethod]
    [DataRow("CLIP", """ "do_resize": false""", "\"do_resize\": false", "true: the network takes images of one size")]
    [DataRow("CLIP", """ "do_center_crop": false""", "\"do_center_crop\": false",
        "what makes squares: do_center_crop true, or a size of a height and a width")]
    [DataRow("ViT", """ "size": {"shortest_edge": 256}""", "\"size\": {\"shortest_edge\": 256}",
        "what makes squares: do_center_crop true, or a size of a height and a width")]
    [DataRow("CLIP", """ "size": {"shortest_edge": 200}""", "\"size\": {\"shortest_edge\": 200}",
        "at most the 200 pixels to which the side is resized")]
    [DataRow("CLIP", """ "crop_size": 256""", "\"crop_size\": 256", "at most the 224 pixels to which the side is resized")]
    [DataRow("CLIP", """ "crop_size": {"height": 224, "width": 192}""", "\"crop_size\": {\"height\": 224, \"width\": 192}",
        "a height and a width that are equal, from 1 to 16384")]
    [DataRow("ViT", """ "size": {"height": 480, "width": 640}""", "\"size\": {\"height\": 480, \"width\": 640}",
        "a height and a width that are equal, from 1 to 16384")]
    [DataRow("ViT", """ "size": {"longest_edge": 384}""", "\"size\": {\"longest_edge\": 384}",
        "a number, a shortest_edge, or a height and a width that are equal")]
    [DataRow("ViT", """ "size": {"shortest_edge": 800, "longest_edge": 1333}""",
        "\"size\": {\"shortest_edge\": 800, \"longest_edge\": 1333}", "a number, a shortest_edge, or a height and a width that are equal")]
    [DataRow("ConvNext", """ "size": {"height": 224, "width": 224}""", "\"size\": {\"height\": 224, \"width\": 224}",
        "a number or a shortest_edge")]
    [DataRow("ViT", """ "size": 20000""", "\"size\": 20000", "a whole number from 1 to 16384")]
    [DataRow("ViT", """ "size": 224.5""", "\"size\": 224.5", "a whole number from 1 to 16384")]
    [DataRow("ViT", """ "size": "224" """, "\"size\": \"224\"", "a whole number from 1 to 16384")]
    [DataRow("ViT", """ "resample": 7""", "\"resample\": 7", "a filter of Pillow, from 0 to 5")]
    [DataRow("ViT", """ "resample": "bicubic" """, "\"resample\": \"bicubic\"", "a number")]
    [DataRow("ViT", """ "do_resize": 1""", "\"do_resize\": 1", "true or false")]
    [DataRow("ViT", """ "rescale_factor": 0""", "\"rescale_factor\": 0", "a number above 0")]
    [DataRow("ViT", """ "image_mean": [0.5]""", "\"image_mean\": [0.5]", "three numbers, or one")]
    [DataRow("ViT", """ "image_mean": 1e300""", "\"image_mean\": 1e300", "numbers that Single holds")]
    [DataRow("ViT", """ "image_std": [0.5, 0, 0.5]""", "\"image_std\": [0.5, 0, 0.5]", "numbers above 0 that Single holds")]
    [DataRow("ViT", """ "do_pad": true, "pad_size": 256""", "\"pad_size\": 256", "null, or the 224 pixels of the image")]
    [DataRow("DPT", """ "do_pad": true, "size_divisor": 14""", "\"size_divisor\": 14", "a divisor of 384, so that nothing is padded")]
    [DataRow("DPT", """ "keep_aspect_ratio": true""", "\"keep_aspect_ratio\": true", "false: images are squares")]
    [DataRow("ConvNext", """ "size": 224, "crop_pct": 1.5""", "\"crop_pct\": 1.5", "above 0 and at most 1")]
    [DataRow("ConvNext", """ "size": 224, "crop_pct": 0.001""", "\"crop_pct\": 0.001", "above 0 and at most 1")]
    public void FromFile_WhatCannotBeDone_NamesTheKey(string processor, string keys, string found, string allowed)
    {
        string file = _folder.Write("preprocessor_config.json", $$"""{"image_processor_type": "{{processor}}ImageProcessor",{{keys}}}""");

        AssertRefused(file, $"'{file}' has {found}; what can be done here is {allowed}. {Change}");
    }

    [TestMethod]
    [DataRow("\"crop_mode\": \"random\"", "center, squash or border")]
    [DataRow("\"interpolation\": \"random\"", "bicubic, bilinear, lanczos, nearest, box or hamming")]
    [DataRow("\"crop_pct\": 1.25", "above 0 and at most 1")]
    [DataRow("\"input_size\": [1, 28, 28]", "[3, N, N]: three channels, and squares")]
    [DataRow("\"input_size\": [3, 224, 192]", "[3, N, N]: three channels, and squares")]
    [DataRow("\"std\": [0.5, 0.5, -1]", "three numbers above 0")]
    public void FromFile_WhatCannotBeDoneOfTimm_NamesTheKey(string key, string allowed)
    {
        string file = _folder.Write("config.json", $"{{\"pretrained_cfg\": {{{key}}}}}");

        AssertRefused(file, $"'{file}' has \"pretrained_cfg.{key[1..]}; what can be done here is {allowed}. {Change}");
    }

    [TestMethod]
    public void FromFile_KeyThatMayChangePixels_IsRefused()
    {
        string file = _folder.Write("preprocessor_config.json",
            """{"image_processor_type": "ViTImageProcessor", "do_align_long_axis": true}""");

        AssertRefused(file, $"'{file}' has \"do_align_long_axis\": true, a key that may change pixels and is not known here. Take it out "
            + "of a copy of the file if it does not, or set ImagePreparationOptions yourself.");
    }

    [TestMethod]
    [DataRow("""{"image_processor_type": "EfficientNetImageProcessor"}""", "resample")]
    [DataRow("""{"image_processor_type": "BeitImageProcessor"}""", "size")]
    [DataRow("""{"image_processor_type": "ViTImageProcessor", "do_center_crop": true}""", "crop_size")]
    [DataRow("""{"do_resize": true, "size": 224, "image_mean": [0.5, 0.5, 0.5]}""", "image_processor_type")]
    public void FromFile_KeyThatIsMissing_IsNamed(string json, string key)
    {
        string file = _folder.Write("preprocessor_config.json", json);

        AssertRefused(file, $"'{file}' has no \"{key}\", for which there is no one default. Add it to a copy of the file, or set "
            + "ImagePreparationOptions yourself.");
    }

    [TestMethod]
    public void FromFile_UnknownProcessor_NamesThoseThatAreKnown()
    {
        string file = _folder.Write("preprocessor_config.json", """{"image_processor_type": "Siglip2ImageProcessor", "patch_size": 16}""");

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => ImagePreparation.FromFile(file));
        StringAssert.StartsWith(error.Message, $"'{file}' has \"image_processor_type\": \"Siglip2ImageProcessor\"; what can be done here "
            + "is BeitImageProcessor, BitImageProcessor, BlipImageProcessor, CLIPImageProcessor, ");
    }

    [TestMethod]
    [DataRow("""{"model_type": "dinov2", "hidden_size": 768}""", "with the keys [model_type, hidden_size], ")]
    [DataRow("{}", "without keys, ")]
    [DataRow("[1, 2]", "without keys, ")]
    [DataRow("\"text\"", "without keys, ")]
    [DataRow("// A setting.\n{\"port\": 80, /* all */ \"hosts\": [1,],}", "with the keys [port, hosts], ")]
    public void FromFile_OtherJson_SaysWhatItNeeds(string json, string found)
    {
        string file = _folder.Write("config.json", json);

        AssertRefused(file, $"'{file}' is JSON {found}{NeitherKind}");
        Assert.IsFalse(ImagePreparation.TryFromFile(file, out _));
    }

    [TestMethod]
    [DataRow("""{"image_processor_type": """)]
    [DataRow("")]
    [DataRow("<html></html>")]
    [DataRow("version https://git-lfs.github.com/spec/v1")]
    public void FromFile_NoJson_SaysSo(string text)
    {
        string file = _folder.Write("preprocessor_config.json", text);

        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() => ImagePreparation.FromFile(file));
        StringAssert.StartsWith(error.Message, $"'{file}' is no JSON: ");
        StringAssert.EndsWith(error.Message, " Download it anew, or set ImagePreparationOptions yourself.");
    }

    [TestMethod]
    public void FromFile_MissingFileAndFolder_SaySo()
    {
        Assert.AreEqual($"'{_folder["none.json"]}' does not exist.",
            Assert.ThrowsExactly<FileNotFoundException>(() => ImagePreparation.FromFile(_folder["none.json"])).Message);
        Directory.CreateDirectory(_folder["model"]);
        Assert.AreEqual($"'{_folder["model"]}' is a folder; name a file in it.",
            Assert.ThrowsExactly<FileNotFoundException>(() => ImagePreparation.FromFile(_folder["model"])).Message);
    }

    // As timm writes it for a network that names landmarks.
    [TestMethod]
    public void FromFile_NamesOfManyClasses_IsRead()
    {
        string names = string.Join(", ", Enumerable.Range(0, 81_313).Select(i => $"\"Landmark number {i} of many\""));
        string file = _folder.Write("config.json",
            $$"""{"label_names": [{{names}}], "pretrained_cfg": {"input_size": [3, 320, 320], "crop_pct": 1.0} }""");

        Assert.AreEqual(320, ImagePreparation.FromFile(file).ImageSize);
    }

    [TestMethod]
    public void FromFile_HugeFile_IsNotRead()
    {
        using (FileStream huge = File.Create(_folder["config.json"]))
            huge.SetLength(1L << 40);

        AssertRefused(_folder["config.json"], $"'{_folder["config.json"]}' has more than 67108864 bytes; no file that says how photographs "
            + "are prepared has. Name preprocessor_config.json or timm's config.json, or set ImagePreparationOptions yourself.");
    }

    // A file may hold anything: of each value that is there, one of another type, and nothing, is read or refused by name.
    [TestMethod]
    public void FromFile_AnyValueOfAnyKey_IsReadOrRefused()
    {
        string[] keys =
        [
            "do_resize", "size", "resample", "do_center_crop", "crop_size", "do_rescale", "rescale_factor", "do_normalize", "image_mean",
            "image_std", "do_pad", "pad_size", "crop_pct", "rescale_offset", "include_top", "keep_aspect_ratio", "ensure_multiple_of",
            "size_divisor", "do_flip_channel_order", "image_processor_type", "default_to_square",
        ];
        string[] values =
        [
            "null", "true", "\"x\"", "-1", "0", "1e999", "1e-320", "3", "[]", "[1, 2, 3]", "[null, {}, []]", "{}", "{\"height\": 0}",
            "{\"height\": 1, \"width\": 1}", "{\"shortest_edge\": \"a\"}", "{\"shortest_edge\": 16384}",
        ];
        string[] processors = ["CLIP", "ViT", "ConvNext", "PoolFormer", "Levit", "DPT", "EfficientNet", "MobileViT"];

        foreach (string processor in processors)
        {
            foreach (string json in keys.SelectMany(key => values.Select(value
                => $$"""{"image_processor_type": "{{processor}}ImageProcessor", "resample": 2, "{{key}}": {{value}}}""")))
            {
                string file = _folder.Write("preprocessor_config.json", json);
                try
                {
                    _ = ImagePreparation.FromFile(file);
                }
                catch (InvalidDataException e)
                {
                    StringAssert.StartsWith(e.Message, $"'{file}' ", json);
                }
            }
        }
    }

    [TestMethod]
    public void At_AnotherSize_KeepsTheRatio()
    {
        var preparation = new ImagePreparation(224, new ImagePreparationOptions { ShorterSideTo = 256, Bgr = true });

        ImagePreparation larger = preparation.At(448), plain = new ImagePreparation(224, new ImagePreparationOptions()).At(448);

        Assert.AreEqual((448, 512, true), (larger.ImageSize, larger.Options.ShorterSideTo!.Value, larger.Options.Bgr));
        Assert.IsNull(plain.Options.ShorterSideTo);
        Assert.AreEqual("imageSize", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => preparation.At(0)).ParamName);
    }

    private static void AssertRefused(string file, string message)
        => Assert.AreEqual(message, Assert.ThrowsExactly<InvalidDataException>(() => ImagePreparation.FromFile(file)).Message);

    private static string Numbers(IEnumerable<float> values)
        => string.Join(' ', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
