using System.Buffers.Binary;
using System.Text;

namespace Lowrank.Language;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie over UTF-8 bytes whose values are places of a text of replacements.
/// </summary>
sealed class CharacterMap
{
    readonly uint[] units;
    readonly byte[] replacements;

    /// <summary>A map from a file's bytes: u32 size of the trie, the trie, the replacements, each ended by a zero.</summary>
    /// <exception cref="LowrankException">The sizes do not fit.</exception>
    public CharacterMap(ReadOnlySpan<byte> map)
    {
        long size = map.Length < 4 ? -1 : BinaryPrimitives.ReadUInt32LittleEndian(map);
        if (size < 4 || size % 4 != 0 || size > map.Length - 4)
            throw new LowrankException($"A precompiled character map of {map.Length} bytes tells of a trie of {size} bytes. " +
                "Is the tokenizer's file whole? Download it again.");
        units = new uint[size / 4];
        for (int i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + i * 4)..]);
        replacements = map[(4 + (int)size)..].ToArray();
    }

    /// <summary>What the shortest prefix of some bytes that stands in the map becomes, or null.</summary>
    public string? OfShortestPrefix(ReadOnlySpan<byte> text) => Find(text, longest: false, out _);

    /// <summary>What the longest prefix of some bytes that stands in the map becomes, or null.</summary>
    public string? OfLongestPrefix(ReadOnlySpan<byte> text, out int length) => Find(text, longest: true, out length);

    string? Find(ReadOnlySpan<byte> text, bool longest, out int length)
    {
        length = 0;
        int value = -1;
        uint node = Offset(units[0]);
        for (int i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            if (node >= units.Length) break;
            uint unit = units[node];
            if ((unit & (1u << 31 | 0xFF)) != text[i]) break;
            node ^= Offset(unit);
            bool isEnd = (unit >> 8 & 1) == 1 && node < units.Length;
            if (!isEnd) continue;
            (value, length) = ((int)(units[node] & 0x7FFFFFFF), i + 1);
            if (!longest) break;
        }
        return value < 0 ? null : Replacement(value);
    }

    static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1u << 9) >> 6);

    string Replacement(int place)
    {
        if (place >= replacements.Length) return "";
        var rest = replacements.AsSpan(place);
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
