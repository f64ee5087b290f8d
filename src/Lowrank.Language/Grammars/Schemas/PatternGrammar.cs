using System.Globalization;

namespace Lowrank.Language;

/// <summary>Regular expressions of schemas (<c>pattern</c>) as grammars of what stands between a text's quotes.</summary>
sealed class PatternGrammar
{
    static readonly CharacterClass digits = new([('0', '9')]);
    static readonly CharacterClass words = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);
    static readonly CharacterClass spaces = new([('\t', '\r'), (' ', ' '), (0xa0, 0xa0), (0x2028, 0x2029), (0xfeff, 0xfeff)]);

    // Characters that JSON writes with a backslash.
    static readonly (int Character, string Written)[] escaped =
        [.. "\"\\\b\f\n\r\t".Select(c => ((int)c, JsonParts.Escaped(c.ToString())))];

    // Brackets within each other.
    const int MostNested = 200;

    readonly string pattern, place;
    int at, depth;
    bool hasBareChoice;   // alternatives that no brackets hold together

    PatternGrammar(string pattern, string place) => (this.pattern, this.place) = (pattern, place);

    /// <summary>The grammar of a pattern. Without ^ or $ anything may stand before or behind.</summary>
    /// <exception cref="LowrankException">The pattern has something that grammars cannot say.</exception>
    internal static GrammarNode Of(string pattern, string place)
    {
        var anything = new GrammarRepetition(JsonParts.Character, 0, null);
        bool isStart = pattern.StartsWith('^');
        int backslashes = pattern.Length - 1 - pattern.AsSpan(0, Math.Max(0, pattern.Length - 1)).TrimEnd('\\').Length;
        bool isEnd = pattern.EndsWith('$') && backslashes % 2 == 0;
        string inner = pattern[(isStart ? 1 : 0)..(isEnd ? ^1 : ^0)];
        var reader = new PatternGrammar(inner, place);
        var node = reader.Alternatives();
        if (reader.at < inner.Length) throw reader.Fault("a \")\" too many");
        if (reader.hasBareChoice && (isStart || isEnd)) throw reader.Fault("^ and $ bind closer than |: put the alternatives in brackets");
        return GrammarNode.Sequence(isStart ? GrammarNode.Nothing : anything, node, isEnd ? GrammarNode.Nothing : anything);
    }

    char Next => at < pattern.Length ? pattern[at] : '\0';

    GrammarNode Alternatives()
    {
        var parts = new List<GrammarNode> { Row() };
        while (Next == '|')
        {
            at++;
            parts.Add(Row());
        }
        hasBareChoice |= depth == 0 && parts.Count > 1;
        return GrammarNode.Choice(parts);
    }

    GrammarNode Row()
    {
        var parts = new List<GrammarNode>();
        while (at < pattern.Length && Next is not ('|' or ')')) parts.Add(Repeated(Part()));
        return GrammarNode.Sequence(parts);
    }

    GrammarNode Part()
    {
        char c = Next;
        if (c == '(') return Group();
        if (c == '[') return Written(Class());
        at++;
        if (c == '\\') return Written(Escape());
        if (c == '.') return Written(new([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)], IsNegated: true));
        if (c is '^' or '$' or '*' or '+' or '?') throw Fault($"a \"{c}\" in this place");
        at--;
        var rune = System.Text.Rune.GetRuneAt(pattern, at);
        at += rune.Utf16SequenceLength;
        return Written(CharacterClass.One(rune.Value));
    }

    GrammarNode Group()
    {
        if (++depth > MostNested) throw Fault($"more than {MostNested} brackets within each other");
        at++;
        if (Next == '?')
        {
            if (at + 1 >= pattern.Length || pattern[at + 1] != ':') throw Fault("a group that looks around or has a name");
            at += 2;
        }
        var node = Alternatives();
        if (Next != ')') throw Fault("a \"(\" that is not closed");
        at++;
        depth--;
        return node;
    }

    GrammarNode Repeated(GrammarNode part)
    {
        bool isSign = Next is '*' or '+' or '?';
        (int Least, int? Most)? counts = Next switch { '*' => (0, null), '+' => (1, null), '?' => (0, 1), '{' => Counts(), _ => null };
        if (counts is not { } count) return part;
        if (isSign) at++;
        // That a repetition takes as little as it can makes no difference to what fits.
        if (Next == '?') at++;
        if (Next is '*' or '+' or '?' or '{') throw Fault($"a \"{Next}\" behind a repetition");
        return new GrammarRepetition(part, count.Least, count.Most);
    }

    (int Least, int? Most) Counts()
    {
        int end = pattern.IndexOf('}', at);
        string[] numbers = end < 0 ? [] : pattern[(at + 1)..end].Split(',');
        int? least = numbers.Length is 1 or 2 ? Count(numbers[0]) : null;
        bool isOpen = numbers is [_, ""];
        int? most = isOpen ? null : Count(numbers.LastOrDefault(""));
        if (least is not { } from || (most is null && !isOpen)) throw Fault("a \"{\" that begins no count");
        if (most < from) throw Fault($"a count from {from} to {most}");
        at = end + 1;
        return (from, most);
    }

    static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : null;

    CharacterClass Class()
    {
        at++;
        bool negated = Next == '^';
        if (negated) at++;
        var ranges = new List<(int First, int Last)>();
        while (Next != ']')
        {
            if (at >= pattern.Length) throw Fault("a \"[\" that is not closed");
            var first = ClassPart();
            bool isRange = Next == '-' && at + 1 < pattern.Length && pattern[at + 1] != ']' && first.Ranges.Count == 1;
            if (!isRange) { ranges.AddRange(first.Ranges); continue; }
            at++;
            ranges.Add((first.Ranges[0].First, ClassPart().Ranges[^1].Last));
        }
        at++;
        return new(ranges, negated);
    }

    CharacterClass ClassPart()
    {
        if (Next == '\\')
        {
            at++;
            var one = Escape();
            return one.IsNegated ? throw Fault("a negated escape within a class") : one;
        }
        var rune = System.Text.Rune.GetRuneAt(pattern, at);
        at += rune.Utf16SequenceLength;
        return CharacterClass.One(rune.Value);
    }

    CharacterClass Escape()
    {
        char c = Next;
        at++;
        return c switch
        {
            'd' => digits,
            'D' => digits with { IsNegated = true },
            'w' => words,
            'W' => words with { IsNegated = true },
            's' => spaces,
            'S' => spaces with { IsNegated = true },
            'n' => CharacterClass.One('\n'),
            'r' => CharacterClass.One('\r'),
            't' => CharacterClass.One('\t'),
            'f' => CharacterClass.One('\f'),
            'x' => CharacterClass.One(Hex(2)),
            'u' => CharacterClass.One(Hex(4)),
            _ => char.IsAsciiLetterOrDigit(c) || c == '\0' ? throw Fault($"the escape \\{c}") : CharacterClass.One(c),
        };
    }

    int Hex(int digits)
    {
        bool isHex = at + digits <= pattern.Length
            && int.TryParse(pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
        if (!isHex) throw Fault("an escape without its hexadecimal digits");
        at += digits;
        return int.Parse(pattern.AsSpan(at - digits, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    // A character as JSON writes it.
    static GrammarNode Written(CharacterClass characters)
    {
        var parts = new List<GrammarNode> { new GrammarCharacter(Intersected(characters)) };
        foreach (var (character, written) in escaped)
            if (characters.Holds(character)) parts.Add(GrammarNode.Text(written));
        return GrammarNode.Choice(parts);
    }

    static CharacterClass Intersected(CharacterClass characters)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var plain in JsonParts.Plain.Ranges)
        {
            if (!characters.IsNegated)
            {
                foreach (var (first, last) in characters.Ranges)
                    AddShared(ranges, plain, (first, last));
                continue;
            }
            int start = plain.First;
            foreach (var (first, last) in characters.Ranges.OrderBy(range => range.First))
            {
                if (last < start || first > plain.Last) continue;
                if (first > start) ranges.Add((start, first - 1));
                start = last + 1;
            }
            if (start <= plain.Last) ranges.Add((start, plain.Last));
        }
        return new(ranges);
    }

    static void AddShared(List<(int First, int Last)> ranges, (int First, int Last) one, (int First, int Last) other)
    {
        int first = Math.Max(one.First, other.First), last = Math.Min(one.Last, other.Last);
        if (first <= last) ranges.Add((first, last));
    }

    LowrankException Fault(string what)
    {
        const int Shown = 80;
        string shown = pattern.Length <= Shown ? pattern : pattern[..Shown] + "...";
        return new($"the pattern \"{shown}\" of {place} has {what}, which answers cannot be held to. Write it otherwise, or leave it out.");
    }
}
