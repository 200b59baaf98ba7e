using System.IO.Compression;
using Mono.Cecil;

namespace Landmarks.Packages.Tests;

internal static class PublicType
{
    /// <summary>Gives the assembly in a package one more public class, which is empty.</summary>
    public static void AddTo(ZipArchiveEntry assembly, string nameSpace, string name)
    {
        using Stream file = assembly.Open();
        using var read = new MemoryStream();
        file.CopyTo(read);
        read.Position = 0;
        using var written = new MemoryStream();
        using (AssemblyDefinition definition = AssemblyDefinition.ReadAssembly(read))
        {
            ModuleDefinition module = definition.MainModule;
            module.Types.Add(new TypeDefinition(nameSpace, name, TypeAttributes.Public | TypeAttributes.Class, module.TypeSystem.Object));
            definition.Write(written);
        }

        file.SetLength(0);
        file.Write(written.ToArray());
    }
}
