#!/usr/bin/env bash
# ML.NET 5.0.1 in a program that is one C# file (`dotnet run app.cs`, .NET 10). Expected by most: what works in a project works there. Seen:
# LoadFromEnumerable throws before a row is read, "Dynamic code generation is not supported on this platform.", on a machine where it is, under the
# ordinary runtime: such programs are set up for ahead-of-time compilation unless `#:property PublishAot=false` stands in them, and ML.NET makes the
# readers of a class's properties at run time. With that line the same file runs. Exits with 1 where this has changed. Needs the .NET 10 SDK and NuGet.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > app.cs <<'X'
#:package Microsoft.ML@5.0.1
using Microsoft.ML;

var ml = new MLContext();
try
{
    IDataView rows = ml.Data.LoadFromEnumerable(new[] { new Row { Value = 7 } });
    Console.WriteLine($"rows: {ml.Data.CreateEnumerable<Row>(rows, reuseRowObject: false).Single().Value}");
}
catch (Exception e)
{
    Console.WriteLine($"{e.GetBaseException().GetType().Name}: {e.GetBaseException().Message}");
}

internal sealed class Row
{
    public float Value { get; set; }
}
X
sed 's/^#:package/#:property PublishAot=false\n&/' app.cs > told.cs
echo "SDK $(dotnet --version), Microsoft.ML 5.0.1"
plain=$(dotnet run app.cs | tail -n 1)
told=$(dotnet run told.cs | tail -n 1)
echo "as it is: $plain"
echo "with PublishAot=false: $told"
[ "$plain" = 'PlatformNotSupportedException: Dynamic code generation is not supported on this platform.' ] && [ "$told" = 'rows: 7' ]
