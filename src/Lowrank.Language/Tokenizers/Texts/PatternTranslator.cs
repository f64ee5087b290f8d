using System.Text;

namespace Lowrank.Language;

/// <summary>Writes a regex of Oniguruma or Rust as one of .NET.</summary>
/// <remarks>
/// What differs: possessive quantifiers (<c>++</c>) become atomic groups, scripts (<c>\p{Han}</c>) ranges, an intersection with a negated
/// class (<c>[a&amp;&amp;[^b]]</c>) a subtraction; <c>\w</c> and <c>\x{..}</c> are spelled out; where case makes no difference, s and k are
/// also U+017F and U+212A, which .NET does not know.
/// </remarks>
sealed class PatternTranslator
{
    readonly string pattern;
    readonly StringBuilder made = new();
    readonly Stack<(int Start, bool IgnoresCase)> groups = new();
    int at, atom = -1;   // the place in the pattern; where in what was made the last atom begins, or -1
    bool ignoresCase;

    PatternTranslator(string pattern) => this.pattern = pattern;

    // Escapes of Oniguruma that .NET has not, or has with another meaning.
    const string NotKnown = "hHRXKGgk";

    const string Word = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9";

    /// <summary>The pattern in .NET's words.</summary>
    /// <exception cref="LowrankException">It holds what has no counterpart.</exception>
    public static string Translate(string pattern)
    {
        var translator = new PatternTranslator(pattern);
        while (translator.at < pattern.Length) translator.Step();
        return translator.made.ToString();
    }

    void Step()
    {
        char c = pattern[at];
        if (char.IsSurrogate(c)) throw NotUnderstood("a code point beyond U+FFFF");
        switch (c)
        {
            case '\\': Escape(); break;
            case '[': BeginAtom(); Class(); break;
            case '(': OpenGroup(); break;
            case ')': CloseGroup(); break;
            case '*' or '+' or '?': Quantifier(1); break;
            case '{' when QuantifierLength() is > 0 and var length: Quantifier(length); break;
            case '|': atom = -1; Copy(1); break;
            default: BeginAtom(); Literal(c); break;
        }
    }

    // Whether what is escaped is followed by a brace.
    bool IsBraced => at + 2 < pattern.Length && pattern[at + 2] == '{';

    void BeginAtom() => atom = made.Length;

    void Copy(int length)
    {
        made.Append(pattern, at, length);
        at += length;
    }

    void Literal(char c)
    {
        at++;
        bool isAlone = atom >= 0 && ignoresCase;
        made.Append(c switch
        {
            's' or 'S' when isAlone => @"[sS\u017F]",
            'k' or 'K' when isAlone => @"[kK\u212A]",
            _ => c.ToString(),
        });
    }

    void OpenGroup()
    {
        groups.Push((made.Length, ignoresCase));
        int length = 1;
        if (at + 1 < pattern.Length && pattern[at + 1] == '?')
        {
            int end = at + 2;
            while (end < pattern.Length && char.IsAsciiLetter(pattern[end])) end++;
            if (end < pattern.Length && pattern[end] is ':' or ')') ignoresCase |= pattern.AsSpan(at, end - at).Contains('i');
            length = end < pattern.Length ? end + 1 - at : pattern.Length - at;
            if (pattern.AsSpan(at + 2).StartsWith("<=") || pattern.AsSpan(at + 2).StartsWith("<!")) length = 4;
            if (pattern[at + length - 1] == ')') groups.Pop();   // (?i) acts to the end of the group around it
        }
        atom = -1;
        Copy(length);
    }

    void CloseGroup()
    {
        if (groups.Count == 0) throw NotUnderstood("a closing parenthesis without an opening one");
        (atom, ignoresCase) = groups.Pop();
        Copy(1);
    }

    // The length of {n}, {n,} or {n,m}; 0 where the brace is an ordinary character.
    int QuantifierLength()
    {
        int end = pattern.IndexOf('}', at);
        if (end < at + 2 || !char.IsAsciiDigit(pattern[at + 1])) return 0;
        foreach (char c in pattern.AsSpan(at + 1, end - at - 1))
            if (!char.IsAsciiDigit(c) && c != ',') return 0;
        return end + 1 - at;
    }

    void Quantifier(int length)
    {
        if (atom < 0) throw NotUnderstood($"a quantifier at place {at} with nothing before it");
        Copy(length);
        if (at >= pattern.Length || pattern[at] is not ('+' or '?')) return;
        if (pattern[at] == '?')
        {
            Copy(1);
            return;
        }
        at++;
        made.Insert(atom, "(?>").Append(')');
    }

