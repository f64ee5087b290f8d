using System.Buffers.Binary;

namespace Lowrank.Diffusion;

/// <summary>A block of EXIF: a TIFF file of directories (Exif 2.32, 4.6.2).</summary>
readonly ref struct ExifBlock
{
    /// <summary>What libvips calls the block of a picture.</summary>
    public const string Field = "exif-data";

    const ushort SecondDirectory = 0x8769;

    const int HeaderLength = 8, EntryLength = 12;

    readonly ReadOnlySpan<byte> tiff;
    readonly bool isBig;

    /// <summary>Looks at a block, with or without "Exif" before it; one that is damaged has no entries.</summary>
    public ExifBlock(ReadOnlySpan<byte> exif)
    {
        tiff = exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif;
        isBig = tiff.StartsWith("MM"u8);
        if (tiff.Length < HeaderLength || !isBig && !tiff.StartsWith("II"u8)) tiff = [];
    }

    /// <summary>The entries of the first directory.</summary>
    public List<ExifEntry> First => tiff.Length == 0 ? [] : Entries(Number(tiff[4..]));

    /// <summary>The entries of EXIF's own directory.</summary>
    public List<ExifEntry> Second
    {
        get
        {
            var pointers = First.FindAll(entry => entry.Tag == SecondDirectory);
            return pointers.Count == 0 ? [] : Entries(pointers[0].Value);
        }
    }

    List<ExifEntry> Entries(uint directory)
    {
        var found = new List<ExifEntry>();
        if (directory + 2L > tiff.Length) return found;
        var entries = tiff[(int)directory..];
        int count = Short(entries);
        for (int i = 0; i < count && 2 + (i + 1) * EntryLength <= entries.Length; i++)
        {
            var entry = entries.Slice(2 + i * EntryLength, EntryLength);
            found.Add(new(Short(entry), Short(entry[2..]), Number(entry[4..]), Number(entry[8..])));
        }
        return found;
    }

    /// <summary>The bytes that an entry of single bytes stands for; none if they reach beyond the block.</summary>
    public ReadOnlySpan<byte> Bytes(ExifEntry entry) =>
        entry.Value + (long)entry.Count <= tiff.Length ? tiff.Slice((int)entry.Value, (int)entry.Count) : [];

    /// <summary>A block that holds entries of bytes, more than four each, the lowest tag first.</summary>
    /// <param name="first">Those of the first directory.</param>
    /// <param name="second">Those of EXIF's own.</param>
    public static byte[] Of(
        IReadOnlyList<(ushort Tag, ushort Type, byte[] Bytes)> first, IReadOnlyList<(ushort Tag, ushort Type, byte[] Bytes)> second)
    {
        int secondAt = HeaderLength + Length(first.Count + 1), at = secondAt + Length(second.Count);
        var (directories, values) = (new List<byte>(), new List<byte>());
        directories.AddRange(Two(first.Count + 1));
        AddEntries(first);
        directories.AddRange([.. Two(SecondDirectory), .. Two(ExifEntry.Long), .. Four(1), .. Four(secondAt), .. Four(0)]);
        directories.AddRange(Two(second.Count));
        AddEntries(second);
        return [.. "Exif\0\0MM\0*"u8, .. Four(HeaderLength), .. directories, .. Four(0), .. values];

        void AddEntries(IReadOnlyList<(ushort Tag, ushort Type, byte[] Bytes)> entries)
        {
            foreach (var (tag, type, bytes) in entries)
            {
                directories.AddRange([.. Two(tag), .. Two(type), .. Four(bytes.Length), .. Four(at)]);
                values.AddRange(bytes);
                at += bytes.Length;
            }
        }
    }

    // The number of entries, the entries, and where a further directory lies: none.
    static int Length(int entries) => 2 + entries * EntryLength + 4;

    static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];

    static byte[] Four(int value) => [.. Two(value >> 16), .. Two(value)];

    ushort Short(ReadOnlySpan<byte> bytes) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    uint Number(ReadOnlySpan<byte> bytes) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
