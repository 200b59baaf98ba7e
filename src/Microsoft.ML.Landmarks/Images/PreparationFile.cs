using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Landmarks.Images;

/// <summary>The keys of a JSON file that says how images are prepared. Each value that can't be used is an error that names it.</summary>
internal sealed class PreparationFile : IDisposable
{
    // A config.json of another program may have what JSON does not: it is of another kind then, not damaged.
    private static readonly JsonDocumentOptions s_lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly string _file;
    private readonly JsonDocument? _document;
    private readonly JsonElement _keys;
    private readonly string _prefix;

    private PreparationFile(string file, JsonDocument? document, JsonElement keys, string prefix)
        => (_file, _document, _keys, _prefix) = (file, document, keys, prefix);

    /// <summary>All keys; none where the file is JSON without keys.</summary>
    public string[] Names => IsObject ? [.. _keys.EnumerateObject().Select(key => key.Name).Distinct()] : [];

    /// <exception cref="InvalidDataException">It is no JSON.</exception>
    public static PreparationFile Parse(string file, byte[] json)
    {
        ReadOnlyMemory<byte> text
            = json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json.AsMemory(Encoding.UTF8.Preamble.Length) : json;
        try
        {
            JsonDocument document = JsonDocument.Parse(text, s_lenient);
            return new(file, document, document.RootElement, "");
        }
        catch (JsonException e)
        {
            throw Errors.PreparationNotJson(file, e);
        }
    }

    /// <summary>Whether the key is there and is not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    /// <summary>The keys of an object; null where there is none.</summary>
    public PreparationFile? Object(string key)
        => Find(key) is { ValueKind: JsonValueKind.Object } value ? new(_file, null, value, $"{_prefix}{key}.") : null;

    public bool? Boolean(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
        _ => throw Refuse(key, "true or false"),
    };

    public double? Number(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        _ => throw Refuse(key, "a number"),
    };

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Refuse(key, "a text"),
    };

    /// <summary>A whole number that is the side of an image.</summary>
    public int? Side(string key) => Find(key) switch
    {
        null => null,
        { } value when IsSide(value, out int side) => side,
        _ => throw Refuse(key, $"a whole number from 1 to {ImagePreparingEstimator.Options.LargestImageSize}"),
    };

    /// <summary>The side of a square: a number, or an object of two that are equal.</summary>
    public int? SquareSide(string key)
    {
        if (Object(key) is not { } sides)
            return Side(key);
        return sides.Side("height") is { } height && sides.Side("width") == height ? height : throw Refuse(key,
            $"a height and a width that are equal, from 1 to {ImagePreparingEstimator.Options.LargestImageSize}");
    }

    /// <summary>The last of three whole numbers, channels, height and width, as timm has them; a square of three channels.</summary>
    public int? InputSize(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } value when value.GetArrayLength() == 3 && value[0].ValueKind == JsonValueKind.Number
            && value[0].TryGetDouble(out double channels) && channels == 3
            && IsSide(value[1], out int height) && IsSide(value[2], out int width) && height == width => height,
        _ => throw Refuse(key, "[3, N, N]: three channels, and squares"),
    };

    /// <summary>A number for each channel, or one for all.</summary>
    public double[]? Channels(string key)
    {
        if (Find(key) is not { } value)
            return null;
        JsonElement[] numbers = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value, value, value];
        double[] channels = [.. numbers.Select(number
            => number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out double channel) ? channel : double.NaN)];
        return channels.Length == 3 && Array.TrueForAll(channels, double.IsFinite) ? channels : throw Refuse(key, "three numbers, or one");
    }

    /// <summary>Refuses keys of which nobody knows whether they change pixels. Those that are null do not, nor what is not to be
    /// done.</summary>
    /// <exception cref="InvalidDataException">There is one.</exception>
    public void RefuseOthers(Predicate<string> isKnown)
    {
        foreach (JsonProperty key in _keys.EnumerateObject())
        {
            bool isOff = key.Value.ValueKind == JsonValueKind.False && key.Name.StartsWith("do_", StringComparison.Ordinal);
            if (key.Value.ValueKind != JsonValueKind.Null && !isOff && !isKnown(key.Name))
                throw Errors.PreparationKeyUnknown(_file, _prefix + key.Name, Shown(key.Value));
        }
    }

    public InvalidDataException Refuse(string key, string allowed)
        => Find(key) is { } value ? Errors.PreparationKey(_file, _prefix + key, Shown(value), allowed) : Missing(key);

    public InvalidDataException Missing(string key) => Errors.PreparationKeyMissing(_file, _prefix + key);

    public void Dispose() => _document?.Dispose();

    private bool IsObject => _keys.ValueKind == JsonValueKind.Object;

    private JsonElement? Find(string key)
        => IsObject && _keys.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    // Python writes some whole numbers as 224.0.
    private static bool IsSide(JsonElement value, out int side)
    {
        side = 0;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || number != Math.Floor(number)
            || number is not (>= 1 and <= ImagePreparingEstimator.Options.LargestImageSize))
            return false;
        side = (int)number;
        return true;
    }

    private static string Shown(JsonElement value)
    {
        const int Most = 80;
        string text = string.Join(' ', value.GetRawText().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= Most ? text : text[..Most] + "…";
    }
}
