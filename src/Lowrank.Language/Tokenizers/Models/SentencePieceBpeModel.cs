using System.Text;

namespace Lowrank.Language;

/// <summary>
/// SentencePiece's byte pairs: of all neighbours that are a piece together the one with the highest score is joined first.
/// </summary>
/// <remarks>
/// Our own engine. Microsoft.ML.Tokenizers' says the same ids, which is a test; it is bound to a file with its normalizer, takes no
/// GGUF, and took four times as long for a text.
/// </remarks>
sealed class SentencePieceBpeModel : ITokenModel
{
    readonly IReadOnlyList<float> scores;
    readonly IReadOnlySet<int> hidden;
    readonly WordTrie frozen;
    readonly int unknown;
    readonly bool fallsBackToBytes;
    readonly int[] byteIds;

    /// <summary>A model.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="scores">Their scores.</param>
    /// <param name="unknown">The id for what no piece stands for, or −1.</param>
    /// <param name="hidden">Ids that no text becomes: control tokens, the unknown one, bytes.</param>
    /// <param name="frozen">Pieces of the user, which are neither split nor joined.</param>
    /// <param name="fallsBackToBytes">Whether an unknown character becomes the tokens of its bytes.</param>
    public SentencePieceBpeModel(
        Vocabulary vocabulary, IReadOnlyList<float> scores, int unknown, IReadOnlySet<int> hidden, WordTrie frozen, bool fallsBackToBytes)
    {
        (Vocabulary, this.scores, this.unknown, this.hidden, this.frozen) = (vocabulary, scores, unknown, hidden, frozen);
        this.fallsBackToBytes = fallsBackToBytes;
        byteIds = vocabulary.ByteIds();
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    readonly record struct Candidate(int Left, int End);

    // Symbols are stretches of the piece; Ends[i] is where symbol i ends.
    sealed record Symbols(int[] Starts, int[] Ends, bool[] Frozen, LinkedRow Row);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        var symbols = SymbolsOf(piece);
        var heap = new PriorityQueue<Candidate, (float, int)>();
        for (int i = 0; i + 1 < symbols.Starts.Length; i++) Offer(piece, symbols, i, heap);
        while (heap.TryDequeue(out var candidate, out _))
        {
            int left = candidate.Left, right = symbols.Row.Next(left);
            bool isStale = symbols.Row.IsGone(left) || right < 0 || symbols.Ends[right] != candidate.End;
            if (isStale) continue;
            symbols.Ends[left] = candidate.End;
            symbols.Row.Remove(right);
            if (symbols.Row.Previous(left) is >= 0 and var before) Offer(piece, symbols, before, heap);
            Offer(piece, symbols, left, heap);
        }
        for (int i = 0; i >= 0; i = symbols.Row.Next(i)) Add(piece, symbols.Starts[i], symbols.Ends[i], into);
    }

    Symbols SymbolsOf(ReadOnlySpan<char> piece)
    {
        var (starts, ends, isFrozen) = (new List<int>(piece.Length), new List<int>(piece.Length), new List<bool>(piece.Length));
        for (int at = 0; at < piece.Length;)
        {
            int length = frozen.Longest(piece[at..], out _);
            isFrozen.Add(length > 0);
            if (length == 0) length = char.IsHighSurrogate(piece[at]) ? 2 : 1;
            starts.Add(at);
            ends.Add(at += length);
        }
        return new Symbols([.. starts], [.. ends], [.. isFrozen], new LinkedRow(starts.Count));
    }

    void Offer(ReadOnlySpan<char> piece, Symbols symbols, int left, PriorityQueue<Candidate, (float, int)> heap)
    {
        int right = symbols.Row.Next(left);
        if (right < 0 || symbols.Frozen[left] || symbols.Frozen[right]) return;
        int end = symbols.Ends[right];
        if (IdOf(piece[symbols.Starts[left]..end]) is >= 0 and var id) heap.Enqueue(new Candidate(left, end), (-scores[id], left));
    }

    int IdOf(ReadOnlySpan<char> text) => Vocabulary.Id(text) is { } id && !hidden.Contains(id) ? id : -1;

    void Add(ReadOnlySpan<char> piece, int start, int end, List<PieceToken> into)
    {
        int id = IdOf(piece[start..end]);
        if (id >= 0) into.Add(new PieceToken(id, start, end));
        else if (fallsBackToBytes && AddBytes(piece[start..end], start, into)) return;
        else if (unknown < 0)
            throw new LowrankException($"The vocabulary has no piece for \"{piece[start..end]}\", and names none for what is unknown.");
        else if (into.Count > 0 && into[^1].Id == unknown && into[^1].End == start) into[^1] = into[^1] with { End = end };
        else into.Add(new PieceToken(unknown, start, end));
    }

    bool AddBytes(ReadOnlySpan<char> text, int start, List<PieceToken> into)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(text, bytes)];
        foreach (byte value in bytes)
            if (byteIds[value] < 0) return false;
        foreach (byte value in bytes) into.Add(new PieceToken(byteIds[value], start, start + text.Length));
        return true;
    }
}
