#!/usr/bin/env bash
# ApplyOnnxModel takes a network whose weights lie in a second file, as exporters write large ones, and saves it without them.
# Expected by most: the weights become part of the model, which is one file; or Fit or Save says that they can't.
# Seen with Microsoft.ML 5.0.1: Fit and Transform work, Save writes a model without the weights and says nothing, and Load then fails, in the
# same program, with the second file where it was: "Error during class instantiation", inside of which ONNX Runtime looks for it in /tmp.
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
    <PackageReference Include="Microsoft.ML.OnnxTransformer" Version="[5.0.1]" />
    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="[1.31.1]" />
  </ItemGroup>
</Project>
X
cat >Program.cs <<'X'
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

// product = values * weights, as ONNX: protobuf of numbers and of fields that hold bytes.
const int Float = 1, External = 1;
byte[] Number(int field, int value) => [(byte)(field << 3), (byte)value];
byte[] Bytes(int field, params byte[][] parts)
{
    byte[] content = [.. parts.SelectMany(part => part)];
    return [(byte)((field << 3) | 2), .. content.Length < 128 ? [(byte)content.Length] : new[] { (byte)(content.Length | 128), (byte)(content.Length >> 7) }, .. content];
}
byte[] Text(int field, string text) => Bytes(field, Encoding.ASCII.GetBytes(text));
byte[] Value(int field, string name) => Bytes(field, Text(1, name), Bytes(2, Bytes(1, Number(1, Float), Bytes(2, Bytes(1, Number(1, 3))))));
byte[] place = Bytes(13, Text(1, "location"), Text(2, "network.onnx.data"));
byte[] weights = Bytes(5, Number(1, 3), Number(2, Float), Text(8, "weights"), place, Number(14, External));
byte[] node = Bytes(1, Text(1, "values"), Text(1, "weights"), Text(2, "product"), Text(4, "Mul"));
byte[] graph = Bytes(7, node, Text(2, "graph"), weights, Value(11, "values"), Value(12, "product"));
byte[] network = [.. Number(1, 8), .. graph, .. Bytes(8, Number(2, 17))];
Directory.CreateDirectory("network");
File.WriteAllBytes("network/network.onnx", network);
File.WriteAllBytes("network/network.onnx.data", [.. new[] { 2f, 3f, 5f }.SelectMany(BitConverter.GetBytes)]);

var ml = new MLContext(seed: 1);
IDataView rows = ml.Data.LoadFromEnumerable([new Row { values = [1, 1, 1] }]);
ITransformer model = ml.Transforms.ApplyOnnxModel("product", "values", Path.GetFullPath("network/network.onnx")).Fit(rows);
string before = string.Join(' ', model.Transform(rows).GetColumn<float[]>("product").Single());
ml.Model.Save(model, rows.Schema, "model.zip");
string after;
try
{
    after = string.Join(' ', ml.Model.Load("model.zip", out _).Transform(rows).GetColumn<float[]>("product").Single());
}
catch (InvalidOperationException e)
{
    after = e.GetBaseException().Message.Contains("External data path does not exist") ? e.Message : e.ToString();
}

Console.WriteLine("Microsoft.ML 5.0.1, Microsoft.ML.OnnxTransformer 5.0.1");
Console.WriteLine("expected:           2 3 5, twice, or a Save that says what it can't keep");
Console.WriteLine($"the fitted model:   {before}");
Console.WriteLine($"saved and loaded:   {after}");
bool asSeen = before == "2 3 5" && after == "Error during class instantiation";
Console.WriteLine(asSeen ? "as seen before" : "CHANGED");
return asSeen ? 0 : 1;

internal sealed class Row
{
    [VectorType(3)]
    public float[] values { get; set; } = [];
}
X
dotnet build -c Release -v q --nologo >build.log || { cat build.log; exit 1; }
dotnet bin/Release/net10.0/finding.dll
