using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace Lowrank.Models;

/// <summary>
/// CLIP's split of lower-cased text: contractions, runs of letters, single digits, runs of other symbols; blanks only separate.
/// </summary>
/// <remarks>By code points, where a .NET regex would see letters outside the basic plane as two symbols.</remarks>
sealed class ClipPreTokenizer : PreTokenizer
{
    enum Kind { Blank, Letter, Digit, Symbol }

    static readonly string[] contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        int start = 0;
        while (start < text.Length)
        {
            var (kind, length) = At(text, start);
            var contraction = contractions.FirstOrDefault(known => string.CompareOrdinal(text, start, known, 0, known.Length) == 0);
            if (contraction is not null) length = contraction.Length;
            else if (kind is Kind.Letter or Kind.Symbol)
                while (start + length < text.Length && At(text, start + length) is var next && next.Kind == kind) length += next.Length;
            if (kind != Kind.Blank) yield return (start, length);
            start += length;
        }
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    static (Kind Kind, int Length) At(string text, int index)
    {
        Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out int length);
        var kind = Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Blank : Kind.Symbol,
        };
        return (kind, length);
    }
}
