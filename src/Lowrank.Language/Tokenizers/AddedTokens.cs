using System.Text;

namespace Lowrank.Language;

/// <summary>The added tokens of a tokenizer, found in texts: the leftmost first, of those at one place the longest.</summary>
sealed class AddedTokens
{
    readonly IReadOnlyList<AddedToken> tokens;
    readonly WordTrie raw, normalized;

    /// <summary>The tokens.</summary>
    /// <param name="tokens">All of them.</param>
    /// <param name="normalizer">What a text goes through before the normalized ones are looked for.</param>
    public AddedTokens(IReadOnlyList<AddedToken> tokens, INormalizer? normalizer)
    {
        this.tokens = tokens;
        // Control tokens come first: of two with one text theirs counts.
        var order = Enumerable.Range(0, tokens.Count).OrderByDescending(i => tokens[i].IsSpecial).ToList();
        raw = new WordTrie([.. order.Where(i => !tokens[i].IsNormalized).Select(i => (tokens[i].Content, i))]);
        var changed = order.Where(i => tokens[i].IsNormalized);
        normalized = new WordTrie([.. changed.Select(i => (Normalized(tokens[i].Content, normalizer), i))]);
    }

    static string Normalized(string content, INormalizer? normalizer)
    {
        var text = new AlignedText(content, 0, content.Length);
        normalizer?.Normalize(text);
        return text.Text;
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<AddedToken> All => tokens;

    /// <summary>Whether any is looked for in normalized text.</summary>
    public bool HasNormalized => !normalized.IsEmpty;

    /// <summary>A text's stretches in order: added tokens with their ids, and what lies between with −1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isNormalized">Whether the text is normalized.</param>
    /// <param name="allows">Where control tokens are found, by first unit and end; others always are.</param>
    public List<(TextSpan Span, int Id)> Split(string text, bool isNormalized, Func<int, int, bool> allows)
    {
        var split = new List<(TextSpan, int)>();
        var trie = isNormalized ? normalized : raw;
        int done = 0;
        for (int at = trie.FirstPlace(text, 0); at >= 0;)
        {
            int length = trie.Longest(text.AsSpan(at), out int found);
            bool counts = length > 0 && Counts(tokens[found], text, at, length, allows);
            if (counts)
            {
                var span = WithBlanks(tokens[found], text, at, length, done);
                if (span.Start > done) split.Add((new TextSpan(done, span.Start), -1));
                split.Add((span, tokens[found].Id));
                done = span.End;
            }
            at += Math.Max(length, 1);
            at = at < text.Length ? trie.FirstPlace(text, at) : -1;
        }
        if (done < text.Length) split.Add((new TextSpan(done, text.Length), -1));
        return split;
    }

    static bool Counts(AddedToken token, string text, int at, int length, Func<int, int, bool> allows)
    {
        if (token.IsSpecial && !allows(at, at + length)) return false;
        if (!token.IsSingleWord) return true;
        int end = at + length;
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var before, out _);
        bool touchesBefore = at > 0 && CodePoints.IsWord(before);
        bool touchesAfter = end < text.Length && CodePoints.IsWord(CodePoints.At(text, end, out _));
        return !touchesBefore && !touchesAfter;
    }

    static TextSpan WithBlanks(AddedToken token, string text, int at, int length, int done)
    {
        int start = at, end = at + length;
        while (token.StripsLeft && start > done && char.IsWhiteSpace(text[start - 1])) start--;
        while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end])) end++;
        return new TextSpan(Math.Max(start, done), Math.Max(end, done));
    }
}
