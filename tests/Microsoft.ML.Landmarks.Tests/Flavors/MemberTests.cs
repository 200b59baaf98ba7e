using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Landmarks.Tests.Flavors;

/// <summary>Both versions of TorchSharp and of ONNX Runtime must have what is used of them: members.md says since when each member is
/// there.</summary>
[TestClass]
public sealed class MemberTests
{
    private const string TorchTests = "Microsoft.ML.Landmarks.Torch.Tests";

    [TestMethod]
    public void Members_OfTheLibraryAndTheTorchTests_AreThoseOfTheTable()
    {
        string[] table = [.. File.ReadAllLines(TestFiles.Repository("tests", "Microsoft.ML.Landmarks.Tests", "Flavors", "members.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];
        Assembly[] users = [typeof(KnnLandmarkTransformer).Assembly,
            Assembly.LoadFrom(Path.Combine(TestFiles.ProgramFolder(TorchTests), $"{TorchTests}.dll"))];

        string[] members = [.. users.SelectMany(ReadMembers).Distinct().Order(StringComparer.Ordinal)];

        CollectionAssert.AreEqual(members, table,
            string.Join('\n', members.Except(table).Select(m => $"not in the table: {m}")
            .Concat(table.Except(members).Select(m => $"not used: {m}"))));
    }

    private static IEnumerable<string> ReadMembers(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        foreach (MemberReferenceHandle handle in file.GetMetadataReader().MemberReferences)
        {
            MemberInfo member = Resolve(assembly.ManifestModule, MetadataTokens.GetToken(handle));
            if (member.DeclaringType is { } type && type.Assembly.GetName().Name is "TorchSharp" or "Microsoft.ML.OnnxRuntime")
                yield return Describe(type, member);
        }
    }

    // Members of generic types and methods are resolved for some arguments, whichever their constraints allow.
    private static MemberInfo Resolve(Module module, int token)
    {
        try
        {
            return Resolve<Argument>(module, token);
        }
        catch (TypeLoadException)
        {
            return Resolve<MemoryStream>(module, token);
        }
    }

    private static MemberInfo Resolve<T>(Module module, int token)
    {
        Type[] some = [.. Enumerable.Repeat(typeof(T), 8)];
        return module.ResolveMember(token, some, some)!;
    }

    private static string Describe(Type type, MemberInfo member) => $"{Name(type)}." + member switch
    {
        MethodBase { IsSpecialName: true, Name: ['g', 'e', 't', '_', .. var property] } => property,
        MethodBase method
            => $"{method.Name.TrimStart('.')}({string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)))})",
        _ => member.Name,
    };

    // Without namespaces; nested in, and made of.
    private static string Name(Type type)
    {
        if (type.IsByRef || type.IsArray)
            return Name(type.GetElementType()!) + (type.IsArray ? "[]" : "&");
        string name = type.Name.Split('`')[0]
            + (type.GetGenericArguments() is { Length: > 0 } arguments ? $"<{string.Join(", ", arguments.Select(Name))}>" : "");
        return type is { IsNested: true, IsGenericParameter: false } ? $"{Name(type.DeclaringType!)}.{name}" : name;
    }

    private readonly struct Argument : IDisposable
    {
        public void Dispose() { }
    }
}
