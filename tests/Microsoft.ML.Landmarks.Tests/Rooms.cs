using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Microsoft.ML.Landmarks.Tests;

/// <summary>Which folders of a project use which, read from its assembly: a type belongs to the folder in which the file of its name
/// lies.</summary>
internal sealed partial class Rooms
{
    // The folder of the project itself.
    private const string Root = ".";

    private readonly Dictionary<string, string> _roomOfType = [];
    private readonly SortedSet<(string From, string To)> _arrows = [];
    private readonly List<string> _strayNamespaces = [];

    /// <param name="assembly">The built assembly.</param>
    /// <param name="sources">The folder of its project.</param>
    /// <param name="rootNamespace">The namespace of that folder.</param>
    public Rooms(string assembly, string sources, string rootNamespace)
    {
        using var module = ModuleDefinition.ReadModule(assembly);
        foreach (string file in Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories))
        {
            string folder = Path.GetRelativePath(sources, Path.GetDirectoryName(file)!).Replace('\\', '/');
            foreach (Match declaration in Declaration().Matches(File.ReadAllText(file)))
                _roomOfType[declaration.Groups["name"].Value] = folder;
        }

        foreach (TypeDefinition type in module.Types.Where(type => _roomOfType.ContainsKey(NameOf(type))))
        {
            string room = _roomOfType[NameOf(type)];
            foreach (TypeReference used in UsedBy(type).SelectMany(Parts))
                Add(room, used);
            string expected = room == Root ? rootNamespace : $"{rootNamespace}.{room.Replace('/', '.')}";
            if (!type.IsPublic && type.Namespace.StartsWith(rootNamespace, StringComparison.Ordinal) && type.Namespace != expected)
                _strayNamespaces.Add($"{type.FullName} lies in {room}");
        }
    }

    /// <summary>Each folder that uses another, in order. What lies beside the project file may use all, and be used by all.</summary>
    public IReadOnlyCollection<(string From, string To)> Arrows => _arrows;

    /// <summary>Internal types whose namespace is not that of their folder.</summary>
    public IReadOnlyCollection<string> StrayNamespaces => _strayNamespaces;

    /// <summary>The folders of a circle; empty where there is none.</summary>
    public IReadOnlyList<string> FindCircle()
    {
        ILookup<string, string> next = _arrows.ToLookup(arrow => arrow.From, arrow => arrow.To);
        var done = new HashSet<string>();
        return [.. next.Select(from => Visit(from.Key, [])).FirstOrDefault(circle => circle.Count > 0) ?? []];

        List<string> Visit(string room, List<string> path)
        {
            int start = path.IndexOf(room);
            if (start >= 0)
                return path[start..];
            if (!done.Add(room))
                return [];
            return next[room].Select(to => Visit(to, [.. path, room])).FirstOrDefault(circle => circle.Count > 0) ?? [];
        }
    }

    private void Add(string room, TypeReference used)
    {
        TypeReference outermost = used;
        while (outermost.DeclaringType is { } declaring)
            outermost = declaring;
        if (outermost.Scope is ModuleDefinition && _roomOfType.TryGetValue(NameOf(outermost), out string? target) && target != room
            && room != Root && target != Root)
            _arrows.Add((room, target));
    }

    private static string NameOf(TypeReference type) => type.Name.Split('`')[0];

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
        .. type.Fields.Select(f => f.FieldType),
        .. type.CustomAttributes.Select(a => a.AttributeType),
        .. type.Methods.SelectMany(UsedBy),
        .. type.NestedTypes.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method) =>
    [
        .. UsedBy((MethodReference)method),
        .. method.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
        .. method.HasBody ? method.Body.Variables.Select(v => v.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(UsedBy) : [],
    ];

    private static IEnumerable<TypeReference?> UsedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => UsedBy(method),
        _ => [],
    };

    private static IEnumerable<TypeReference?> UsedBy(MethodReference method) =>
    [
        method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType),
        .. method is GenericInstanceMethod generic ? generic.GenericArguments : [],
    ];

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification made => Parts(made.ElementType),
        _ => [type],
    };

    [GeneratedRegex(@"^(?:public|internal)(?: \w+)* (?:class|struct|interface|enum|record|delegate .+?) (?:class |struct )?(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
