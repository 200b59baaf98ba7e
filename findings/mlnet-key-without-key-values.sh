#!/usr/bin/env bash
# A key without key values in ML.NET: the number of a row, the number of a getter and the number in a text file are not the same, and no step turns such a
# key into a text or a number. Needs the .NET 10 SDK and NuGet; works in a temporary folder; exits with 1 where the behavior has changed.
set -eu
version=5.0.1
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
cat > keys.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.ML" Version="[$version]" /></ItemGroup>
</Project>
XML
cat > keys.cs <<'CS'
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext();
// 77 is beyond the ten keys.
IDataView rows = ml.Data.LoadFromEnumerable(new Row[] { new() { Label = 7 }, new() { Label = 0 }, new() { Label = 9 }, new() { Label = 77 } });
using DataViewRowCursor cursor = rows.GetRowCursor(rows.Schema);
ValueGetter<uint> get = cursor.GetGetter<uint>(rows.Schema["Label"]);
List<uint> raw = [];
while (cursor.MoveNext())
{
    uint value = 0;
    get(ref value);
    raw.Add(value);
}

using var text = new MemoryStream();
ml.Data.SaveAsText(rows, text, headerRow: false, schema: false);
Console.WriteLine($"getter {string.Join(' ', raw)}");
Console.WriteLine($"text {string.Join(' ', Encoding.UTF8.GetString(text.ToArray()).Split('\n').SkipLast(1).Select(line => line.Trim() is "" ? "nothing" : line.Trim()))}");
foreach (DataKind kind in new[] { DataKind.String, DataKind.Int64, DataKind.Single })
    Try($"ConvertType {kind}", () => ml.Transforms.Conversion.ConvertType("Label", outputKind: kind).Fit(rows));
Try("MapKeyToValue", () => ml.Transforms.Conversion.MapKeyToValue("Label").Fit(rows).Transform(rows));

static void Try(string step, Action run)
{
    try
    {
        run();
        Console.WriteLine($"{step}: done");
    }
    catch (Exception)
    {
        Console.WriteLine($"{step}: refused");
    }
}

internal sealed class Row
{
    [KeyType(10)]
    public uint Label { get; set; }
}
CS
cat > seen.txt <<'TXT'
getter 8 1 10 0
text 7 0 9 nothing
ConvertType String: refused
ConvertType Int64: refused
ConvertType Single: refused
MapKeyToValue: refused
TXT
dotnet run > found.txt
echo "Microsoft.ML $version"
echo "expected by most: a property of [KeyType(10)] uint with 7 is 7 for a getter and in a text file, 77 is refused, and ConvertType makes a number or a text of it"
echo "seen:"; cat found.txt
diff seen.txt found.txt > changes.txt || { echo "changed:"; cat changes.txt; exit 1; }
