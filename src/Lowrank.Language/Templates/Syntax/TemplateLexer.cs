using System.Text.RegularExpressions;

namespace Lowrank.Language;

/// <summary>Takes a template apart as Jinja does with trim_blocks and lstrip_blocks on.</summary>
/// <remarks>Source: jinja2 3.1.6, lexer.py.</remarks>
sealed partial class TemplateLexer
{
    static readonly string[] operators =
    [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~",
        "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";",
    ];

    readonly string source;
    readonly List<TemplateToken> tokens = [];
    readonly Stack<char> open = new();
    readonly List<int> lines = [0];
    int at;
    bool isLineStart = true;

    TemplateLexer(string source)
    {
        this.source = source;
        for (int i = 0; i < source.Length; i++)
            if (source[i] == '\n') lines.Add(i + 1);
    }

    /// <summary>The tokens; the last is the end, or what cannot be read.</summary>
    public static IReadOnlyList<TemplateToken> Read(string template)
    {
        // One line end for all, and the last one does not count.
        string source = LineEnds().Replace(template, "\n");
        if (source.EndsWith('\n')) source = source[..^1];
        var lexer = new TemplateLexer(source);
        if (lexer.ReadAll()) lexer.tokens.Add(new(TemplateTokenKind.End, "", lexer.tokens.Count > 0 ? lexer.tokens[^1].Place : new(1, 1)));
        return lexer.tokens;
    }

    TemplatePlace PlaceOf(int offset)
    {
        int line = lines.BinarySearch(offset);
        if (line < 0) line = ~line - 1;
        return new(line + 1, offset - lines[line] + 1);
    }

    void Add(TemplateTokenKind kind, string text, int offset) => tokens.Add(new(kind, text, PlaceOf(offset)));

    bool Fail(string reason)
    {
        Add(TemplateTokenKind.Fault, reason, Math.Min(at, source.Length));
        return false;
    }

    bool Unexpected() => Fail($"unexpected char {PythonRepr.Of(Character)} at {PythonPoints.Count(source.AsSpan(0, at))}");

    string Character => source.Substring(at, PythonPoints.Width(source, at));

    bool ReadAll()
    {
        while (at < source.Length)
        {
            int begin = NextTag();
            if (begin < 0)
            {
                AddData(at, source.Length);
                break;
            }
            char kind = source[begin + 1];
            char sign = begin + 2 < source.Length && source[begin + 2] is '-' or '+' ? source[begin + 2] : ' ';
            AddData(at, EndOfData(at, begin, sign, isPrint: kind == '{'));
            at = begin + (sign == ' ' ? 2 : 3);
            isLineStart = false;
            bool isRead = kind switch
            {
                '#' => SkipComment(),
                '{' => ReadTag(begin, TemplateTokenKind.PrintBegin, TemplateTokenKind.PrintEnd, "}}"),
                _ => RawBegin().Match(source, at) is { Success: true } raw
                    ? ReadRaw(at + raw.Length)
                    : ReadTag(begin, TemplateTokenKind.StatementBegin, TemplateTokenKind.StatementEnd, "%}"),
            };
            if (!isRead) return false;
        }
        return true;
    }

    int NextTag()
    {
        for (int i = source.IndexOf('{', at); i >= 0 && i + 1 < source.Length; i = source.IndexOf('{', i + 1))
            if (source[i + 1] is '{' or '%' or '#') return i;
        return -1;
    }

    void AddData(int start, int end)
    {
        if (end > start) Add(TemplateTokenKind.Data, source[start..end], start);
    }

    // A minus takes the blanks before a tag, a statement alone on its line the line's indent.
    int EndOfData(int start, int end, char sign, bool isPrint)
    {
        if (sign == '-')
        {
            while (end > start && TextSearch.IsBlank(source[end - 1])) end--;
            return end;
        }
        if (sign == '+' || isPrint) return end;
        int line = end == start ? start : source.LastIndexOf('\n', end - 1, end - start) + 1;
        if (line == 0 && start > 0) line = start;
        bool isOnOwnLine = line > start || isLineStart;
        line = Math.Max(line, start);
        for (int i = line; i < end; i++)
            if (!TextSearch.IsBlank(source[i])) return end;
        return isOnOwnLine ? line : end;
    }

    // Past a tag's end, which ends in that: a minus takes all blanks behind it, and behind a statement one line end goes too.
    bool SkipEnd(string end, bool trims)
    {
        if (StartsWith("-" + end))
        {
            at += 1 + end.Length;
            while (at < source.Length && TextSearch.IsBlank(source[at])) at++;
        }
        else if (trims && StartsWith("+" + end)) at += 1 + end.Length;
        else if (StartsWith(end))
        {
            at += end.Length;
            if (trims && at < source.Length && source[at] == '\n') at++;
        }
        else return false;
        isLineStart = source[at - 1] == '\n';
        return true;
    }

