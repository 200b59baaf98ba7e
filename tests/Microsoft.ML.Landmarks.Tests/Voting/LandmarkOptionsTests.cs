using System.Reflection;

namespace Microsoft.ML.Landmarks.Tests.Voting;

[TestClass]
public sealed class LandmarkOptionsTests
{
    // By reflection, so that an option to come can't be forgotten.
    [TestMethod]
    public void Options_OfAnotherStep_HaveAllThatItHas()
    {
        PropertyInfo[] options = typeof(LandmarkOptions).GetProperties();
        var other = new LandmarkRecognizingEstimator.Options();
        foreach (PropertyInfo option in options)
            option.SetValue(other, OtherThan(option.GetValue(other), option.PropertyType));

        var copy = new KnnLandmarkEstimator.Options(other);

        var defaults = new KnnLandmarkEstimator.Options();
        foreach (PropertyInfo option in options)
        {
            Assert.AreNotEqual(option.GetValue(defaults), option.GetValue(other), option.Name);
            Assert.AreEqual(option.GetValue(other), option.GetValue(copy), option.Name);
        }
    }

    private static object OtherThan(object? value, Type type) => type switch
    {
        _ when type == typeof(string) => $"{value} other",
        _ when type == typeof(bool) => !(bool)value!,
        _ when type == typeof(int) || type == typeof(int?) => (int?)value + 1 ?? 1,
        _ when type == typeof(double) => (double)value! + 1,
        _ when type == typeof(CancellationToken) => new CancellationToken(canceled: true),
        _ when type == typeof(IProgress<long>) => new Progress<long>(),
        _ => throw new NotSupportedException($"{type}"),
    };
}
