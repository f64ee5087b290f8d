using System.Runtime.CompilerServices;
using System.Text;

namespace Lowrank.Language;

/// <summary>The parts of JSON as grammar nodes.</summary>
static class JsonParts
{
    // White space is free between parts, but bounded: a model could write nothing else for ever.
    const int MostSpaces = 20;

    static readonly CharacterClass digit = new([('0', '9')]), digitButZero = new([('1', '9')]);
    static readonly CharacterClass hex = new([('0', '9'), ('a', 'f'), ('A', 'F')]);

    /// <summary>Characters that stand in a text as they are.</summary>
    internal static CharacterClass Plain { get; } = new([(0x20, 0x21), (0x23, 0x5b), (0x5d, 0x7e), (0x80, 0x10ffff)]);

    internal static GrammarNode Space { get; } = new GrammarRepetition(
        new GrammarCharacter(new([('\t', '\n'), ('\r', '\r'), (' ', ' ')])), 0, MostSpaces);

    internal static GrammarNode Digit { get; } = new GrammarCharacter(digit);

    internal static GrammarNode DigitButZero { get; } = new GrammarCharacter(digitButZero);

    static readonly CharacterClass letters = new([('"', '"'), ('\\', '\\'), ('b', 'b'), ('f', 'f'), ('n', 'n'), ('r', 'r'), ('t', 't')]);

    internal static GrammarNode Escape { get; } = EscapeBut([]);

    // A character written by a backslash, but for some letters behind it.
    static GrammarNode EscapeBut(IReadOnlyList<int> taken) => GrammarNode.Sequence(GrammarNode.Text("\\"), GrammarNode.Choice(
        new GrammarCharacter(Without(letters, taken)),
        GrammarNode.Sequence(GrammarNode.Text("u"), new GrammarRepetition(new GrammarCharacter(hex), 4, 4))));

    /// <summary>One character of a text.</summary>
    internal static GrammarNode Character { get; } = GrammarNode.Choice(new GrammarCharacter(Plain), Escape);

    internal static GrammarNode String(int least = 0, int? most = null) => Quoted(new GrammarRepetition(Character, least, most));

    internal static GrammarNode Quoted(GrammarNode inside) => GrammarNode.Sequence(GrammarNode.Text("\""), inside, GrammarNode.Text("\""));

    internal static GrammarNode Unsigned { get; } = GrammarNode.Choice(
        GrammarNode.Text("0"), GrammarNode.Sequence(DigitButZero, new GrammarRepetition(Digit, 0, null)));

    internal static GrammarNode Integer { get; } = GrammarNode.Sequence(new GrammarRepetition(GrammarNode.Text("-"), 0, 1), Unsigned);

    static GrammarNode Digits { get; } = new GrammarRepetition(Digit, 1, null);

    static GrammarNode Exponent { get; } = GrammarNode.Sequence(
        new GrammarCharacter(new([('e', 'e'), ('E', 'E')])),
        new GrammarRepetition(new GrammarCharacter(new([('+', '+'), ('-', '-')])), 0, 1), Digits);

    static GrammarNode Fraction { get; } = GrammarNode.Sequence(
        new GrammarRepetition(GrammarNode.Sequence(GrammarNode.Text("."), Digits), 0, 1), new GrammarRepetition(Exponent, 0, 1));

    internal static GrammarNode Number { get; } = GrammarNode.Sequence(Integer, Fraction);

    internal static GrammarNode NotNegativeNumber { get; } = GrammarNode.Sequence(Unsigned, Fraction);

    internal static GrammarNode Boolean { get; } = GrammarNode.Choice(GrammarNode.Text("true"), GrammarNode.Text("false"));

    internal static GrammarNode Null { get; } = GrammarNode.Text("null");

    /// <summary>Parts with commas and white space between.</summary>
    internal static GrammarNode Comma { get; } = GrammarNode.Sequence(Space, GrammarNode.Text(","), Space);

    internal static GrammarNode Colon { get; } = GrammarNode.Sequence(Space, GrammarNode.Text(":"), Space);

    internal static GrammarNode Braces(GrammarNode inside) => Between("{", inside, "}");

    internal static GrammarNode Brackets(GrammarNode inside) => Between("[", inside, "]");

    static GrammarNode Between(string open, GrammarNode inside, string close) =>
        GrammarNode.Sequence(GrammarNode.Text(open), Space, inside, Space, GrammarNode.Text(close));

    /// <summary>A list of parts that are alike, with commas.</summary>
    internal static GrammarNode List(GrammarNode one, int least, int? most)
    {
        if (most == 0) return GrammarNode.Nothing;
        var rest = new GrammarRepetition(GrammarNode.Sequence(Comma, one), Math.Max(0, least - 1), most - 1);
        var list = GrammarNode.Sequence(one, rest);
        return least > 0 ? list : new GrammarRepetition(list, 0, 1);
    }

    /// <summary>A text between quotes that is none of some.</summary>
    internal static GrammarNode StringBut(IEnumerable<string> taken) =>
        Quoted(But([.. taken.Select(one => one.EnumerateRunes().Select(rune => Escaped(rune.ToString())).ToArray())], 0));

    // At each place: a character that goes on like none of them, and then anything; or one that does; or the end, where none ends.
    // Characters are compared as JSON writes them: a quote in a name is two.
    static GrammarNode But(List<string[]> taken, int at)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var next = taken.Where(one => one.Length > at).GroupBy(one => one[at]).ToList();
        if (next.Count == 0) return new GrammarRepetition(Character, taken.Count > 0 ? 1 : 0, null);
        var (escaped, plain) = (next.Where(group => group.Key[0] == '\\'), next.Where(group => group.Key[0] != '\\'));
        var other = Without(Plain, [.. plain.Select(group => Rune.GetRuneAt(group.Key, 0).Value)]);
        var otherEscape = EscapeBut([.. escaped.Select(group => (int)group.Key[1])]);
        var parts = new List<GrammarNode>
        {
            GrammarNode.Sequence(GrammarNode.Choice(new GrammarCharacter(other), otherEscape), new GrammarRepetition(Character, 0, null)),
        };
        parts.AddRange(next.Select(group => GrammarNode.Sequence(GrammarNode.Text(group.Key), But([.. group], at + 1))));
        if (taken.All(one => one.Length != at)) parts.Add(GrammarNode.Nothing);
        return GrammarNode.Choice(parts);
    }

    internal static CharacterClass Without(CharacterClass from, IReadOnlyList<int> taken)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var (first, last) in from.Ranges)
        {
            int start = first;
            foreach (int one in taken.Where(one => one >= first && one <= last).Order())
            {
                if (one > start) ranges.Add((start, one - 1));
                start = one + 1;
            }
            if (start <= last) ranges.Add((start, last));
        }
        return new(ranges);
    }

    /// <summary>A text as JSON writes it between quotes, in the shortest form.</summary>
    internal static string Escaped(string text)
    {
        var written = new StringBuilder();
        foreach (char c in text)
        {
            bool isPlain = c is >= ' ' and not ('"' or '\\' or '\x7f');
            written.Append(isPlain ? c.ToString() : PythonJson.Write(c.ToString())[1..^1]);
        }
        return written.ToString();
    }
}
