using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>Reads grammars as llama.cpp writes them (GBNF): <c>root ::= "a" [b-d]* (rule | "\n"){2,3} # why</c>.</summary>
public sealed class GbnfParser
{
    // The largest count of a repetition, as in llama.cpp.
    const int MostRepetitions = 2000;

    // Brackets within each other.
    const int MostNested = 200;

    readonly string text;
    readonly Dictionary<string, GrammarNode> rules = new(StringComparer.Ordinal);
    int at, depth;

    GbnfParser(string text) => this.text = text;

    /// <summary>The grammar of a text.</summary>
    /// <exception cref="LowrankException">It is none; the message says where, by line and column.</exception>
    public static Grammar Parse(string text)
    {
        var parser = new GbnfParser(text);
        parser.Space(overLines: true);
        while (parser.at < text.Length) parser.Rule();
        if (!parser.rules.ContainsKey("root"))
            throw new LowrankException("the grammar has no rule \"root\", which the whole text follows.");
        return new(parser.rules);
    }

    char Next => at < text.Length ? text[at] : '\0';

    void Rule()
    {
        string name = Name();
        Space(overLines: false);
        if (!text.AsSpan(at).StartsWith("::=")) throw Fault("\"::=\" is wanted after the rule's name");
        at += 3;
        Space(overLines: true);
        if (!rules.TryAdd(name, Alternatives(nested: false))) throw Fault($"rule \"{name}\" stands twice");
        if (at < text.Length && Next is not ('\n' or '\r')) throw Fault("the rule ends here, and something follows on its line");
        Space(overLines: true);
    }

    GrammarNode Alternatives(bool nested)
    {
        var parts = new List<GrammarNode> { Row(nested) };
        while (Next == '|')
        {
            at++;
            Space(overLines: true);
            parts.Add(Row(nested));
        }
        return GrammarNode.Choice(parts);
    }

    GrammarNode Row(bool nested)
    {
        var parts = new List<GrammarNode>();
        while (Part() is { } part)
        {
            Space(nested);
            parts.Add(Repeated(part, nested));
        }
        return GrammarNode.Sequence(parts);
    }

    GrammarNode? Part()
    {
        if (Next == '"') return Literal();
        if (Next == '[') return Class();
        if (Next == '.')
        {
            at++;
            return new GrammarCharacter(CharacterClass.Any);
        }
        if (Next == '(') return Group();
        if (Next is '*' or '+' or '?' or '{') throw Fault($"\"{Next}\" repeats nothing: a part is wanted before it");
        return IsNameCharacter(Next) ? new GrammarReference(Name()) : null;
    }

    GrammarNode Group()
    {
        if (++depth > MostNested)
            throw Fault($"more than {MostNested} brackets stand within each other. Give inner ones a rule of their own");
        int opened = at++;
        Space(overLines: true);
        var node = Alternatives(nested: true);
        if (Next != ')') throw Fault($"the \"(\" of {Place(opened)} is not closed");
        at++;
        depth--;
        return node;
    }

    GrammarNode Repeated(GrammarNode part, bool nested)
    {
        while (true)
        {
            bool isSign = Next is '*' or '+' or '?';
            (int Least, int? Most)? counts = Next switch { '*' => (0, null), '+' => (1, null), '?' => (0, 1), '{' => Counts(), _ => null };
            if (counts is not { } count) return part;
            if (isSign) at++;
            part = new GrammarRepetition(part, count.Least, count.Most);
            Space(nested);
        }
    }

    (int Least, int? Most) Counts()
    {
        at++;
        Space(overLines: false);
        int least = Number();
        int? most = least;
        Space(overLines: false);
        if (Next == ',')
        {
            at++;
            Space(overLines: false);
            most = char.IsAsciiDigit(Next) ? Number() : null;
            Space(overLines: false);
        }
        if (Next != '}') throw Fault("\"}\" is wanted after the counts");
        if (most < least) throw Fault($"{least} to {most} is no range");
        at++;
        return (least, most);
    }

    int Number()
    {
        int start = at;
        while (char.IsAsciiDigit(Next)) at++;
        if (start == at) throw Fault("a count is wanted");
        bool isNumber = int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        return isNumber && number <= MostRepetitions ? number : throw Fault($"the count {text[start..at]} is above {MostRepetitions}");
    }

    GrammarNode Literal()
    {
        int opened = at++;
        var parts = new List<GrammarNode>();
        while (Next != '"')
        {
            if (at >= text.Length) throw Fault($"the text of {Place(opened)} is not closed by a quote");
            parts.Add(new GrammarCharacter(CharacterClass.One(Character())));
        }
        at++;
        return GrammarNode.Sequence(parts);
    }

    GrammarCharacter Class()
    {
        int opened = at++;
        bool negated = Next == '^';
        if (negated) at++;
        var ranges = new List<(int First, int Last)>();
        while (Next != ']')
        {
            if (at >= text.Length) throw Fault($"the class of {Place(opened)} is not closed by \"]\"");
            int first = Character(), last = first;
            if (Next == '-' && at + 1 < text.Length && text[at + 1] != ']')
            {
                at++;
                last = Character();
            }
            if (last < first) throw Fault("the range of the class runs backwards");
            ranges.Add((first, last));
        }
        at++;
        return new GrammarCharacter(new(ranges, negated));
    }

    int Character()
    {
        if (Next != '\\')
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out int length) != System.Buffers.OperationStatus.Done)
                throw Fault("half a character stands here");
            at += length;
            return rune.Value;
        }
        at++;
        char kind = Next;
        at++;
        return kind switch
        {
            'x' => Hex(2),
            'u' => Hex(4),
            'U' => Hex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' => kind,
            _ => throw Fault($"\"\\{kind}\" is no escape: \\x41, \\u0041, \\U00000041, \\t, \\r, \\n, \\\\, \\\", \\[ and \\] are"),
        };
    }

    int Hex(int digits)
    {
        bool isHex = at + digits <= text.Length
            && int.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
        if (!isHex) throw Fault($"{digits} hexadecimal digits are wanted");
        int value = int.Parse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        at += digits;
        return value;
    }

    string Name()
    {
        int start = at;
        while (IsNameCharacter(Next)) at++;
        return start < at ? text[start..at] : throw Fault("a rule's name is wanted: letters, digits and hyphens");
    }

    static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    void Space(bool overLines)
    {
        for (; at < text.Length; at++)
        {
            bool isSpace = Next is ' ' or '\t' || (overLines && Next is '\n' or '\r');
            if (Next == '#')
                while (at + 1 < text.Length && text[at + 1] is not ('\n' or '\r')) at++;
            else if (!isSpace) return;
        }
    }

    string Place(int index)
    {
        int line = text.AsSpan(0, index).Count('\n') + 1;
        int before = index == 0 ? -1 : text.LastIndexOf('\n', index - 1);
        return $"line {line}, column {index - before}";
    }

    LowrankException Fault(string what) => new($"the grammar cannot be read at {Place(Math.Min(at, text.Length))}: {what}.");
}
