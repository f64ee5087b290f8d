using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>A regex as tokenizer files have it: Oniguruma's or Rust's words over code points, run by .NET over UTF-16.</summary>
/// <remarks>
/// .NET sees two halves where a code point lies beyond U+FFFF, and half a letter is no letter. A piece that has such code points is
/// searched in a copy in which each is one unit of the same general category; what it finds is carried back.
/// </remarks>
sealed class RegexPattern : TextPattern
{
    static readonly TimeSpan usual = TimeSpan.FromSeconds(20);

    readonly string pattern;
    readonly TimeSpan longest;
    readonly Lazy<Regex> regex;

    /// <summary>A pattern, in the words of the file.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="longest">How long the search for one match may take; 20 seconds unless told otherwise.</param>
    /// <exception cref="LowrankException">It holds what is not understood.</exception>
    public RegexPattern(string pattern, TimeSpan? longest = null)
    {
        (this.pattern, this.longest) = (pattern, longest ?? usual);
        string translated = PatternTranslator.Translate(pattern);
        try
        {
            _ = new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.Multiline, this.longest);
        }
        catch (ArgumentException error)
        {
            throw new LowrankException($"The pattern {pattern} is not understood: {error.Message} " +
                "Is it a regex of Oniguruma or Rust? Tell us if it comes from a published tokenizer.", error);
        }
        // Compiled where it is used first: that takes longer than reading the file.
        const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.Compiled;
        regex = new(() => new Regex(translated, Options, this.longest));
    }

    /// <inheritdoc/>
    public override void Find(string text, TextSpan piece, List<TextSpan> matches)
    {
        var part = text.AsSpan(piece.Start, piece.Length);
        if (part.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
        {
            FindByCodePoints(part, piece.Start, matches);
            return;
        }
        foreach (var (start, end) in Matches(part)) matches.Add(new TextSpan(piece.Start + start, piece.Start + end));
    }

    List<TextSpan> Matches(ReadOnlySpan<char> part)
    {
        var matches = new List<TextSpan>();
        try
        {
            foreach (var match in regex.Value.EnumerateMatches(part)) matches.Add(new TextSpan(match.Index, match.Index + match.Length));
            return matches;
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new LowrankException($"The pattern {pattern} of the tokenizer found no end in a text of {part.Length} characters in " +
                $"{PlainValue.Text(longest.TotalSeconds)} seconds. Does it repeat what is repeated?", error);
        }
    }

    void FindByCodePoints(ReadOnlySpan<char> part, int offset, List<TextSpan> matches)
    {
        var units = new char[part.Length];
        int[] places = new int[part.Length + 1];
        int count = 0;
        for (int at = 0; at < part.Length; count++)
        {
            var rune = CodePoints.At(part, at, out int length);
            units[count] = rune.IsBmp ? (char)rune.Value : StandIn(rune);
            places[count] = at;
            at += length;
        }
        places[count] = part.Length;
        foreach (var (start, end) in Matches(units.AsSpan(0, count)))
            matches.Add(new TextSpan(offset + places[start], offset + places[end]));
    }

    // A unit of each category in the order of UnicodeCategory, one that patterns do not name.
    const string StandIns = "\u2C00\u2C30\u01F2\uA015\uA000\u0F37\u0F3E\u20DD\u0F20\u16EE\u0F2A\u2002\u2028\u2029\u0081"
        + "\u0600\uFFFE\uE000\u203F\u2010\u2045\u2046\u00AB\u00BB\u0F04\u2200\u20A0\uA700\u0FBE\uFFFE";
    const char HanStandIn = '\u9FEF';

    static char StandIn(Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        bool isHan = category == UnicodeCategory.OtherLetter && UnicodeScripts.Of(rune) == "Han";
        return isHan ? HanStandIn : StandIns[(int)category];
    }
}
