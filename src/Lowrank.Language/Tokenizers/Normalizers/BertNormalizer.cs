using System.Text;

namespace Lowrank.Language;

/// <summary>BERT's: control characters away, blanks to spaces, ideographs set apart, accents away, lower case.</summary>
sealed class BertNormalizer(bool cleanText, bool setsIdeographsApart, bool stripsAccents, bool lowercase) : INormalizer
{
    static readonly Rune space = new(' ');
    static readonly FormNormalizer decomposition = new(composed: false, compatible: false);
    static readonly MapNormalizer blanks = new(rune => CodePoints.IsWhiteSpace(rune) ? space : rune);
    static readonly LowercaseNormalizer lower = new();

    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        if (cleanText)
        {
            text.Keep(IsText);
            blanks.Normalize(text);
        }
        if (setsIdeographsApart) SetApart(text);
        if (stripsAccents)
        {
            decomposition.Normalize(text);
            text.Keep(rune => !Unicode8.IsNonSpacingMark(rune));
        }
        if (lowercase) lower.Normalize(text);
    }

    static bool IsText(Rune rune)
    {
        if (rune.Value is '\t' or '\n' or '\r') return true;
        return rune.Value is not (0 or 0xFFFD) && !Unicode8.IsControl(rune);
    }

    static void SetApart(AlignedText text)
    {
        if (text.Text.AsSpan().IndexOfAnyExceptInRange('\0', '\u33FF') < 0) return;
        var changes = new List<Change>(text.Text.Length + 16);
        foreach (var rune in text.Text.EnumerateRunes())
            if (CodePoints.IsIdeograph(rune))
            {
                changes.Add(new Change(space, 0));
                changes.Add(new Change(rune, 1));
                changes.Add(new Change(space, 1));
            }
            else
                changes.Add(new Change(rune, 0));
        text.Change(changes);
    }
}
