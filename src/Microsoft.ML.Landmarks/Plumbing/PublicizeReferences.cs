using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes copies of referenced assemblies in which internal types and members read as public. Only the accessibility bits of the
/// metadata tables TypeDef, Field and MethodDef change (ECMA-335, II.22, II.23.1 and II.24.2.6).
/// </summary>
public class PublicizeReferences : Task
{
    [Required]
    public ITaskItem[] References { get; set; }

    [Required]
    public string[] Names { get; set; }

    [Required]
    public string OutputDirectory { get; set; }

    [Output]
    public ITaskItem[] Originals { get; set; }

    [Output]
    public ITaskItem[] Publicized { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(OutputDirectory);
        Originals = References.Where(r
            => Names.Contains(Path.GetFileNameWithoutExtension(r.ItemSpec), StringComparer.OrdinalIgnoreCase)).ToArray();
        Publicized = Originals.Select(Publicize).ToArray();
        foreach (string name in Names)
        {
            if (!Originals.Any(r => Path.GetFileNameWithoutExtension(r.ItemSpec).Equals(name, StringComparison.OrdinalIgnoreCase)))
                Log.LogError("Publicize: no reference is named '" + name + "'.");
        }

        return !Log.HasLoggedErrors;
    }

    private ITaskItem Publicize(ITaskItem original)
    {
        string source = original.ItemSpec;
        string target = Path.GetFullPath(Path.Combine(OutputDirectory, Path.GetFileName(source)));
        if (!File.Exists(target) || File.GetLastWriteTimeUtc(target) < File.GetLastWriteTimeUtc(source))
        {
            byte[] image = File.ReadAllBytes(source);
            new MetadataTables(image).MakePublic();
            File.WriteAllBytes(target, image);
        }

        return new TaskItem(original) { ItemSpec = target };
    }

    private sealed class MetadataTables
    {
        private const int TypeRef = 0x01, TypeDef = 0x02, FieldPtr = 0x03, Field = 0x04, MethodPtr = 0x05, Method = 0x06,
            Module = 0x00, TypeSpec = 0x1b, ModuleRef = 0x1a, AssemblyRef = 0x23;

        private readonly byte[] _image;
        private readonly int[] _rows = new int[64];
        private readonly int _firstTable, _string, _guid, _blob;

        public MetadataTables(byte[] image)
        {
            _image = image;
            int header = FindTableStream();
            byte heapSizes = image[header + 6];
            _string = (heapSizes & 1) != 0 ? 4 : 2;
            _guid = (heapSizes & 2) != 0 ? 4 : 2;
            _blob = (heapSizes & 4) != 0 ? 4 : 2;
            ulong present = BitConverter.ToUInt64(image, header + 8);
            int position = header + 24;
            for (int table = 0; table < 64; table++)
            {
                if ((present >> table & 1) == 0)
                    continue;
                _rows[table] = Int32(position);
                position += 4;
            }

            _firstTable = position;
        }

        public void MakePublic()
        {
            int position = _firstTable;
            position += _rows[Module] * (2 + _string + 3 * _guid);
            position += _rows[TypeRef] * (CodedIndexSize(2, Module, ModuleRef, AssemblyRef, TypeRef) + 2 * _string);

            int size = 4 + 2 * _string + CodedIndexSize(2, TypeDef, TypeRef, TypeSpec) + IndexSize(Field) + IndexSize(Method);
            for (int row = 0; row < _rows[TypeDef]; row++, position += size)
                // internal, nested internal, nested private protected
                Replace(position, new Dictionary<int, int> { { 0, 1 }, { 5, 2 }, { 6, 4 } });

            position += _rows[FieldPtr] * IndexSize(Field);
            size = 2 + _string + _blob;
            for (int row = 0; row < _rows[Field]; row++, position += size)
                MakeMemberPublic(position);

            position += _rows[MethodPtr] * IndexSize(Method);
            size = 8 + _string + _blob + IndexSize(0x08);
            for (int row = 0; row < _rows[Method]; row++, position += size)
                // the flags follow RVA and implementation flags
                MakeMemberPublic(position + 6);
        }

        private void MakeMemberPublic(int flags)
        {
            Replace(flags, new Dictionary<int, int> { { 3, 6 }, { 2, 4 } });                    // internal, private protected
        }

        private void Replace(int flags, Dictionary<int, int> accessibilities)
        {
            int accessibility;
            if (accessibilities.TryGetValue(_image[flags] & 7, out accessibility))
                _image[flags] = (byte)(_image[flags] & ~7 | accessibility);
        }

        private int FindTableStream()
        {
            int signature = Int32(0x3c);
            int optionalHeader = signature + 24;
            int directories = optionalHeader + (UInt16(optionalHeader) == 0x20b ? 112 : 96);
            int cliHeader = FileOffset(signature, Int32(directories + 14 * 8));
            int metadata = FileOffset(signature, Int32(cliHeader + 8));
            int position = metadata + 16 + Int32(metadata + 12) + 2;                            // past the version text and the flags
            int streams = UInt16(position);
            position += 2;
            for (int stream = 0; stream < streams; stream++)
            {
                int offset = Int32(position);
                int name = position + 8;
                int length = Array.IndexOf(_image, (byte)0, name) - name;
                if (length == 2 && _image[name] == '#' && _image[name + 1] == '~')
                    return metadata + offset;
                position = name + (length / 4 + 1) * 4;
            }

            throw new BadImageFormatException("There is no metadata table stream.");
        }

        private int FileOffset(int signature, int relativeVirtualAddress)
        {
            int sections = UInt16(signature + 6);
            int sectionTable = signature + 24 + UInt16(signature + 20);
            for (int section = 0; section < sections; section++)
            {
                int header = sectionTable + 40 * section;
                int offset = relativeVirtualAddress - Int32(header + 12);
                if (offset >= 0 && offset < Math.Max(Int32(header + 8), Int32(header + 16)))
                    return offset + Int32(header + 20);
            }

            throw new BadImageFormatException("An address lies in no section.");
        }

        private int IndexSize(int table)
        {
            return _rows[table] > 0xffff ? 4 : 2;
        }

        private int CodedIndexSize(int tagBits, params int[] tables)
        {
            return tables.Max(t => _rows[t]) >= 1 << (16 - tagBits) ? 4 : 2;
        }

        private int Int32(int offset)
        {
            return BitConverter.ToInt32(_image, offset);
        }

        private int UInt16(int offset)
        {
            return BitConverter.ToUInt16(_image, offset);
        }
    }
}
