using System.Text;

namespace Lowrank.Language;

/// <summary>Tells the kinds of a text's code points.</summary>
static class CharacterKinds
{
    /// <summary>The kind of the code point at a place, and how many units it has.</summary>
    public static CharacterKind At(string text, int index, out int length)
    {
        char c = text[index];
        length = 1;
        if (char.IsAsciiLetter(c)) return CharacterKind.Letter;
        if (char.IsSurrogate(c)) return Of(CodePoints.At(text, index, out length));
        if (char.IsWhiteSpace(c)) return CharacterKind.Blank;
        if (char.IsLetter(c)) return CharacterKind.Letter;
        return char.IsNumber(c) ? CharacterKind.Number : CharacterKind.Other;
    }

    static CharacterKind Of(Rune rune)
    {
        if (Rune.IsLetter(rune)) return CharacterKind.Letter;
        return Rune.IsNumber(rune) ? CharacterKind.Number : CharacterKind.Other;
    }

    /// <summary>Where the run of one kind that begins at a place ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The place.</param>
    /// <param name="limit">Where the run ends at the latest.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="most">The most code points of the run.</param>
    public static int RunEnd(string text, int start, int limit, CharacterKind kind, int most = int.MaxValue)
    {
        int end = start;
        for (int i = 0; i < most && end < limit && At(text, end, out int length) == kind; i++) end += length;
        return end;
    }
}