    bool StartsWith(string text) => string.CompareOrdinal(source, at, text, 0, text.Length) == 0;

    bool SkipComment()
    {
        int start = at;
        int end = source.IndexOf("#}", at, StringComparison.Ordinal);
        if (end < 0) return at < source.Length ? Fail("Missing end of comment tag") : Stop();
        bool isSigned = end > start && source[end - 1] is '-' or '+';
        at = isSigned ? end - 1 : end;
        return SkipEnd("#}", trims: true);
    }

    // Jinja ends without a word where nothing at all follows.
    bool Stop()
    {
        at = source.Length;
        return true;
    }

    bool ReadRaw(int start)
    {
        at = start;
        isLineStart = source[at - 1] == '\n';
        var match = RawEnd().Match(source, at);
        if (!match.Success) return at < source.Length ? Fail("Missing end of raw directive") : Stop();
        char sign = match.Groups["sign"].Value is [var given] ? given : ' ';
        AddData(at, EndOfData(at, match.Index, sign, isPrint: false));
        at = match.Index + match.Length;
        return SkipEnd("%}", trims: true);
    }

    bool ReadTag(int begin, TemplateTokenKind first, TemplateTokenKind last, string end)
    {
        Add(first, "", begin);
        open.Clear();
        while (at < source.Length)
        {
            if (TextSearch.IsBlank(source[at]))
            {
                at++;
                continue;
            }
            int start = at;
            if (open.Count == 0 && SkipEnd(end, trims: last == TemplateTokenKind.StatementEnd))
            {
                Add(last, "", start);
                return true;
            }
            if (!ReadToken()) return false;
        }
        return true;
    }

    bool ReadToken()
    {
        if (Float().Match(source, at) is { Success: true } number && !(at > 0 && source[at - 1] == '.'))
            return Take(TemplateTokenKind.Float, number.Length);
        if (Integer().Match(source, at) is { Success: true } whole) return Take(TemplateTokenKind.Integer, whole.Length);
        if (Word().Match(source, at) is { Success: true } word)
            return TextTests.IsIdentifier(word.Value) ? Take(TemplateTokenKind.Name, word.Length) : Fail("Invalid character in identifier");
        if (source[at] is '\'' or '"') return Quoted().Match(source, at) is { Success: true } text ? ReadString(text.Length) : Unexpected();
        foreach (string sign in operators)
            if (StartsWith(sign)) return ReadOperator(sign);
        return Unexpected();
    }

    bool Take(TemplateTokenKind kind, int length)
    {
        Add(kind, source.Substring(at, length), at);
        at += length;
        return true;
    }

    bool ReadString(int length)
    {
        var (text, fault) = StringLiteral.Read(source.Substring(at + 1, length - 2));
        if (fault is not null) return Fail(fault);
        Add(TemplateTokenKind.String, text, at);
        at += length;
        return true;
    }

    bool ReadOperator(string sign)
    {
        if (sign is "(" or "[" or "{") open.Push(sign switch { "(" => ')', "[" => ']', _ => '}' });
        if (sign is ")" or "]" or "}")
        {
            if (!open.TryPop(out char expected)) return Fail($"unexpected '{sign}'");
            if (sign[0] != expected) return Fail($"unexpected '{sign}', expected '{expected}'");
        }
        return Take(TemplateTokenKind.Operator, sign.Length);
    }

    [GeneratedRegex(@"\r\n|\r")]
    private static partial Regex LineEnds();

    [GeneratedRegex(@"\G\s*raw\s*(-%\}\s*|%\})")]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"\{%(?<sign>[-+]?)\s*endraw\s*(?=[-+]?%\})")]
    private static partial Regex RawEnd();

    [GeneratedRegex(@"\G([0-9]+_)*[0-9]+((\.([0-9]+_)*[0-9]+)?[eE][+\-]?([0-9]+_)*[0-9]+|\.([0-9]+_)*[0-9]+)")]
    private static partial Regex Float();

    [GeneratedRegex(@"\G(0[bB](_?[0-1])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[1-9](_?[0-9])*|0(_?0)*)")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\G\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\G('([^'\\]*(\\.[^'\\]*)*)'|""([^""\\]*(\\.[^""\\]*)*)"")", RegexOptions.Singleline)]
    private static partial Regex Quoted();
}
