using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Reads a prompt by AUTOMATIC1111's grammar.</summary>
/// <remarks>
/// Brackets nest, so that what begins at a bracket does not depend on what stands before it. It is read for every bracket from the last
/// one to the first, by what was read for those within: no text takes long, and none nests too deep.
/// </remarks>
sealed partial class WebUiGrammar
{
    readonly string text;
    readonly bool[] isEscaped;
    readonly (IReadOnlyList<WebUiPiece> Pieces, int End)?[] found;

    WebUiGrammar(string text)
    {
        this.text = text;
        isEscaped = new bool[text.Length];
        found = new (IReadOnlyList<WebUiPiece>, int)?[text.Length];
    }

    /// <summary>The pieces of a prompt; null where the grammar has no place for it.</summary>
    public static IReadOnlyList<WebUiPiece>? Parse(string text) => new WebUiGrammar(text).Parse();

    List<WebUiPiece>? Parse()
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') continue;
            if (i + 1 == text.Length || text[i + 1] == '\n') return null;
            isEscaped[i] = isEscaped[++i] = true;
        }
        for (int i = text.Length - 1; i >= 0; i--)
        {
            if (isEscaped[i]) continue;
            if (text[i] == '[') found[i] = Edited(i) ?? Alternating(i) ?? Emphasized(i, ']');
            else if (text[i] == '(') found[i] = Emphasized(i, ')');
        }
        var pieces = new List<WebUiPiece>();
        for (int at = 0; at < text.Length;)
        {
            var (inner, end) = Prompt(at);
            pieces.AddRange(inner);
            if (end < text.Length && text[end] == '|') return null;
            if (end < text.Length) pieces.Add(new WebUiPiece.Words(text[end++].ToString()));
            at = end;
        }
        return pieces;
    }

    // Words and whole brackets, as far as they go.
    (IReadOnlyList<WebUiPiece> Pieces, int End) Prompt(int start)
    {
        var pieces = new List<WebUiPiece>();
        int words = start, at = start;
        while (at < text.Length)
        {
            if (IsPlain(at)) at++;
            else if (found[at] is { } bracket)
            {
                AddWords();
                pieces.AddRange(bracket.Pieces);
                words = at = bracket.End;
            }
            else break;
        }
        AddWords();
        return (pieces, at);

        void AddWords()
        {
            if (at > words) pieces.Add(new WebUiPiece.Words(text[words..at]));
        }
    }

    bool IsPlain(int at) => isEscaped[at] || !"[]():|".Contains(text[at]);

    bool Is(int at, char sign) => at < text.Length && text[at] == sign && !isEscaped[at];

    // "[" [prompt ":"] prompt ":" number "]"
    (IReadOnlyList<WebUiPiece>, int)? Edited(int start)
    {
        var (first, colon) = Prompt(start + 1);
        if (!Is(colon, ':')) return null;
        if (NumberAfter(colon) is var (number, end)) return ([new WebUiPiece.Edited([], first, number)], end);
        var (second, secondColon) = Prompt(colon + 1);
        if (!Is(secondColon, ':') || NumberAfter(secondColon) is not var (secondNumber, secondEnd)) return null;
        return ([new WebUiPiece.Edited(first, second, secondNumber)], secondEnd);
    }

    (string Number, int End)? NumberAfter(int colon)
    {
        var match = Number().Match(text, colon + 1);
        return match.Success ? (match.Groups[1].Value, match.Index + match.Length) : null;
    }

    // "[" prompt ("|" prompt)+ "]"
    (IReadOnlyList<WebUiPiece>, int)? Alternating(int start)
    {
        var options = new List<IReadOnlyList<WebUiPiece>>();
        int at = start;
        do
        {
            var (option, end) = Prompt(at + 1);
            options.Add(option);
            at = end;
        }
        while (Is(at, '|'));
        return options.Count > 1 && Is(at, ']') ? ([new WebUiPiece.Alternating(options)], at + 1) : null;
    }

    // "(" prompt ")", "(" prompt ":" prompt ")" or "[" prompt "]", which weigh words: their signs stay in the text.
    (IReadOnlyList<WebUiPiece>, int)? Emphasized(int start, char close)
    {
        var (pieces, end) = Prompt(start + 1);
        if (close == ')' && Is(end, ':'))
        {
            var (weight, weightEnd) = Prompt(end + 1);
            (pieces, end) = ([.. pieces, new WebUiPiece.Words(":"), .. weight], weightEnd);
        }
        if (!Is(end, close)) return null;
        return ([new WebUiPiece.Words(text[start].ToString()), .. pieces, new WebUiPiece.Words(close.ToString())], end + 1);
    }

    [GeneratedRegex("""\G\s*([+-]?(?:[0-9]+[eE][+-]?[0-9]+|(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[0-9]+))\s*\]""")]
    private static partial Regex Number();
}
