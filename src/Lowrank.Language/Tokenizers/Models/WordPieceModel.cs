namespace Lowrank.Language;

/// <summary>WordPiece: from the left the longest token that fits; a word that does not come out is one unknown token.</summary>
/// <remarks>
/// Our own engine, twenty lines: Microsoft.ML.Tokenizers' BertTokenizer brings a normalizer and a split of its own, and says other ids
/// for 23 of 53 golden texts.
/// </remarks>
sealed class WordPieceModel : ITokenModel
{
    readonly string prefix;
    readonly bool prefixesFirst;
    readonly int longestWord, unknown;
    readonly IReadOnlySet<int> control;
    readonly WordCache cache = new();

    /// <summary>A model.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="unknownToken">What an unknown word becomes.</param>
    /// <param name="prefix">What stands before tokens that go on: <c>##</c>.</param>
    /// <param name="prefixesFirst">Whether the prefix stands before tokens that begin a word instead, as in GGUF.</param>
    /// <param name="longestWord">Code points of a word beyond which it is unknown.</param>
    /// <param name="control">Ids that no text becomes.</param>
    public WordPieceModel(
        Vocabulary vocabulary, string unknownToken, string prefix, bool prefixesFirst, int longestWord, IReadOnlySet<int> control)
    {
        (Vocabulary, this.prefix, this.prefixesFirst, this.longestWord) = (vocabulary, prefix, prefixesFirst, longestWord);
        this.control = control;
        unknown = vocabulary.Id(unknownToken) ?? throw new LowrankException(
            $"The unknown token \"{unknownToken}\" is not in the vocabulary. Do tokenizer and vocabulary belong together?");
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        if (cache.Find(piece, into)) return;
        int first = into.Count;
        if (CodePointsOf(piece) > longestWord || !AddTokens(piece, into))
        {
            into.RemoveRange(first, into.Count - first);
            into.Add(new PieceToken(unknown, 0, piece.Length));
        }
        cache.Keep(piece, into, first);
    }

    static int CodePointsOf(ReadOnlySpan<char> piece)
    {
        int count = 0;
        foreach (char c in piece)
            if (!char.IsLowSurrogate(c)) count++;
        return count;
    }

    bool AddTokens(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        var candidate = new char[prefix.Length + piece.Length];
        prefix.CopyTo(candidate);
        piece.CopyTo(candidate.AsSpan(prefix.Length));
        for (int start = 0; start < piece.Length;)
        {
            bool isPrefixed = prefixesFirst == (start == 0);
            // The prefix goes over what came before; that is not looked at again.
            if (isPrefixed) prefix.CopyTo(candidate.AsSpan(start));
            var rest = candidate.AsSpan(isPrefixed ? start : start + prefix.Length);
            int end = piece.Length;
            while (end > start && IdOf(rest[..(end - start + (isPrefixed ? prefix.Length : 0))]) < 0)
                end -= char.IsLowSurrogate(piece[end - 1]) ? 2 : 1;
            if (end <= start) return false;
            into.Add(new PieceToken(IdOf(rest[..(end - start + (isPrefixed ? prefix.Length : 0))]), start, end));
            start = end;
        }
        return true;
    }

    int IdOf(ReadOnlySpan<char> token) => Vocabulary.Id(token) is { } id && !control.Contains(id) ? id : -1;
}
