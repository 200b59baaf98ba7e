using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Npgsql;

namespace Landmarks.Demo.Tests;

/// <summary>Walks the messages of the library and of the program: what they name must exist where they are shown.</summary>
[TestClass]
public sealed partial class MessageTests
{
    private static readonly Assembly s_library = typeof(ImageEmbeddingEstimator).Assembly,
        s_program = Assembly.LoadFrom(Path.Combine(DemoProgram.Folder, "landmarks.dll")),
        s_database = Assembly.LoadFrom(Path.Combine(DemoProgram.Folder, "Microsoft.ML.Landmarks.PostgreSql.dll"));

    // Words with a capital inside that name nothing of an API.
    private static readonly string[] s_words = ["NaN", "cuDNN", "macOS", "TorchSharp", "OnnxRuntime", "PyTorch", "TensorFlow",
        "LandmarksCuda", "TransformerChain", "AnyCPU"];

    // Columns of the answers that predict writes.
    private static readonly string[] s_columns = ["falseAlarmProbability", "unknownLandmarkProbability"];

    // Those that a program alone provokes that calls the library.
    private static readonly string[] s_ofPrograms = ["ColumnMissing", "ColumnType", "KeyValueType", "InactiveColumn", "GetterType",
        "NoCurrentRow", "UnorientedImages", "OrientedImages", "TooManyScores", "RateWithoutVerdict", "ModelWithoutLandmarkStep",
        "ModelOfOtherChain", "ModelOfNoNames", "ModelWithoutIds", "ShorterSide", "MagickMissing", "KindsForMagick",
        "RowsElsewhere", "IndexDetached", "OptionOfShared", "ScoresOfShared", "NoVectorType", "ShardsWithoutIds",
        "PenaltiesOfShared"];

    [TestMethod]
    public void Library_EveryMessage_NamesWhatExists()
    {
        HashSet<string> known = [.. s_words,
            .. new[] { s_library, typeof(MLContext).Assembly, typeof(IDataView).Assembly }.SelectMany(a => a.GetExportedTypes())
            .SelectMany(NamesIn)];

        string[] unknown = [.. Messages(s_library)
            .SelectMany(m => InnerCapital().Matches(m.Text).Select(w => w.Value).Where(w => !known.Contains(w))
            .Select(w => $"{w} in: {m.Text}"))];

        Assert.IsEmpty(unknown, string.Join('\n', unknown));
    }

