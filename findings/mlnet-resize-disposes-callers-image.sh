#!/usr/bin/env bash
# ML.NET 5.0.1: ResizeImages hands on an image that has the right size already, and disposes it when the next row comes. Where the images are the
# caller's own objects (LoadFromEnumerable), most people expect them to outlive the pass, as every other value of their rows does, and a second
# pass over the view to give what the first one gave. It throws "Object is disposed.": the step took what it did not make. Images of any other
# size stay alive. Needs dotnet 10 and its package feed; exits with 1 where that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > finding.csproj <<'P'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.ML" Version="5.0.1" />
    <PackageReference Include="Microsoft.ML.ImageAnalytics" Version="5.0.1" />
    <PackageReference Include="SkiaSharp.NativeAssets.Linux.NoDependencies" Version="2.88.9" />
  </ItemGroup>
</Project>
P
cat > Program.cs <<'P'
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

Console.WriteLine($"ML.NET {typeof(MLImage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}");
string other = SecondPass(side: 32), same = SecondPass(side: 16);
Console.WriteLine("expected by most: both passes give the same, whatever size the images have");
Console.WriteLine($"seen: images of another size: {other}; of the size that is asked for: {same}");
return other == "the same" && same == "InvalidOperationException: Object is disposed." ? 0 : 1;

static string SecondPass(int side)
{
    var ml = new MLContext();
    byte[] pixels = Enumerable.Range(0, side * side * 4).Select(i => (byte)(i % 4 == 3 ? 255 : i)).ToArray();
    Row[] rows = Enumerable.Range(0, 3).Select(_ => new Row { Image = MLImage.CreateFromPixels(side, side, MLPixelFormat.Rgba32, pixels) }).ToArray();
    IDataView view = ml.Data.LoadFromEnumerable(rows);
    var pipeline = ml.Transforms.ResizeImages("Resized", 16, 16, "Image").Append(ml.Transforms.ExtractPixels("Pixels", "Resized"));
    IDataView extracted = pipeline.Fit(view).Transform(view);
    try
    {
        float[] first = Sums(extracted), second = Sums(extracted);
        return first.SequenceEqual(second) ? "the same" : "another";
    }
    catch (Exception e)
    {
        return $"{e.GetType().Name}: {e.Message}";
    }
}

static float[] Sums(IDataView view) => view.GetColumn<float[]>("Pixels").Select(row => row.Sum()).ToArray();

internal sealed class Row
{
    [ImageType(16, 16)]
    public MLImage Image { get; set; } = null!;
}
P
dotnet run -v q
