#!/usr/bin/env bash
# A program published for Linux with Microsoft.ML.OnnxRuntime 1.31.1 (`dotnet publish -r linux-x64`, .NET 10). Expected by most: the native
# libraries of that platform alone, since the package has them apart, in runtimes/<platform>/native. Seen: onnxruntime.dll for Windows, 17 MB that
# nothing on Linux loads, lies beside libonnxruntime.so, as it does for linux-arm64: the package's build/netstandard2.1/*.props add the library for
# Windows to the files of the project by PlatformTarget, which -r sets by the processor, whatever the system. Exits with 1 where this has changed.
# Needs the .NET 10 SDK and NuGet.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > app.csproj <<'X1'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <UseAppHost>false</UseAppHost>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="1.31.1" />
  </ItemGroup>
</Project>
X1
echo 'System.Console.WriteLine();' > Program.cs
echo "SDK $(dotnet --version), Microsoft.ML.OnnxRuntime 1.31.1"
libraries() {
  dotnet publish -r "$1" --no-self-contained -o "$1" -v q --nologo
  find "$1" -name '*onnxruntime*' -not -name 'Microsoft*' -printf '%f %s\n' | sort
}
x64=$(libraries linux-x64)
arm64=$(libraries linux-arm64)
printf 'linux-x64:\n%s\nlinux-arm64:\n%s\n' "$x64" "$arm64"
for files in "$x64" "$arm64"; do
  grep -q '^libonnxruntime.so ' <<< "$files"
  grep -q '^onnxruntime.dll 1' <<< "$files"
done
