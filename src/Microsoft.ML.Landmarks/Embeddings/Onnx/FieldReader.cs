namespace Microsoft.ML.Landmarks.Embeddings.Onnx;

/// <summary>Reads the fields of a message in protobuf's wire format, one after another, and copies nothing.</summary>
/// <remarks>A network's weights are most of its bytes: a library that reads messages would hold all of them once more.</remarks>
internal struct FieldReader(ReadOnlyMemory<byte> message)
{
    private int _place;

    /// <summary>The field's number.</summary>
    public int Number { get; private set; }

    /// <summary>The field as it stands there, its number included.</summary>
    public ReadOnlyMemory<byte> Field { get; private set; }

    /// <summary>A number that is its value; 0 where it has another kind.</summary>
    public ulong Value { get; private set; }

    /// <summary>Bytes, a text or a message that are its value; null where it has another kind.</summary>
    public ReadOnlyMemory<byte>? Content { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">It is no message.</exception>
    public bool Read()
    {
        if (_place == message.Length)
            return false;
        int start = _place;
        ulong tag = ReadNumber();
        (Number, Value, Content) = ((int)(tag >> 3), 0, null);
        switch (tag & 7)
        {
            case 0:
                Value = ReadNumber();
                break;
            case 1:
                Skip(sizeof(ulong));
                break;
            case 2:
                ulong length = ReadNumber();
                Content = message.Slice(_place, Skip(length));
                break;
            case 5:
                Skip(sizeof(uint));
                break;
            default:
                throw new InvalidDataException();
        }

        Field = message[start.._place];
        return true;
    }

    private int Skip(ulong length)
    {
        if (length > (ulong)(message.Length - _place))
            throw new InvalidDataException();
        _place += (int)length;
        return (int)length;
    }

    private ulong ReadNumber()
    {
        ulong number = 0;
        ReadOnlySpan<byte> bytes = message.Span;
        for (int shift = 0; shift < 64 && _place < bytes.Length; shift += 7)
        {
            byte seven = bytes[_place++];
            number |= (ulong)(seven & 0x7f) << shift;
            if (seven < 0x80)
                return number;
        }

        throw new InvalidDataException();
    }
}
