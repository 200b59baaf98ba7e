#!/usr/bin/env bash
# ML.NET 5.0.1: Model.Save returns as if all went well when the last bytes of the model could not be written. The zip's directory is written when the
# archive is closed, and what goes wrong there is dropped; a program that replaces its old model afterwards has none. Whoever saves a model to a stream
# has to remember the stream's own errors.
set -eu
version=5.0.1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat > model.csproj <<'X'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.ML" Version="VERSION" /></ItemGroup>
</Project>
X
cat > Program.cs <<'X'
using System.IO.Compression;
using Microsoft.ML;

var ml = new MLContext(seed: 1);
IDataView rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(i => new Row { Value = i }));
ITransformer model = ml.Transforms.NormalizeMinMax("Value").Fit(rows);
var whole = new MemoryStream();
ml.Model.Save(model, rows.Schema, whole);
// As long as the model but for its last bytes: the disk is full when the directory of the zip is written.
var disk = new SmallDisk(whole.Length - 1);
string outcome = "Save throws";
try
{
    ml.Model.Save(model, rows.Schema, disk);
    outcome = "Save returns";
}
catch (IOException)
{
}

disk.Position = 0;
string file = "a model";
try
{
    ml.Model.Load(disk, out _);
}
catch (Exception)
{
    file = "no model";
}

Console.WriteLine($"{outcome}, refused writes: {disk.Refused}, and what was written is {file}");

internal sealed class Row { public float Value { get; set; } }

internal sealed class SmallDisk(long room) : MemoryStream
{
    public int Refused { get; private set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (Position + count > room)
        {
            Refused++;
            throw new IOException("No space left on device");
        }

        base.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer.ToArray(), 0, buffer.Length);

    public override void WriteByte(byte value) => Write([value], 0, 1);
}
X
sed -i "s/VERSION/$version/" model.csproj
dotnet run --nologo -v q > seen.txt 2>&1 || { cat seen.txt; exit 2; }
echo "Microsoft.ML $version"
echo "expected by most: Save throws, refused writes: 1"
echo "seen:             $(tail -n 1 seen.txt)"
grep -qx "Save returns, refused writes: 1, and what was written is no model" seen.txt
