#!/usr/bin/env bash
# A column of type Vector<Single, 3> in ML.NET may hold rows of any length, and nobody says so where they come in.
# Expected by most: LoadFromEnumerable with a known size refuses an array that is null or shorter, or the step that reads it does, with row and
# column. Seen with Microsoft.ML 5.0.1: the view serves vectors of 0 and 2 values in the column of 3; NormalizeLpNorm passes them on;
# Concatenate names the column but not the row; NormalizeMeanVariance throws "Operation is not valid due to the current state of the object."
# A step of one's own that copies a row into a buffer that it uses again (VBuffer.CopyTo) keeps the end of the row before.
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
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 1);
SchemaDefinition definition = SchemaDefinition.Create(typeof(Row));
definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
IDataView good = ml.Data.LoadFromEnumerable(new Row[] { new() { Features = [3, 4, 0] }, new() { Features = [1, 0, 2] } }, definition);
Row[] rows = [new() { Features = [3, 4, 5] }, new() { Features = [1, 2] }, new() { Features = null }];
IDataView bad = ml.Data.LoadFromEnumerable(rows, definition);
Console.WriteLine($"Microsoft.ML 5.0.1, column of type {bad.Schema["Features"].Type}");

string served = Lengths(bad, "Features");
string normalized = Lengths(ml.Transforms.NormalizeLpNorm("Features").Fit(good).Transform(bad), "Features");
string variance = Lengths(ml.Transforms.NormalizeMeanVariance("Features").Fit(good).Transform(bad), "Features");
string joined = Lengths(ml.Transforms.Concatenate("Features", "Features", "Features").Fit(good).Transform(bad), "Features");
var buffer = new float[3];
foreach (VBuffer<float> row in bad.GetColumn<VBuffer<float>>("Features"))
    row.CopyTo(buffer);
string kept = string.Join(' ', buffer);
Console.WriteLine($"served by the view:            {served}");
Console.WriteLine($"after NormalizeLpNorm:         {normalized}");
Console.WriteLine($"after NormalizeMeanVariance:   {variance}");
Console.WriteLine($"after Concatenate:             {joined}");
Console.WriteLine($"a buffer after the null row:   {kept}");
bool asSeen = served == "3 2 0" && normalized == "3 2 0" && kept == "1 2 5"
    && variance.Contains("Operation is not valid");
Console.WriteLine(asSeen ? "as seen before" : "CHANGED");
return asSeen ? 0 : 1;

static string Lengths(IDataView view, string column)
{
    List<string> lengths = [];
    try
    {
        foreach (VBuffer<float> row in view.GetColumn<VBuffer<float>>(column))
            lengths.Add($"{row.Length}");
    }
    catch (Exception e)
    {
        Exception first = e.GetBaseException();
        lengths.Add($"{first.GetType().Name}: {first.Message}");
    }

    return string.Join(' ', lengths);
}

internal sealed class Row
{
    public float[] Features { get; set; }
}
X
dotnet build -c Release -v q --nologo >build.log || { cat build.log; exit 1; }
dotnet bin/Release/net10.0/finding.dll
