using System.IO.Compression;

namespace Lowrank.Testing.Fuzzing;

/// <summary>A member of a zip archive as the archive's two descriptions of it will say, true or not.</summary>
sealed record ZipMember(byte[] Name, byte[] Packed, ushort Method, uint Crc, ulong Size)
{
    public ulong PackedSize { get; init; } = (ulong)Packed.Length;
    public ushort Flags { get; init; }
    public byte[]? LocalName { get; init; }

    /// <summary>Where it is said to begin; null for where it does.</summary>
    public ulong? Offset { get; init; }

    /// <summary>Whether sizes and offset stand in a field of 64 bits.</summary>
    public bool IsLong { get; init; }

    /// <summary>The content as stored; null where it cannot be unpacked, or is a bomb.</summary>
    public byte[]? Content
    {
        get
        {
            if (Method == 0) return Packed;
            try
            {
                using var stream = new DeflateStream(new MemoryStream(Packed), CompressionMode.Decompress);
                byte[] content = new byte[1 << 20];
                int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
                return length < content.Length ? content[..length] : null;
            }
            catch (InvalidDataException)
            {
                return null;
            }
        }
    }

    /// <summary>The same with another content.</summary>
    public ZipMember With(byte[] content) => new(Name, content, 0, CheckSum(content), (ulong)content.Length);

    /// <summary>The same content, packed.</summary>
    public ZipMember Deflated()
    {
        if (Content is not { } content) return this;
        using var packed = new MemoryStream();
        using (var stream = new DeflateStream(packed, CompressionLevel.Fastest)) stream.Write(content);
        byte[] bytes = packed.ToArray();
        return With(content) with { Packed = bytes, PackedSize = (ulong)bytes.Length, Method = 8 };
    }

    // CRC-32, bit by bit: files are small.
    static uint CheckSum(byte[] content)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in content)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++) sum = (sum & 1) == 0 ? sum >> 1 : sum >> 1 ^ 0xedb88320;
        }
        return ~sum;
    }
}
