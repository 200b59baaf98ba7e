using System.Reflection;

namespace Microsoft.ML.Landmarks.Tests.Conditions;

/// <summary>Test classes whose condition this machine does not meet. They are left out of a run, and one test says why for all.</summary>
internal static class UnmetConditions
{
    /// <summary>The classes, by the reason.</summary>
    public static ILookup<string, Type> Classes { get; } = typeof(UnmetConditions).Assembly.GetTypes()
        .Select(type => (Type: type, Unmet: type.GetCustomAttributes<ConditionBaseAttribute>()
            .FirstOrDefault(condition => condition.IsConditionMet != (condition.Mode == ConditionMode.Include))))
        .Where(found => found.Unmet is not null)
        .ToLookup(found => found.Unmet!.IgnoreMessage ?? found.Unmet.GroupName, found => found.Type);

    /// <param name="arguments">Those of the test program.</param>
    /// <returns>The same, and that these classes are left out; but not where certain tests are asked for: each says then what it
    /// lacks.</returns>
    public static string[] LeaveOut(string[] arguments) => LeaveOut(arguments, Classes.SelectMany(reason => reason));

    /// <param name="arguments">Those of the test program.</param>
    /// <param name="classes">The classes to leave out.</param>
    /// <inheritdoc cref="LeaveOut(string[])"/>
    public static string[] LeaveOut(string[] arguments, IEnumerable<Type> classes)
    {
        string filter = string.Join('&', classes.Select(type => $"ClassName!={type.FullName}"));
        bool isAskedFor = arguments.Any(argument => argument.StartsWith("--filter", StringComparison.Ordinal));
        return filter == "" || isAskedFor ? arguments : [.. arguments, "--filter", filter];
    }
}
