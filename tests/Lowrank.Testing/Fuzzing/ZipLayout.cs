using System.Buffers.Binary;

namespace Lowrank.Testing.Fuzzing;

/// <summary>Takes zip archives apart and puts them together with whatever their members claim. Source: PKWARE's APPNOTE.TXT 6.3.</summary>
static class ZipLayout
{
    const int LocalLength = 30, CentralLength = 46;

    /// <summary>Bytes of the record at the end.</summary>
    public const int EndLength = 22;

    /// <summary>The members by the directory at the end; null for what is no archive.</summary>
    public static List<ZipMember>? Read(byte[] zip)
    {
        int end = zip.AsSpan().LastIndexOf("PK\x05\x06"u8);
        if (end < 0 || end + EndLength > zip.Length) return null;
        var members = new List<ZipMember>();
        long at = BitConverter.ToUInt32(zip, end + 16);
        for (int left = BitConverter.ToUInt16(zip, end + 10); left > 0; left--)
        {
            if (at + CentralLength > zip.Length) return null;
            var head = zip.AsSpan((int)at);
            int name = U16(head[28..]), packed = (int)U32(head[20..]);
            long local = U32(head[42..]);
            if (packed < 0 || local + LocalLength > zip.Length || head.Length < CentralLength + name) return null;
            long start = local + LocalLength + U16(zip.AsSpan((int)local + 26)) + U16(zip.AsSpan((int)local + 28));
            if (start + packed > zip.Length) return null;
            members.Add(new(head[CentralLength..(CentralLength + name)].ToArray(), zip[(int)start..(int)(start + packed)], U16(head[10..]), U32(head[16..]), U32(head[24..])));
            at += CentralLength + name + U16(head[30..]) + U16(head[32..]);
        }
        return members;
    }

    static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>An archive of these members.</summary>
    public static byte[] Write(IReadOnlyList<ZipMember> members)
    {
        using var zip = new MemoryStream();
        using var directory = new MemoryStream();
        foreach (var member in members)
        {
            ulong at = (ulong)zip.Length;
            Head(zip, member, member.LocalName ?? member.Name, "PK\x03\x04"u8, at);
            zip.Write(member.Packed);
            Head(directory, member, member.Name, "PK\x01\x02"u8, member.Offset ?? at);
        }
        byte[] end = [.. "PK\x05\x06"u8, 0, 0, 0, 0, .. Small((ulong)members.Count, 2), .. Small((ulong)members.Count, 2), .. Small((ulong)directory.Length, 4), .. Small((ulong)zip.Length, 4), 0, 0];
        return [.. zip.ToArray(), .. directory.ToArray(), .. end];
    }

    // Local and central heads differ in a few fields.
    static void Head(MemoryStream to, ZipMember member, byte[] name, ReadOnlySpan<byte> signature, ulong offset)
    {
        bool central = signature[2] == 1;
        byte[] extra = member.IsLong ? [1, 0, (byte)(central ? 24 : 16), 0, .. Small(member.Size, 8), .. Small(member.PackedSize, 8), .. central ? Small(offset, 8) : []] : [];
        to.Write(signature);
        if (central) to.Write([45, 0]);
        to.Write([45, 0, .. Small(member.Flags, 2), .. Small(member.Method, 2), 0, 0, 0x21, 0, .. Small(member.Crc, 4)]);
        to.Write([.. Small(member.IsLong ? uint.MaxValue : member.PackedSize, 4), .. Small(member.IsLong ? uint.MaxValue : member.Size, 4)]);
        to.Write([.. Small((ulong)name.Length, 2), .. Small((ulong)extra.Length, 2)]);
        if (central) to.Write([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. Small(member.IsLong ? uint.MaxValue : offset, 4)]);
        to.Write(name);
        to.Write(extra);
    }

    static byte[] Small(ulong number, int bytes) => BitConverter.GetBytes(number)[..bytes];
}