    void Escape()
    {
        if (at + 1 >= pattern.Length) throw NotUnderstood("a backslash at the end");
        BeginAtom();
        char kind = pattern[at + 1];
        switch (kind)
        {
            case 'p' or 'P': made.Append(Property(out string inside, out bool isNegated) ? Alone(inside, isNegated) : inside); break;
            case 'w': Spell($"[{Word}]", 2); break;
            case 'W': Spell($"[^{Word}]", 2); break;
            case 'x' when IsBraced: made.Append(HexEscape()); break;
            case var other when NotKnown.Contains(other): throw NotUnderstood($"\\{kind}");
            default: Copy(2); break;
        }
    }

    static string Alone(string ranges, bool isNegated) => isNegated ? $"[^{ranges}]" : $"[{ranges}]";

    void Spell(string written, int length)
    {
        made.Append(written);
        at += length;
    }

    string HexEscape()
    {
        int end = pattern.IndexOf('}', at);
        bool isHex = int.TryParse(end < 0 ? "" : pattern.AsSpan(at + 3, end - at - 3),
            System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out int value);
        if (!isHex || value > char.MaxValue) throw NotUnderstood("a code point beyond U+FFFF, or no number, in \\x{...}");
        at = end + 1;
        return $"\\u{value:X4}";
    }

    // True where the property is a script, spelled out as ranges; else the property as .NET knows it.
    bool Property(out string written, out bool isNegated)
    {
        isNegated = pattern[at + 1] == 'P';
        bool isBraced = IsBraced;
        int end = isBraced ? pattern.IndexOf('}', at) : at + 2;
        if (end < 0 || end >= pattern.Length) throw NotUnderstood("\\p without its end");
        string name = isBraced ? pattern[(at + 3)..end] : pattern[end].ToString();
        if (name.StartsWith('^')) (name, isNegated) = (name[1..], !isNegated);
        at = end + 1;
        string ranges = string.Concat(UnicodeScripts.RangesOf(name).Select(range => $"\\u{(int)range.First:X4}-\\u{(int)range.Last:X4}"));
        written = ranges.Length > 0 ? ranges : $"\\{(isNegated ? 'P' : 'p')}{{{name}}}";
        return ranges.Length > 0;
    }

    void Class()
    {
        int start = made.Length;
        made.Append('[');
        at++;
        if (Next('^')) made.Append('^');
        if (Next(']')) made.Append("\\]");
        while (!Next(']'))
        {
            if (at >= pattern.Length) throw NotUnderstood("a [ without its ]");
            if (Next("&&[^")) Subtraction(start);
            else ClassItem();
        }
        made.Append(']');
    }

    void ClassItem()
    {
        char c = pattern[at];
        if (char.IsSurrogate(c)) throw NotUnderstood("a code point beyond U+FFFF");
        if (c == '[')
        {
            if (pattern.AsSpan(at).StartsWith("[:")) throw NotUnderstood("a POSIX class");
            Union();
            return;
        }
        if (c == '&' && pattern.AsSpan(at).StartsWith("&&")) throw NotUnderstood("an intersection that is not with a negated class");
        if (c != '\\')
        {
            Copy(1);
            return;
        }
        ClassEscape();
    }

    void ClassEscape()
    {
        if (at + 1 >= pattern.Length) throw NotUnderstood("a backslash at the end");
        char kind = pattern[at + 1];
        if (kind is 'p' or 'P')
        {
            bool isScript = Property(out string inside, out bool isNegated);
            if (isScript && isNegated) throw NotUnderstood("a negated script inside a class");
            made.Append(inside);
        }
        else if (kind == 'w') Spell(Word, 2);
        else if (kind == 'x' && IsBraced) made.Append(HexEscape());
        else if (kind is 'W' or 'h' or 'H') throw NotUnderstood($"\\{kind} inside a class");
        else Copy(2);
    }

    // A class inside a class is joined to it.
    void Union()
    {
        at++;
        if (Next('^')) throw NotUnderstood("a negated class inside a class");
        while (!Next(']'))
        {
            if (at >= pattern.Length) throw NotUnderstood("a [ without its ]");
            ClassItem();
        }
    }

    void Subtraction(int start)
    {
        if (made[start + 1] == '^') throw NotUnderstood("an intersection of a negated class");
        made.Append("-[");
        while (!Next(']'))
        {
            if (at >= pattern.Length) throw NotUnderstood("a [ without its ]");
            ClassItem();
        }
        made.Append(']');
    }

    bool Next(char c) => Next(c.ToString());

    bool Next(string text)
    {
        if (!pattern.AsSpan(at).StartsWith(text)) return false;
        at += text.Length;
        return true;
    }

    LowrankException NotUnderstood(string what) =>
        new($"The pattern {pattern} holds {what}, which is not understood. Tell us if it comes from a published tokenizer.");
}
