using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Landmarks.Demo.Data;
using Landmarks.Demo.Reports;
using Microsoft.ML;

namespace Landmarks.Demo.CommandLine;

/// <summary>Makes the options that several commands have.</summary>
internal static class CommandOptions
{
    /// <summary>The name of <see cref="ImageSizes(string)"/>.</summary>
    public const string ImageSize = "--image-size";

    private const string Fail = "fail", Skip = "skip";
    private const int Million = 1_000_000;

    private static readonly (string Unit, long Bytes)[] s_units = [("GB", 1_000_000_000), ("MB", Million), ("KB", 1_000), ("B", 1)];

    // No array holds more than 4 bytes for each.
    private const int MostMegapixels = 536;

    /// <summary>A text that is not empty, the name of a file or a folder.</summary>
    public static Option<string> Text(string name, string helpName, string description, bool required = false)
    {
        var option = new Option<string>(name) { Description = description, HelpName = helpName, Required = required };
        option.Validators.Add(result => RequireTexts(result, name));
        return option;
    }

    /// <summary>Texts that are not empty, one each time the option is given.</summary>
    public static Option<string[]> Texts(string name, string helpName, string description)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result => RequireTexts(result, name));
        return option;
    }

    /// <summary>Refuses empty arguments: a shell makes them of a variable that is not set.</summary>
    public static void RequireTexts(SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            result.AddError(Errors.Empty(name));
    }

    /// <summary>A whole number, at least <paramref name="minimum"/>, and at most <paramref name="maximum"/> where there is one.</summary>
    public static Option<int?> Number(string name, string description, int minimum = 1, int? maximum = null) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ParseNumber(result, name, result.Tokens[0].Value, minimum, maximum),
    };

    /// <summary>A share above 0 and below 1, as <c>1%</c> or as <c>0.01</c>.</summary>
    public static Option<double?> Rate(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N%",
        CustomParser = result => ParseRate(result, name, result.Tokens[0].Value),
    };

    /// <summary>A number of bytes, as <c>20MB</c>, <c>512KB</c> or <c>1GB</c>, or in single ones.</summary>
    public static Option<long?> Bytes(string name, string description, long minimum, long maximum) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => ParseBytes(result, name, result.Tokens[0].Value, minimum, maximum),
    };

    /// <summary>Sides of the images that a model is fitted to.</summary>
    public static Option<int[]> ImageSizes() => ImageSizes("Side of the images in pixels; of several, the mean of the embeddings is taken. "
        + $"[default: what the network says, else {ImagePreparingEstimator.Defaults.ImageSize}]");

    /// <summary>Several sizes of images, and what else costs time.</summary>
    public static Option<bool> Best() => new("--best")
    {
        Description = "Answer better at the price of time: three image sizes where the network takes any, and photographs of a landmark "
            + "learn from each other. Fitting and answering take some three times as long.",
    };

    /// <summary>Sides of images in pixels, one or several after the option's name.</summary>
    public static Option<int[]> ImageSizes(string description) => new(ImageSize)
    {
        Description = description,
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => ParseImageSizes(result, ImageSize),
    };

    /// <summary>A number for each channel, R, G and B, or one for all three after the option's name.</summary>
    public static Option<float[]> Channels(string name, string description, Func<float, bool> isAllowed, string range) => new(name)
    {
        Description = description,
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => ParseChannels(result, name, isAllowed, range),
    };

    /// <summary>A value of an enumeration, in small letters with hyphens.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it says.</param>
    /// <param name="byDefault">The value that is taken otherwise.</param>
    public static Option<T?> Choice<T>(string name, string description, T byDefault) where T : struct, Enum => new(name)
    {
        Description = $"{description} [default: {EnumWords.Of(byDefault)}]",
        HelpName = string.Join('|', Enum.GetValues<T>().Select(EnumWords.Of)),
        CustomParser = result => ParseChoice(result, name, [.. Enum.GetValues<T>().Select(value => (EnumWords.Of(value), (T?)value))]),
    };

    /// <summary>One of several things that have names.</summary>
    public static Option<T?> Choice<T>(string name, string description, (string Name, T Value)[] choices) where T : class => new(name)
    {
        Description = description,
        HelpName = string.Join('|', choices.Select(choice => choice.Name)),
        CustomParser = result => ParseChoice<T?>(result, name, [.. choices.Select(choice => (choice.Name, choice.Value))]),
    };

    /// <summary>Whether a text is a word of an option: who writes opencv-cubic means open-cv-cubic.</summary>
    public static bool IsWord(string text, string word)
        => text.Replace("-", "").Equals(word.Replace("-", ""), StringComparison.OrdinalIgnoreCase);

    public static Option<string> Truth(bool required = true)
        => Text("--truth", "CSV", "What the queries show: id,landmark_id (-1: none) or id,landmarks (ids of several by blanks), and Usage "
        + "where there are parts.", required);

    /// <param name="byDefault">What is done otherwise.</param>
    public static Option<BadImageHandling?> OnBadImage(string byDefault = Fail) => new("--on-bad-image")
    {
        Description = $"What to do about a photograph that can't be read: stop, or leave it out. [default: {byDefault}]",
        HelpName = $"{Fail}|{Skip}",
        CustomParser = ParseBadImageHandling,
    };

    /// <param name="byDefault">The most where the option is not given.</param>
    public static Option<int?> MaxMegapixels(string byDefault) => Number("--max-megapixels",
        "The most pixels of a photograph, in millions; decoding one may take 4 bytes for each, and up to 23 of HEIC and the like. "
            + $"[default: {byDefault}]",
        maximum: MostMegapixels);

    /// <summary>The number of pixels that the option <see cref="MaxMegapixels"/> says; null where it is not given.</summary>
    public static int? GetMaxPixels(this ParseResult parsed, Option<int?> maxMegapixels) => parsed.GetValue(maxMegapixels) * Million;

    /// <summary>The GPU; null for the CPU.</summary>
    public static Option<int?> Gpu()
        => Number("--gpu", "The GPU to work on, by CUDA's number. [default: the CPU]", minimum: 0);

    /// <summary>What becomes of the work where that GPU can't be used.</summary>
    public static Option<bool> FallbackToCpu()
        => new("--fallback-to-cpu") { Description = "Take the CPU where the GPU can't be used." };

    /// <summary>The form of results.</summary>
    public static Option<ResultFormat?> Format(string description) => new("--format")
    {
        Description = description,
        HelpName = "text|json|csv",
        CustomParser = ParseFormat,
    };

    /// <summary>Kinds of findings, one or several after the option's name.</summary>
    public static Option<LandmarkFindingKind[]> Kinds(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "KIND",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result => ParseKinds(result, name),
    };

    public static bool IsGiven(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Checks how arguments go together, once all that are required are there: else their lack is what the user is told.</summary>
    public static void AddCheck(this Command command, Action<CommandResult> check) => command.Validators.Add(result =>
    {
        if (command.Options.Where(o => o.Required).All(result.IsGiven))
            check(result);
    });

    private static int? ParseNumber(ArgumentResult result, string name, string text, int minimum, int? maximum = null)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum
            && value <= (maximum ?? value))
            return value;
        result.AddError(Errors.NumberRange(name, minimum, maximum, text));
        return null;
    }

    private static long? ParseBytes(ArgumentResult result, string name, string text, long minimum, long maximum)
    {
        (string Unit, long Bytes) unit = s_units.FirstOrDefault(
            unit => text.EndsWith(unit.Unit, StringComparison.OrdinalIgnoreCase), ("", 1));
        if (decimal.TryParse(text[..^unit.Unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out decimal number) && number <= maximum && number * unit.Bytes >= minimum && number * unit.Bytes <= maximum)
            return (long)(number * unit.Bytes);
        result.AddError(Errors.Bytes(name, minimum, maximum, text));
        return null;
    }

    private static double? ParseRate(ArgumentResult result, string name, string text)
    {
        bool isPercent = text.EndsWith('%');
        // A decimal, whose hundredth is the number that 0.01 is too.
        if (decimal.TryParse((isPercent ? text[..^1] : text).TrimEnd(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out decimal number) && (double)(isPercent ? number / 100 : number) is > 0 and < 1 and var rate)
            return rate;
        result.AddError(Errors.Rate(name, text));
        return null;
    }

    private static int[] ParseImageSizes(ArgumentResult result, string name)
    {
        const int Most = ImageEmbeddingEstimator.Options.MostImageSizes;
        IEnumerable<int?> parsed = result.Tokens.Select(
            token => ParseNumber(result, name, token.Value, minimum: 1, ImagePreparingEstimator.Options.LargestImageSize));
        int[] sizes = [.. parsed.Select(size => size ?? 0).Distinct()];
        if (sizes.Length > Most)
            result.AddError(Errors.TooManyImageSizes(name, sizes.Length, Most));
        return sizes;
    }

    private static float[]? ParseChannels(ArgumentResult result, string name, Func<float, bool> isAllowed, string range)
    {
        string[] texts = [.. result.Tokens.Select(token => token.Value)];
        float[] values = [.. texts.Select(Parse)];
        switch (values)
        {
            case [float all] when isAllowed(all):
                return [all, all, all];
            case [_, _, _] when Array.TrueForAll(values, isAllowed.Invoke):
                return values;
            default:
                result.AddError(Errors.Channels(name, texts, range));
                return null;
        }

        static float Parse(string text)
            => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : float.NaN;
    }

    private static T? ParseChoice<T>(ArgumentResult result, string name, (string Name, T Value)[] choices)
    {
        string text = result.Tokens[0].Value;
        if (Array.FindIndex(choices, choice => IsWord(text, choice.Name)) is >= 0 and int chosen)
            return choices[chosen].Value;
        result.AddError(Errors.Choice(name, text, [.. choices.Select(choice => choice.Name)]));
        return default;
    }

    private static ResultFormat? ParseFormat(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "text":
                return ResultFormat.Text;
            case "json":
                return ResultFormat.Json;
            case "csv":
                return ResultFormat.Csv;
            default:
                result.AddError(Errors.Format(result.Tokens[0].Value));
                return null;
        }
    }

    private static LandmarkFindingKind[] ParseKinds(ArgumentResult result, string name)
    {
        Dictionary<string, LandmarkFindingKind> kinds = FindingKinds.All.ToDictionary(FindingKinds.NameOf);
        string[] given = [.. result.Tokens.Select(token => token.Value)];
        if (given.FirstOrDefault(text => !kinds.ContainsKey(text)) is { } unknown)
            result.AddError(Errors.Kind(name, unknown, [.. kinds.Keys]));
        return [.. given.Where(kinds.ContainsKey).Select(text => kinds[text])];
    }

    private static BadImageHandling? ParseBadImageHandling(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case Fail:
                return BadImageHandling.Throw;
            case Skip:
                return BadImageHandling.Skip;
            default:
                result.AddError($"--on-bad-image is {result.Tokens[0].Value}; it must be {Fail} or {Skip}.");
                return null;
        }
    }
}
