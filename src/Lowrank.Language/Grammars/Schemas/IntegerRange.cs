using System.Globalization;
using System.Numerics;

namespace Lowrank.Language;

/// <summary>The integers between two bounds as a grammar of their digits.</summary>
static class IntegerRange
{
    /// <summary>Those from <paramref name="least"/> to <paramref name="most"/>; null for no bound.</summary>
    internal static GrammarNode Of(BigInteger? least, BigInteger? most)
    {
        var parts = new List<GrammarNode>();
        bool hasNegative = least is null || least < 0;
        if (hasNegative)
        {
            BigInteger from = most is { } top && top < 0 ? -top : 1;
            parts.Add(GrammarNode.Sequence(GrammarNode.Text("-"), Positive(from, least is { } low ? -low : null)));
        }
        bool hasZero = (least is null || least <= 0) && (most is null || most >= 0);
        if (hasZero) parts.Add(GrammarNode.Text("0"));
        if (most is null || most > 0) parts.Add(Positive(BigInteger.Max(least ?? 1, 1), most));
        return GrammarNode.Choice(parts);
    }

    static GrammarNode Positive(BigInteger from, BigInteger? to)
    {
        string first = Digits(from);
        var parts = new List<GrammarNode>();
        int longest = to is { } end ? Digits(end).Length : first.Length;
        for (int length = first.Length; length <= longest; length++)
        {
            string low = length == first.Length ? first : "1" + new string('0', length - 1);
            string high = to is { } last && length == longest ? Digits(last) : new string('9', length);
            parts.Add(SameLength(low, high));
        }
        // Without a bound every longer number is in it.
        if (to is null) parts.Add(GrammarNode.Sequence(JsonParts.DigitButZero, new GrammarRepetition(JsonParts.Digit, longest, null)));
        return GrammarNode.Choice(parts);
    }

    static GrammarNode SameLength(string low, string high)
    {
        if (low.Length == 0) return GrammarNode.Nothing;
        if (low[0] == high[0]) return GrammarNode.Sequence(GrammarNode.Text(low[..1]), SameLength(low[1..], high[1..]));
        int rest = low.Length - 1;
        bool isWholeLow = low[1..].All(digit => digit == '0'), isWholeHigh = high[1..].All(digit => digit == '9');
        var parts = new List<GrammarNode>();
        int first = low[0] + (isWholeLow ? 0 : 1), last = high[0] - (isWholeHigh ? 0 : 1);
        if (!isWholeLow) parts.Add(GrammarNode.Sequence(GrammarNode.Text(low[..1]), SameLength(low[1..], new string('9', rest))));
        if (first <= last)
            parts.Add(GrammarNode.Sequence(new GrammarCharacter(new([(first, last)])), new GrammarRepetition(JsonParts.Digit, rest, rest)));
        if (!isWholeHigh) parts.Add(GrammarNode.Sequence(GrammarNode.Text(high[..1]), SameLength(new string('0', rest), high[1..])));
        return GrammarNode.Choice(parts);
    }

    static string Digits(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
}
