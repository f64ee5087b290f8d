using System.Text;

namespace Lowrank.Language;

/// <summary>
/// Unigram: the row of pieces with the highest sum of scores (Kudo 2018, <see href="https://arxiv.org/abs/1804.10959"/>).
/// </summary>
/// <remarks>
/// Our own engine, a page: Microsoft.ML.Tokenizers reads Unigram from a SentencePiece file only, with that file's normalizer, not from
/// tokenizer.json, whose normalizer is another; and ends with an index out of range on the golden cases' file.
/// </remarks>
sealed class UnigramModel : ITokenModel
{
    const double UnknownPenalty = 10;   // kUnkPenalty of SentencePiece

    readonly WordTrie trie;
    readonly double[] scores;
    readonly double unknownScore, highest;
    readonly UnigramOptions options;
    readonly int[] byteIds;
    readonly WordCache cache = new();

    /// <summary>A model of pieces with their scores, logarithms of probabilities.</summary>
    public UnigramModel(IReadOnlyList<(string Piece, double Score)> pieces, UnigramOptions options)
    {
        this.options = options;
        Vocabulary = new Vocabulary([.. pieces.Select((piece, id) => (piece.Piece, id))]);
        scores = [.. pieces.Select(piece => piece.Score)];
        var shown = pieces.Select((piece, id) => (piece.Piece, id)).Where(piece => !options.Hidden.Contains(piece.id));
        trie = new WordTrie([.. shown]);
        unknownScore = (options.LowestScore ?? scores.DefaultIfEmpty(0).Min()) - UnknownPenalty;
        highest = scores.DefaultIfEmpty(0).Max();
        byteIds = Vocabulary.ByteIds();
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    // The best row of pieces that ends at a place: where its last piece begins, which it is, and the sum.
    record struct Best(int Start, int Id, double Score);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        if (cache.Find(piece, into)) return;
        int first = into.Count;
        var best = new Best[piece.Length + 1];
        for (int i = 1; i < best.Length; i++) best[i].Start = -1;
        for (int start = 0; start < piece.Length;)
        {
            int length = char.IsHighSurrogate(piece[start]) ? 2 : 1;
            bool hasSingle = TryPieces(piece, start, length, best);
            if (!hasSingle) Try(ref best[start + length], start, -1, best[start].Score + unknownScore);
            start += length;
        }
        Follow(piece, best, into);
        cache.Keep(piece, into, first);
    }

    bool TryPieces(ReadOnlySpan<char> piece, int start, int length, Best[] best)
    {
        bool hasSingle = false;
        int node = 0;
        for (int end = start; end < piece.Length;)
        {
            node = trie.Next(node, piece[end++]);
            if (node < 0) break;
            int id = trie.NumberAt(node);
            if (id < 0) continue;
            double score = scores[id];
            if (options.UserDefined.Contains(id)) score = Encoding.UTF8.GetByteCount(piece[start..end]) * highest - 0.1;
            Try(ref best[end], start, id, best[start].Score + score);
            hasSingle |= end == start + length;
        }
        return hasSingle;
    }

    void Try(ref Best best, int start, int id, double score)
    {
        if (options.IsSingle) score = (float)score;
        if (best.Start < 0 || score > best.Score) best = new Best(start, id, score);
    }

    // Back from the end; unknown code points that follow each other are one token.
    void Follow(ReadOnlySpan<char> piece, Best[] best, List<PieceToken> into)
    {
        var tokens = new List<PieceToken>();
        for (int end = piece.Length; end > 0;)
        {
            var (start, id, _) = best[end];
            bool isFused = id < 0 && tokens.Count > 0 && tokens[^1].Id < 0;
            if (isFused) tokens[^1] = tokens[^1] with { Start = start };
            else tokens.Add(new PieceToken(id, start, end));
            end = start;
        }
        for (int i = tokens.Count - 1; i >= 0; i--)
            if (tokens[i].Id >= 0) into.Add(tokens[i]);
            else AddUnknown(piece, tokens[i], into);
    }

    void AddUnknown(ReadOnlySpan<char> piece, PieceToken token, List<PieceToken> into)
    {
        var text = piece[token.Start..token.End];
        if (options.FallsBackToBytes)
        {
            byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            Encoding.UTF8.GetBytes(text, bytes);
            if (Array.TrueForAll(bytes, value => byteIds[value] >= 0))
            {
                AddBytes(text, bytes, token.Start, into);
                return;
            }
        }
        if (options.UnknownId < 0)
            throw new LowrankException($"The vocabulary has no piece for \"{text}\", and the tokenizer names none for what is unknown.");
        into.Add(token with { Id = options.UnknownId });
    }

    void AddBytes(ReadOnlySpan<char> text, byte[] bytes, int start, List<PieceToken> into)
    {
        // Hugging Face's tokenizers give each byte the whole unknown stretch; SentencePiece knows no offsets of bytes.
        foreach (byte value in bytes) into.Add(new PieceToken(byteIds[value], start, start + text.Length));
    }
}
