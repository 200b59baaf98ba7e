#!/usr/bin/env bash
# ML.NET's multiclass Evaluate takes the name of a predicted label, and no metric depends on what that column says.
# Expected by most: MicroAccuracy is the share of rows whose PredictedLabel is their Label, and a row that a model leaves unanswered (a missing
# label, scores of NaN) counts as wrong.
# Seen with Microsoft.ML 5.0.1: predicted labels that are all wrong, or all missing, beside scores that are right give 1; predicted labels that
# are all right beside scores that are wrong give 0; and rows whose scores are NaN are left out of the accuracy: one right answer and three
# rows without one give 1. Of equal scores the first slot is the prediction, whatever the predicted label is.
# Exits with 1 where this has changed. Needs the .NET 10 SDK and NuGet.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >finding.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.ML" Version="[5.0.1]" /></ItemGroup>
</Project>
X
cat >Program.cs <<'X'
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// Keys of rows in memory count from 0, as the slots of the scores do; 9 is beyond the three, a missing one.
const uint None = 9;
float[] first = [0.8f, 0.1f, 0.1f], equal = [0.4f, 0.4f, 0.2f], none = [float.NaN, float.NaN, float.NaN];
(string What, Row[] Rows, string Seen)[] cases =
[
    ("predicted labels right, scores right", [new(0, 0, first), new(0, 0, first)], "1"),
    ("predicted labels wrong, scores right", [new(0, 2, first), new(0, 2, first)], "1"),
    ("predicted labels missing, scores right", [new(0, None, first), new(0, None, first)], "1"),
    ("predicted labels right, scores wrong", [new(1, 1, first), new(1, 1, first)], "0"),
    ("predicted labels right, the first of equal scores is another", [new(1, 1, equal), new(1, 1, equal)], "0"),
    ("one row right, three without an answer", [new(0, 0, first), new(1, None, none), new(1, None, none), new(2, None, none)], "1"),
];
var ml = new MLContext(seed: 1);
Console.WriteLine("Microsoft.ML 5.0.1, MicroAccuracy of MulticlassClassification.Evaluate");
bool asSeen = true;
foreach ((string what, Row[] rows, string seen) in cases)
{
    double accuracy = ml.MulticlassClassification.Evaluate(ml.Data.LoadFromEnumerable(rows)).MicroAccuracy;
    string found = accuracy.ToString(CultureInfo.InvariantCulture);
    Console.WriteLine($"{found}  {what}");
    asSeen &= found == seen;
}

Console.WriteLine(asSeen ? "as seen before" : "CHANGED");
return asSeen ? 0 : 1;

internal sealed class Row(uint label, uint predictedLabel, float[] score)
{
    [KeyType(3)]
    public uint Label { get; set; } = label;

    [KeyType(3)]
    public uint PredictedLabel { get; set; } = predictedLabel;

    [VectorType(3)]
    public float[] Score { get; set; } = score;
}
X
dotnet build -c Release -v q --nologo >build.log || { cat build.log; exit 1; }
dotnet bin/Release/net10.0/finding.dll