    [TestMethod]
    public void Program_EveryMessage_NamesItsOwnOptions()
    {
        HashSet<string> options = [.. Commands(Root()).SelectMany(c => c.Options).Select(o => o.Name)];
        Func<string, string> translate = Translation();
        string[] shown = [.. Messages(s_library).Concat(Messages(s_database)).Where(m => !s_ofPrograms.Contains(m.Member))
            .Select(m => translate(m.Text)),
            .. Messages(s_program).Select(m => m.Text)];

        string[] wrong = [.. shown.SelectMany(text => Option().Matches(text).Select(o => o.Value).Where(o => !options.Contains(o))
            .Concat(InnerCapital().Matches(text).Select(w => w.Value).Except(s_words).Except(s_columns))
            .Select(word => $"{word} in: {text}"))];

        Assert.IsGreaterThan(100, shown.Length);
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void Translate_EachWayOut_StandsInAMessageOfTheLibrary()
    {
        string[] messages = [.. Messages(s_library).Concat(Messages(s_database)).Select(m => m.Text)];
        var ways = (IEnumerable<(string OfLibrary, string OfProgram)>)Texts.GetField("s_waysOut",
            BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

        foreach ((string ofLibrary, string ofProgram) in ways)
            Assert.Contains(message => message.Contains(ofLibrary, StringComparison.Ordinal), messages, $"{ofLibrary} -> {ofProgram}");
    }

    private static Type Texts => s_program.GetType("Landmarks.Demo.LibraryTexts", throwOnError: true)!;

    private static Func<string, string> Translation() => Texts.GetMethod("Translate")!.CreateDelegate<Func<string, string>>();

    private static RootCommand Root()
    {
        MethodInfo create = s_program.GetType("Landmarks.Demo.CommandLine.LandmarksCommand", throwOnError: true)!.GetMethod("Create")!;
        return (RootCommand)create.Invoke(null, [null])!;
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    private static IEnumerable<string> NamesIn(Type type)
        => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic)
            .SelectMany(m => m is MethodBase method ? method.GetParameters().Select(p => p.Name!).Append(m.Name) : [m.Name])
            .Append(type.Name);

    /// <summary>Each message of an assembly's Errors, made twice: of arguments that are ones, true and set, and of those that are more,
    /// false and null.</summary>
    private static IEnumerable<(string Member, string Text)> Messages(Assembly assembly)
    {
        Type errors = assembly.GetTypes().Single(t => t.Name == "Errors");
        foreach (MemberInfo member in errors.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        {
            foreach (bool isFirst in (bool[])[true, false])
            {
                object? made = member switch
                {
                    FieldInfo field => field.GetValue(null),
                    PropertyInfo property => property.GetValue(null),
                    MethodInfo { IsSpecialName: false } method
                        => method.Invoke(null, [.. method.GetParameters().Select(p => Argument(p, isFirst))]),
                    _ => null,
                };
                if (((made as Exception)?.Message ?? made as string) is { } text)
                    yield return (member.Name, ParameterName().Replace(text, ""));
            }
        }
    }

    private static object? Argument(ParameterInfo parameter, bool isFirst) => parameter.Name switch
    {
        "what" => isFirst ? "input" : "output",
        "found" when parameter.ParameterType.IsPrimitive => Convert.ChangeType(isFirst ? 3 : 0, parameter.ParameterType, null),
        _ => Value(parameter.ParameterType, isFirst),
    };

    private static object? Value(Type type, bool isFirst)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return isFirst ? Value(underlying, isFirst: false) : null;
        if (type == typeof(bool))
            return isFirst;
        // Rates, some of which say how many photographs are needed: as many as there are for none that is 1 or more.
        if (type == typeof(double))
            return isFirst ? 0.5 : 0.25;
        if (type.IsPrimitive)
            return Convert.ChangeType(isFirst ? 1 : 2, type, null);
        if (type == typeof(string) || type == typeof(object))
            return "text";
        if (type.IsAssignableFrom(typeof(string[])))
            return isFirst ? new[] { "text" } : ["text", "other"];
        if (type.IsAssignableFrom(typeof(string[][])))
            return new[] { new[] { "text", "other" } };
        if (type == typeof(int[]))
            return isFirst ? new[] { 1, 3 } : [1, 257, 768];
        if (type == typeof(Type))
            return typeof(string);
        if (type == typeof(Microsoft.ML.Data.DataViewType))
            return Microsoft.ML.Data.NumberDataViewType.Single;
        if (type.IsAssignableFrom(typeof(PostgresException)) && type != typeof(Exception))
        {
            return new PostgresException("the reason", "ERROR", "ERROR",
                isFirst ? PostgresErrorCodes.TooManyConnections : PostgresErrorCodes.InsufficientPrivilege);
        }

        if (typeof(Exception).IsAssignableFrom(type))
            return type.IsAssignableFrom(typeof(InvalidOperationException))
                ? new InvalidOperationException("the reason")
                : Activator.CreateInstance(type, BindingFlags.NonPublic | BindingFlags.Instance, null, [0, "it is full.", null], null);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(isFirst ? 0 : 1);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            Type[] types = type.GetGenericArguments();
            var values = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(types))!;
            values.Add(Value(types[0], isFirst)!, Value(types[1], isFirst));
            return values;
        }

        // A record has a constructor that copies.
        ConstructorInfo[] constructors = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);
        ConstructorInfo constructor = constructors.Where(c => Array.TrueForAll(c.GetParameters(), p => p.ParameterType != type))
            .MinBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Argument(p, isFirst))]);
    }

    [GeneratedRegex(@"[A-Za-z]*[a-z][A-Z][A-Za-z]*")]
    private static partial Regex InnerCapital();

    [GeneratedRegex(@"--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex(@" \(Parameter '[A-Za-z]*'\)$")]
    private static partial Regex ParameterName();
}
