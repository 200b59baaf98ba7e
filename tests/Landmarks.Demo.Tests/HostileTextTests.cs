using System.Reflection;
using Microsoft.ML.Landmarks.Tests;

namespace Landmarks.Demo.Tests;

[TestClass]
public sealed class HostileTextTests
{
    [TestMethod]
    public void Errors_HostileText_IsShownAndCut()
        => HostileMessages.AssertShown(Assembly.LoadFrom(DemoProgram.Program).GetType("Landmarks.Demo.Errors", throwOnError: true)!, _
        => null);

    [TestMethod]
    public void Predict_NamesWithControlCharacters_AreShown()
    {
        using var folder = new WorkFolder();
        DemoProgram.Run(folder, SampleFiles.FitArguments(folder, "model.zip")).AssertSuccess();
        const string Name = "a\e[31mb\u202e.jpg", Shown = @"a\u001b[31mb\u202e.jpg";
        File.Copy(SampleFiles.Photo(SampleFiles.Ids("train.csv")[0]), folder[Name]);

        ProgramResult found = DemoProgram.Run(folder, "predict", "--model", "model.zip", Name).AssertSuccess();
        Assert.ContainsSingle(line => line.StartsWith($"{Shown}: ", StringComparison.Ordinal), found.OutputLines);
        ProgramResult missing = DemoProgram.Run(folder, "predict", "--model", "no\e]0;owned\a.zip", Name);
        Assert.AreEqual(@"error: 'no\u001b]0;owned\u0007.zip' does not exist.", missing.ErrorLines[^1]);
        ProgramResult option = DemoProgram.Run(folder, "predict", "--\e[31m");
        foreach (ProgramResult result in (ProgramResult[])[found, missing, option])
            Assert.IsFalse((result.Output + result.Error).Any(c => char.IsControl(c) && c != '\n'));
    }
}
