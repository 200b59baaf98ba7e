using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>Asks every message of a class for its text, with text in it that a terminal would obey and that has no end.</summary>
internal static class HostileMessages
{
    private const int LongestMessage = 10_000;

    // The title of the window, a color, the direction of writing, ends of lines, NUL, half a pair, and an invisible letter.
    public static readonly string Text = "\e]0;owned\a\e[31m\u202e\r\n\u2028\0\ud83d\u009b\ufeff" + new string('x', 10_000_000)
        + "\e[0m\ud83d";

    /// <param name="errors">The class with the messages.</param>
    /// <param name="create">Makes an argument of a type of the class's own; null for one that it does not know.</param>
    public static void AssertShown(Type errors, Func<Type, object?> create)
    {
        MethodInfo[] messages = [.. errors.GetMethods(BindingFlags.Public | BindingFlags.Static)];
        Assert.IsGreaterThan(5, messages.Length);
        foreach (MethodInfo message in messages)
        {
            object? result = message.Invoke(null, [.. message.GetParameters().Select(p => Argument(p.ParameterType, create))]);
            string? text = result is Exception e ? e.Message : result as string;
            Assert.IsNotNull(text, message.Name);
            Assert.IsLessThan(LongestMessage, text.Length, message.Name);
            foreach (char c in text)
            {
                UnicodeCategory category = char.GetUnicodeCategory(c);
                Assert.IsFalse(category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate,
                    $"{message.Name} has the character {(int)c:x4} as it is. Write Visible(...) around the text that it quotes.");
            }
        }
    }

    private static object? Argument(Type type, Func<Type, object?> create)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(object))
            return Text;
        if (type.IsAssignableFrom(typeof(string[])))
            return Enumerable.Repeat(Text[..5_000], 2_000).ToArray();
        if (type.IsAssignableFrom(typeof(string[][])))
            return new string[][] { [Text, Text], [Text] };
        if (type == typeof(int[]))
            return new[] { 1, 2 };
        if (type == typeof(Type))
            return typeof(int);
        if (type.IsPrimitive)
            return Convert.ChangeType(1, type, CultureInfo.InvariantCulture);
        if (typeof(Exception).IsAssignableFrom(type) && create(type) is null)
            return Activator.CreateInstance(type.IsAssignableFrom(typeof(InvalidOperationException))
                ? typeof(InvalidOperationException) : type, Text);
        return create(type) ?? throw new AssertFailedException($"There is no hostile {type}; make one here.");
    }
}
