using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>
/// A character map as Hugging Face's tokenizers apply it: to a grapheme of less than six bytes as a whole, by its shortest prefix that
/// stands in the map, else to each code point. SentencePiece takes the longest prefix instead (<see cref="SentencePieceNormalizer"/>).
/// </summary>
sealed class PrecompiledNormalizer(CharacterMap map) : INormalizer
{
    const int LongestGrapheme = 5;   // bytes

    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        var changes = new List<Change>(text.Text.Length + 8);
        bool changed = false;
        Span<char> units = stackalloc char[2];
        var rest = text.Text.AsSpan();
        while (rest.Length > 0)
        {
            var grapheme = rest[..StringInfo.GetNextTextElementLength(rest)];
            rest = rest[grapheme.Length..];
            bool isShort = Encoding.UTF8.GetByteCount(grapheme) <= LongestGrapheme;
            if (isShort && Replace(grapheme, changes))
            {
                changed = true;
                continue;
            }
            foreach (var rune in grapheme.EnumerateRunes())
            {
                if (Replace(units[..rune.EncodeToUtf16(units)], changes)) changed = true;
                else changes.Add(new Change(rune, 0));
            }
        }
        if (changed) text.Change(changes);
    }

    bool Replace(ReadOnlySpan<char> part, List<Change> changes)
    {
        Span<byte> bytes = stackalloc byte[LongestGrapheme];
        bytes = bytes[..Encoding.UTF8.GetBytes(part, bytes)];
        if (map.OfShortestPrefix(bytes) is not { } replacement) return false;
        int more = -CountOf(part);
        foreach (var rune in replacement.EnumerateRunes())
        {
            changes.Add(new Change(rune, 0));
            more++;
        }
        for (int i = 0; i < more; i++) changes[^(i + 1)] = changes[^(i + 1)] with { Count = 1 };
        if (more < 0 && changes.Count > 0) changes[^1] = changes[^1] with { Count = changes[^1].Count + more };
        return true;
    }

    static int CountOf(ReadOnlySpan<char> part)
    {
        int count = 0;
        foreach (var _ in part.EnumerateRunes()) count++;
        return count;
    }
}
