namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>A message in protobuf's wire format that is put together from others and from weights in files, and written once.</summary>
internal sealed class MessageParts
{
    private readonly List<(ReadOnlyMemory<byte> Bytes, WeightRange? Weights)> _parts = [];

    /// <summary>In bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds fields as they are.</summary>
    public void Add(ReadOnlyMemory<byte> fields)
    {
        _parts.Add((fields, null));
        Length += fields.Length;
    }

    /// <summary>Adds a field whose value is another message.</summary>
    public void Add(int number, MessageParts content)
    {
        AddStart(number, content.Length);
        _parts.AddRange(content._parts);
        Length += content.Length;
    }

    /// <summary>Adds a field whose value is bytes of a file.</summary>
    public void Add(int number, WeightRange weights)
    {
        AddStart(number, weights.Length);
        _parts.Add((default, weights));
        Length += weights.Length;
    }

    /// <summary>Reads the weights straight into their place: they are held once.</summary>
    public void CopyTo(Memory<byte> message)
    {
        foreach ((ReadOnlyMemory<byte> bytes, WeightRange? weights) in _parts)
        {
            bytes.CopyTo(message);
            weights?.Read(message.Span[..(int)weights.Length]);
            message = message[(bytes.Length + (int)(weights?.Length ?? 0))..];
        }
    }

    private void AddStart(int number, long length)
    {
        List<byte> start = [];
        AddNumber((ulong)number << 3 | 2);
        AddNumber((ulong)length);
        Add(start.ToArray());

        void AddNumber(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                start.Add((byte)(value | 0x80));
            start.Add((byte)value);
        }
    }
}
