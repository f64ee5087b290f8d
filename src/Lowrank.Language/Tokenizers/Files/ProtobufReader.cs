using System.Buffers.Binary;
using System.Text;

namespace Lowrank.Language;

/// <summary>Walks over the fields of a protobuf message, of which a SentencePiece file is one.</summary>
ref struct ProtobufReader(ReadOnlySpan<byte> message, string place)
{
    readonly ReadOnlySpan<byte> message = message;
    int at;

    /// <summary>The number of the present field.</summary>
    public int Field { get; private set; }

    /// <summary>Its value as a whole number, or the bits of a float.</summary>
    public ulong Number { get; private set; }

    /// <summary>Its value as bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Its value as a text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Its value as a float32.</summary>
    public readonly float Float => BitConverter.UInt32BitsToSingle((uint)Number);

    /// <summary>Its value as true or false.</summary>
    public readonly bool Flag => Number != 0;

    /// <summary>Goes to the next field.</summary>
    /// <exception cref="LowrankException">The message ends within a field.</exception>
    public bool Next()
    {
        if (at >= message.Length) return false;
        ulong key = Varint();
        Field = (int)(key >> 3);
        Number = 0;
        Bytes = default;
        switch (key & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw Broken($"a field of wire type {key & 7}");
        }
        return true;
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= message.Length) throw Broken("an end within a number");
            byte next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Broken("a number of more than ten bytes");
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(message.Length - at)) throw Broken($"a field of {length} bytes with {message.Length - at} left");
        var taken = message.Slice(at, (int)length);
        at += (int)length;
        return taken;
    }

    readonly LowrankException Broken(string what) =>
        new($"{place} has at byte {at} {what}: it is no SentencePiece model. Is it whole? Download it again.");
}
