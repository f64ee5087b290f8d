using System.Text;

namespace Lowrank.Language;

/// <summary>
/// SentencePiece's own road from a text to what its model splits: the longest prefix that stands in the character map is exchanged, spaces
/// are thinned out and become U+2581, one goes in front.
/// </summary>
sealed class SentencePieceNormalizer(SentencePieceRules rules) : INormalizer
{
    /// <summary>How models write a space.</summary>
    public const char Space = '\u2581';

    const int LongestRule = 24;   // units looked at for one rule

    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        var made = new AlignedBuilder(text.Text.Length + 8);
        int at = rules.RemovesExtraSpaces ? FirstBeyondSpaces(text) : 0;
        if (at < text.Text.Length) Write(text, at, made);
        text.Take(made);
    }

    int FirstBeyondSpaces(AlignedText text)
    {
        int at = 0;
        while (at < text.Text.Length && Next(text, at, out int taken) == " ") at += taken;
        return at;
    }

    void Write(AlignedText text, int at, AlignedBuilder made)
    {
        bool addsSpace = rules.DummyPrefix == PrependScheme.Always || rules.DummyPrefix == PrependScheme.First && text.First == 0;
        if (addsSpace && !rules.TreatsSpaceAsSuffix) made.Append(Space, text.SourceOf(at));
        bool afterSpace = rules.RemovesExtraSpaces;
        while (at < text.Text.Length)
        {
            string? replacement = Next(text, at, out int taken);
            if (replacement is null) afterSpace = WriteUnits(text, at, taken, made);
            else afterSpace = WriteReplacement(replacement, text.SourceOf(at, at + taken), afterSpace, made);
            at += taken;
        }
        int end = made.Length;
        while (rules.RemovesExtraSpaces && end > 0 && made.Unit(end - 1) == Space) end--;
        made.CutTo(end);
        if (addsSpace && rules.TreatsSpaceAsSuffix) made.Append(Space, text.SourceOf(text.Text.Length - 1));
    }

    bool WriteUnits(AlignedText text, int at, int taken, AlignedBuilder made)
    {
        for (int i = at; i < at + taken; i++) made.Append(text.Text[i] == ' ' ? Space : text.Text[i], text.SourceOf(i));
        return rules.RemovesExtraSpaces && text.Text[at + taken - 1] == ' ';
    }

    bool WriteReplacement(string replacement, TextSpan from, bool afterSpace, AlignedBuilder made)
    {
        if (afterSpace) replacement = replacement.TrimStart(' ');
        foreach (char c in replacement) made.Append(c == ' ' ? Space : c, from);
        if (replacement.Length == 0) return afterSpace;
        return rules.RemovesExtraSpaces && replacement[^1] == ' ';
    }

    // What stands at a place becomes, or null where it stays: a user's piece, a rule of the map, a code point.
    string? Next(AlignedText text, int at, out int taken)
    {
        var rest = text.Text.AsSpan(at);
        taken = rules.UserDefined.Longest(rest, out _);
        if (taken > 0) return null;
        taken = char.IsHighSurrogate(rest[0]) ? 2 : 1;
        if (rules.Map is null) return rest[0] == ' ' ? " " : null;
        Span<byte> bytes = stackalloc byte[LongestRule * 3];
        var head = rest[..Math.Min(rest.Length, LongestRule)];
        if (head.Length > 1 && char.IsHighSurrogate(head[^1])) head = head[..^1];
        int count = Encoding.UTF8.GetBytes(head, bytes);
        if (rules.Map.OfLongestPrefix(bytes[..count], out int length) is not { } replacement) return rest[0] == ' ' ? " " : null;
        taken = Encoding.UTF8.GetCharCount(bytes[..length]);
        return replacement;
    }
}
