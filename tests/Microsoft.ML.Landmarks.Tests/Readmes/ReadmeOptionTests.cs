using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Landmarks.Tests.Readmes;

/// <summary>The option table of the library's README names options that exist, with their defaults.</summary>
[TestClass]
public sealed partial class ReadmeOptionTests
{
    private const string Column = "Column", OfContext = "`MLContext`'s, else the CPU";

    // Where the option has no value until it is given.
    private static readonly string[] s_words =
    [
        "none", "off", "all", "all cores", "found by name and axes", "where it is clear", "not told", "chosen by the training rows",
        "as `IsLandmark` says", "ImageNet's", OfContext,
    ];

    private static readonly Dictionary<string, object> s_options = new()
    {
        ["LandmarkSource"] = new LandmarkSource("train.csv", "photos"),
        ["PrepareImages"] = new ImagePreparingEstimator.Options { OutputColumnName = Column },
        ["EmbedImages"] = new ImageEmbeddingEstimator.Options { OutputColumnName = Column, ModelFile = TestFiles.Network },
        ["EmbedPhotographs"] = new ImageEmbeddingEstimator.Options { OutputColumnName = Column, ModelFile = TestFiles.Network },
        ["WhitenFeatures"] = new WhiteningEstimator.Options { OutputColumnName = Column },
        ["RecognizeLandmarks"] = new LandmarkRecognizingEstimator.Options(),
        ["KnnLandmark"] = new KnnLandmarkEstimator.Options(),
        ["EvaluateLandmarks`, `CompareLandmarkPredictions"] = new LandmarkEvaluationOptions(),
        ["CheckLandmarks"] = new LandmarkCheckOptions(),
        ["every step"] = new KnnLandmarkEstimator.Options(),
    };

    [TestMethod]
    public void Readme_OptionsOfSteps_ExistWithTheirDefaults()
    {
        string step = "";
        var seen = new HashSet<string>();
        foreach (string[] row in Readme.Of("src", "Microsoft.ML.Landmarks").TableRows().SkipWhile(row => row is not ["step", ..]).Skip(1))
        {
            step = row[0].Length > 0 ? row[0].Trim('`') : step;
            seen.Add(step);
            string[] names = [.. LeadingNames().Match(row[1]).Groups[1].Captures.Select(capture => capture.Value)],
                defaults = [.. row[2].Split(", ")];
            for (int i = 0; i < names.Length; i++)
                AssertDefault(step, names[i], s_words.Contains(row[2]) || defaults.Length != names.Length ? row[2] : defaults[i]);
        }

        CollectionAssert.AreEquivalent(s_options.Keys, seen.ToArray());
    }

    private static void AssertDefault(string step, string name, string told)
    {
        object? value = char.IsLower(name[0]) ? ParameterDefault(step, name) : PropertyDefault(step, name);
        // Some have no default that a word tells: that they exist is all.
        if (told.Length == 0)
            return;
        if (s_words.Contains(told))
            Assert.IsTrue(value is null or CancellationToken or IEnumerable and not string || (value is false && told == OfContext),
                $"{step}.{name} is {value}, not '{told}'.");
        else if (told.StartsWith("the network's, else ", StringComparison.Ordinal))
            Assert.AreEqual($"the network's, else {ImagePreparingEstimator.Defaults.ImageSize}", told);
        else
            Assert.AreEqual(told, ToText(value, told), $"{step}.{name}");
    }

    private static object? PropertyDefault(string step, string name)
    {
        PropertyInfo? property = s_options[step].GetType().GetProperty(name);
        Assert.IsNotNull(property, $"{step} has no option {name}.");
        return property.GetValue(s_options[step]);
    }

    private static object? ParameterDefault(string step, string name)
    {
        ParameterInfo? parameter = typeof(LandmarksCatalog).GetMethods().Where(method => method.Name == step)
            .SelectMany(method => method.GetParameters()).FirstOrDefault(parameter => parameter.Name == name);
        Assert.IsNotNull(parameter, $"{step} has no parameter {name}.");
        return parameter.HasDefaultValue ? parameter.DefaultValue is int number && parameter.ParameterType.IsEnum
            ? Enum.ToObject(parameter.ParameterType, number) : parameter.DefaultValue : null;
    }

    private static string? ToText(object? value, string told) => value switch
    {
        bool truth => truth ? "true" : "false",
        string text => $"\"{text}\"",
        Enum name => $"`{name}`",
        // A square's area, told by its side.
        int area when told.Contains(" x ", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture,
            $"{Math.Sqrt(area):N0} x {Math.Sqrt(area):N0}"),
        int or long => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^(?:`(\w+)`(?:, )?)+")]
    private static partial Regex LeadingNames();
}
