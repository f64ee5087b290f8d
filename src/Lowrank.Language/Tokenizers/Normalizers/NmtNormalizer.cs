using System.Text;

namespace Lowrank.Language;

/// <summary>The rule of SentencePiece's nmt forms: control characters away, unusual blanks to spaces.</summary>
sealed class NmtNormalizer : INormalizer
{
    static readonly Rune space = new(' ');
    static readonly MapNormalizer blanks = new(rune => IsBlank(rune) ? space : rune);

    /// <inheritdoc/>
    public void Normalize(AlignedText text)
    {
        text.Keep(rune => !IsControl(rune));
        blanks.Normalize(text);
    }

    static bool IsControl(Rune rune) =>
        rune.Value is >= 1 and <= 8 or 0xB or >= 0xE and <= 0x1F or 0x7F or 0x8F or 0x9F;

    static bool IsBlank(Rune rune) =>
        rune.Value is 9 or 0xA or 0xC or 0xD or 0x1680 or >= 0x200B and <= 0x200F or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
}
