namespace Microsoft.ML.Landmarks.Images;

/// <summary>Reads Hugging Face's <c>preprocessor_config.json</c>.</summary>
internal static class TransformersPreparation
{
    private const string DoCenterCrop = "do_center_crop", CropSize = "crop_size", Size = "size", CropPct = "crop_pct",
        DoPad = "do_pad", ImageStd = "image_std";

    // From this size on ConvNeXT's processor crops nothing.
    private const int LeastSquashed = 384;

    // What names the processor, is for labels, masks or batches, or says where the work is done.
    private static readonly HashSet<string> s_harmless =
    [
        "image_processor_type", "feature_extractor_type", "processor_class", "auto_map", "_valid_processor_keys", "_processor_class",
        "do_convert_rgb", "do_reduce_labels", "reduce_labels", "default_to_square", "return_tensors", "device", "disable_grouping",
        "data_format", "input_data_format", "image_seq_length", "name_or_path", "model_input_names", "transformers_version",
    ];

    private static readonly HashSet<string> s_read =
    [
        "do_resize", Size, "resample", DoCenterCrop, CropSize, "do_rescale", "rescale_factor", "do_normalize", "image_mean", ImageStd,
        DoPad, "pad_size", "size_divisor",
    ];

    /// <summary>Null where the file is not Hugging Face's.</summary>
    /// <exception cref="InvalidDataException">A value can't be honored.</exception>
    public static ImagePreparation? TryRead(PreparationFile file)
    {
        // Version 5 writes one file for texts and images.
        PreparationFile keys = file.Object("image_processor") ?? file;
        string nameKey = keys.Has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
        if (keys.Text(nameKey) is not { } name)
            return keys.Has("image_mean") || keys.Has("do_resize") ? throw keys.Missing("image_processor_type") : null;
        TransformersProcessor processor = TransformersProcessor.Of(name)
            ?? throw keys.Refuse(nameKey, string.Join(", ", TransformersProcessor.Names));
        keys.RefuseOthers(key => s_harmless.Contains(key) || s_read.Contains(key) || OwnKeys(processor.Kind).Contains(key));
        return Read(keys, processor);
    }

    private static string[] OwnKeys(TransformersProcessor.Kinds kind) => kind switch
    {
        TransformersProcessor.Kinds.ConvNext or TransformersProcessor.Kinds.PoolFormer => [CropPct],
        TransformersProcessor.Kinds.Dpt => ["keep_aspect_ratio", "ensure_multiple_of"],
        TransformersProcessor.Kinds.EfficientNet => ["rescale_offset", "include_top"],
        TransformersProcessor.Kinds.MobileVit => ["do_flip_channel_order"],
        _ => [],
    };

    private static ImagePreparation Read(PreparationFile keys, TransformersProcessor processor)
    {
        if (keys.Boolean("do_resize") == false)
            throw keys.Refuse("do_resize", "true: the network takes images of one size");
        if (keys.Boolean("keep_aspect_ratio") == true)
            throw keys.Refuse("keep_aspect_ratio", "false: images are squares");
        (int side, bool isSquare) = ReadSize(keys, processor);
        int resized = ReadResized(keys, processor, side, isSquare);
        isSquare = processor.Kind switch
        {
            TransformersProcessor.Kinds.ConvNext => side >= LeastSquashed,
            TransformersProcessor.Kinds.PoolFormer => false,
            _ => isSquare,
        };
        int size = processor.Kind == TransformersProcessor.Kinds.ConvNext ? side : ReadCrop(keys, processor, resized, isSquare);
        int multiple = keys.Side("ensure_multiple_of") ?? 1;
        CheckPadding(keys, size);
        (IReadOnlyList<float> mean, IReadOnlyList<float> std) = ReadNormalization(keys, processor);
        return new ImagePreparation(size, new ImagePreparationOptions
        {
            Fit = isSquare ? ImageFit.Squash : ImageFit.CropCenter,
            ShorterSideTo = resized == size ? null : resized,
            SideMultiple = multiple,
            Rounding = ImageRounding.Transformers,
            Resampling = ReadFilter(keys, processor),
            Bgr = processor.Kind == TransformersProcessor.Kinds.MobileVit && keys.Boolean("do_flip_channel_order") != false,
            Mean = mean,
            Std = std,
        });
    }

    /// <summary>The side that the file names: of both, or of the shorter one.</summary>
    private static (int Side, bool IsSquare) ReadSize(PreparationFile keys, TransformersProcessor processor)
    {
        bool hasShorterSide = keys.Object(Size) is { } sides && sides.Has("shortest_edge") && !sides.Has("longest_edge");
        if (hasShorterSide)
            return (keys.Object(Size)!.Side("shortest_edge")!.Value, false);
        if (keys.Object(Size) is null)
        {
            return (keys.Side(Size) ?? processor.Size ?? throw keys.Missing(Size),
                keys.Has(Size) ? keys.Boolean("default_to_square") ?? processor.IsSquare : processor.IsSquare);
        }

        return keys.Object(Size)!.Has("height") && processor.Kind != TransformersProcessor.Kinds.ConvNext
            ? (keys.SquareSide(Size)!.Value, true) : throw keys.Refuse(Size, processor.Kind == TransformersProcessor.Kinds.ConvNext
                ? "a number or a shortest_edge" : "a number, a shortest_edge, or a height and a width that are equal");
    }

