using System.Globalization;
using System.Text;
using CsCheck;

namespace Lowrank.Witness.Tests;

/// <summary>Texts that tokenizers are compared on.</summary>
static class WitnessTexts
{
    static readonly string[] words =
    [
        "the", " the", "Hello", " world", "caf\u00e9", "\u65e5\u672c\u8a9e", "<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<mask>", "[MASK]",
        "[SEP]", "<|user|>", "<extra_id_1>", "'s", "'LL", " don't", "12\u00bd", "2024", "\u0663", "\n\n", "\r\n", "  ", "\t", "\u00a0", "\u3000", "\u0130", "\u01c5",
        "e\u0301", "a\u0302\u0301\u0323", "\ufffd", "\u2581", "\ufb01", "\u1100\u1161\u11a8", "\ud55c", "\u0928\u092e\u0938\u094d", "\u200b", "\u0001", "!?", "...",
        "x_y", "\u00df", "\u03a3\u03c2",
    ];

    static readonly string[] further = ["\U0001F600", "\U0001F469\u200D\U0001F469", "\U00020000", "\U00010400"];

    // Hugging Face's tables for normalization forms are years old: marks that came since are not ordered among others there.
    static bool IsOld(int value) => value < 0x700 || CharUnicodeInfo.GetUnicodeCategory(value) != UnicodeCategory.NonSpacingMark;

    static readonly Gen<string> plain = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(i => words[i]),
        Gen.Int[1, 0x2FFF].Where(IsOld).Select(value => new Rune(value).ToString()), Gen.Char[' ', '~'].Select(letter => letter.ToString()));

    /// <summary>Texts of words, signs of many scripts and control tokens.</summary>
    public static Gen<string> All { get; } = Gen.OneOf(plain, plain, plain, Gen.Int[0, further.Length - 1].Select(i => further[i]),
        Gen.Int[0x1D400, 0x1F9FF].Where(IsOld).Select(value => new Rune(value).ToString())).Array[0, 30].Select(string.Concat);

    /// <summary>Those without code points beyond U+FFFF.</summary>
    public static Gen<string> Basic { get; } = plain.Array[0, 30].Select(string.Concat);

    /// <summary>A text as an error shows it.</summary>
    public static string Shown(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));
}
