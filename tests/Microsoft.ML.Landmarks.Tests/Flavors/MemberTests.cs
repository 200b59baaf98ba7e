using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Landmarks.Tests.Flavors;

/// <summary>Both versions of TorchSharp and of ONNX Runtime must have what the library uses of them: members.md says since when each member is there.</summary>
[TestClass]
public sealed class MemberTests
{
    [TestMethod]
    public void Members_OfTheBuiltLibrary_AreThoseOfTheTable()
    {
        string[] table = [.. File.ReadAllLines(TestFiles.Repository("tests", "Microsoft.ML.Landmarks.Tests", "Flavors", "members.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])];

        CollectionAssert.AreEqual(ReadMembers().Distinct().Order(StringComparer.Ordinal).ToArray(), table);
    }

    private static IEnumerable<string> ReadMembers()
    {
        using var file = new PEReader(File.OpenRead(typeof(KnnLandmarkTransformer).Assembly.Location));
        MetadataReader reader = file.GetMetadataReader();
        foreach (MemberReference member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            TypeReference? type = member.Parent.Kind switch
            {
                HandleKind.TypeReference => reader.GetTypeReference((TypeReferenceHandle)member.Parent),
                HandleKind.TypeSpecification => GenericType(reader.GetTypeSpecification((TypeSpecificationHandle)member.Parent)),
                _ => null,
            };
            if (type is { } parent && Describe(parent) is (("TorchSharp" or "Microsoft.ML.OnnxRuntime"), var name))
                yield return $"{name}.{reader.GetString(member.Name).Replace("get_", "", StringComparison.Ordinal).TrimStart('.')}";
        }

        // The type of `C<T>`, which is written as a class or value type with its arguments.
        TypeReference? GenericType(TypeSpecification specification)
        {
            BlobReader signature = reader.GetBlobReader(specification.Signature);
            if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
                return null;
            signature.ReadCompressedInteger();
            EntityHandle type = signature.ReadTypeHandle();
            return type.Kind == HandleKind.TypeReference ? reader.GetTypeReference((TypeReferenceHandle)type) : null;
        }

        (string Assembly, string Name) Describe(TypeReference type)
        {
            string name = reader.GetString(type.Name).Split('`')[0];
            if (type.ResolutionScope.Kind == HandleKind.AssemblyReference)
                return (reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name), name);
            if (type.ResolutionScope.Kind != HandleKind.TypeReference)
                return ("", name);
            (string assembly, string outer) = Describe(reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope));
            return (assembly, $"{outer}.{name}");
        }
    }
}