    /// <summary>The side to which images are resized before they are cropped.</summary>
    private static int ReadResized(PreparationFile keys, TransformersProcessor processor, int side, bool isSquare)
    {
        double? ratio = processor.Kind switch
        {
            TransformersProcessor.Kinds.ConvNext when side < LeastSquashed => keys.Number(CropPct) ?? 224.0 / 256,
            TransformersProcessor.Kinds.PoolFormer => keys.Number(CropPct) ?? 0.9,
            _ => null,
        };
        double resized = ratio is not null ? side / ratio.Value
            : processor.Kind == TransformersProcessor.Kinds.Levit && !isSquare ? 256.0 / 224 * side : side;
        if (resized >= side && resized < ImagePreparingEstimator.Options.LargestImageSize + 1)
            return (int)resized;
        throw ratio is null ? keys.Refuse(Size, "smaller") : keys.Refuse(CropPct, "above 0 and at most 1");
    }

    /// <summary>The side of the image.</summary>
    private static int ReadCrop(PreparationFile keys, TransformersProcessor processor, int resized, bool isSquare)
    {
        if (!(keys.Boolean(DoCenterCrop) ?? processor.CropSize is not null))
        {
            return isSquare ? resized : throw keys.Refuse(keys.Has(DoCenterCrop) ? DoCenterCrop : Size,
                "what makes squares: do_center_crop true, or a size of a height and a width");
        }

        int size = keys.SquareSide(CropSize) ?? processor.CropSize ?? throw keys.Missing(CropSize);
        return size <= resized ? size : throw keys.Refuse(keys.Has(CropSize) ? CropSize : Size,
            $"at most the {resized} pixels to which the side is resized");
    }

    // What is a square of that size already is not padded.
    private static void CheckPadding(PreparationFile keys, int size)
    {
        if (keys.Boolean(DoPad) != true)
            return;
        if ((keys.SquareSide("pad_size") ?? size) != size)
            throw keys.Refuse("pad_size", $"null, or the {size} pixels of the image");
        if (keys.Side("size_divisor") is { } divisor && size % divisor != 0)
            throw keys.Refuse("size_divisor", $"a divisor of {size}, so that nothing is padded");
    }

    private static ImageResampling ReadFilter(PreparationFile keys, TransformersProcessor processor)
        => (keys.Number("resample") ?? processor.Resample) switch
        {
            0 => ImageResampling.PillowNearest,
            1 => ImageResampling.PillowLanczos,
            2 => ImageResampling.PillowBilinear,
            3 => ImageResampling.PillowBicubic,
            4 => ImageResampling.PillowBox,
            5 => ImageResampling.PillowHamming,
            _ => throw keys.Refuse("resample", "a filter of Pillow, from 0 to 5"),
        };

    /// <summary>Means and deviations that give from levels between 0 and 1 what the processor makes of levels between 0 and 255: rescaled,
    /// less an offset, normalised.</summary>
    private static (IReadOnlyList<float> Mean, IReadOnlyList<float> Std) ReadNormalization(PreparationFile keys,
        TransformersProcessor processor)
    {
        const string Factor = "rescale_factor";
        double factor = keys.Boolean("do_rescale") == false ? 1 : keys.Number(Factor) ?? 1.0 / byte.MaxValue;
        if (!(factor > 0))
            throw keys.Refuse(Factor, "a number above 0");
        bool isEfficientNet = processor.Kind == TransformersProcessor.Kinds.EfficientNet,
            normalises = processor.Normalization is not null && keys.Boolean("do_normalize") != false;
        double offset = isEfficientNet && keys.Boolean("do_rescale") != false && keys.Boolean("rescale_offset") == true ? 1 : 0;
        double[] mean = [0, 0, 0], std = [1, 1, 1];
        if (normalises)
        {
            mean = keys.Channels("image_mean") ?? Doubles(processor.Normalization!.Mean);
            std = keys.Channels(ImageStd) ?? Doubles(processor.Normalization!.Std);
        }

        // For its classifier EfficientNet divides once more.
        double[] again = isEfficientNet && keys.Boolean("include_top") != false
            ? keys.Channels(ImageStd) ?? Doubles(processor.Normalization!.Std) : [1, 1, 1];
        double scale = byte.MaxValue * factor;
        float[] means = [.. mean.Select(value => (float)((value + offset) / scale))],
            stds = [.. std.Zip(again, (value, other) => (float)(value * other / scale))];
        if (!Array.TrueForAll(means, float.IsFinite))
            throw keys.Refuse("image_mean", "numbers that Single holds");
        return Array.TrueForAll(stds, value => float.IsFinite(value) && value > 0)
            ? (means, stds) : throw keys.Refuse(ImageStd, "numbers above 0 that Single holds");
    }

    private static double[] Doubles(IReadOnlyList<float> values) => [.. values.Select(value => (double)value)];
}
