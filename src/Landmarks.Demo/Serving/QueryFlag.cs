namespace Landmarks.Demo.Serving;

/// <summary>What is asked for by <c>?name=true</c>.</summary>
internal static class QueryFlag
{
    /// <summary>Whether it is asked for: not where there is nothing of it.</summary>
    /// <exception cref="RequestRefusedException">It is neither true nor false.</exception>
    public static bool Read(string name, string? value)
        => bool.TryParse(value ?? bool.FalseString, out bool isAsked) ? isAsked : throw Errors.Flag(name, value!);
}
