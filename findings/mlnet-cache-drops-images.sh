#!/usr/bin/env bash
# AppendCacheCheckpoint after LoadImages loses the images, and nothing says so.
# Expected by most: the checkpoint keeps every column, so that photographs are decoded once; or it refuses columns that it can't keep.
# Seen with Microsoft.ML 5.0.1: the column of images is gone behind the checkpoint, without a warning. Fit says "Could not find input column
# 'Image'" for the step that reads it, and names no cache.
# Exits with 1 where this has changed. Needs the .NET 10 SDK and NuGet.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >finding.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.ML" Version="[5.0.1]" />
    <PackageReference Include="Microsoft.ML.ImageAnalytics" Version="[5.0.1]" />
    <PackageReference Include="SkiaSharp.NativeAssets.Linux.NoDependencies" Version="[2.88.9]" />
  </ItemGroup>
</Project>
X
cat >Program.cs <<'X'
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

// A bitmap of 2 x 2 pixels.
byte[] bitmap = [.. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 16, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 99, 199, 9, 99, 199, 0, 0, 9, 99, 199, 9, 99, 199, 0, 0];
File.WriteAllBytes("photo.bmp", bitmap);
var ml = new MLContext(seed: 1);
List<string> warnings = [];
ml.Log += (_, e) =>
{
    if (e.Kind >= ChannelMessageKind.Warning)
        warnings.Add(e.Message);
};
IDataView photos = ml.Data.LoadFromEnumerable(new Photo[] { new() { Path = "photo.bmp" } });
var loading = ml.Transforms.LoadImages("Image", "", "Path");
IDataView loaded = loading.Fit(photos).Transform(photos);
var pipeline = loading.AppendCacheCheckpoint(ml).Append(ml.Transforms.ResizeImages("Small", 1, 1, "Image"));

string before = Names(loaded.Schema), cached = Names(ml.Data.Cache(loaded).Schema);
string told = "nothing";
try
{
    pipeline.Fit(photos);
}
catch (Exception e)
{
    told = e.Message.ReplaceLineEndings(" ");
}

Console.WriteLine("Microsoft.ML 5.0.1, Microsoft.ML.ImageAnalytics 5.0.1");
Console.WriteLine($"columns before the cache:  {before}");
Console.WriteLine($"columns of the cache:      {cached}");
Console.WriteLine($"Fit says:                  {told}");
Console.WriteLine($"warnings:                  {warnings.Count}");
bool asSeen = before == "Path Image" && cached == "Path" && told.Contains("Could not find") && told.Contains("'Image'")
    && warnings.Count == 0;
Console.WriteLine(asSeen ? "as seen before" : "CHANGED");
return asSeen ? 0 : 1;

static string Names(DataViewSchema schema) => string.Join(' ', schema.Select(column => column.Name));

internal sealed class Photo
{
    public string Path { get; set; } = "";
}
X
dotnet build -c Release -v q --nologo >build.log || { cat build.log; exit 1; }
dotnet bin/Release/net10.0/finding.dll
