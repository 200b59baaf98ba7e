using System.Text.Json;

namespace Landmarks.Demo.Data;

/// <summary>Values of enumerations as the command line and its results write them: in small letters, with hyphens.</summary>
internal static class EnumWords
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}");
}
