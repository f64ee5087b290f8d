namespace Lowrank.Language;

/// <summary>
/// tiktoken's byte pairs: a piece's bytes, of which the two neighbours whose joint token has the lowest rank are joined first.
/// </summary>
/// <remarks>
/// Pieces come in the <see cref="ByteAlphabet"/>. Microsoft.ML.Tokenizers' TiktokenTokenizer says the same ids, which is a test; but it
/// splits by a regex over UTF-16, to which a letter beyond U+FFFF is none, and tells no offsets in code points.
/// </remarks>
sealed class TiktokenModel(Vocabulary vocabulary, IReadOnlySet<int> control) : ITokenModel
{
    readonly WordCache cache = new();

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = vocabulary;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        if (cache.Find(piece, into)) return;
        int start = into.Count;
        if (IdOf(piece) is >= 0 and var whole) into.Add(new PieceToken(whole, 0, piece.Length));
        else Merge(piece, into);
        cache.Keep(piece, into, start);
    }

    int IdOf(ReadOnlySpan<char> text) => Vocabulary.Id(text) is { } id && !control.Contains(id) ? id : -1;

    void Merge(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        var row = new LinkedRow(piece.Length);
        int[] ends = [.. Enumerable.Range(1, piece.Length)];
        var heap = new PriorityQueue<(int Left, int End), (int, int)>();
        for (int i = 0; i + 1 < piece.Length; i++) Offer(piece, row, ends, i, heap);
        while (heap.TryDequeue(out var candidate, out _))
        {
            int left = candidate.Left, right = row.Next(left);
            bool isStale = row.IsGone(left) || right < 0 || ends[right] != candidate.End;
            if (isStale) continue;
            ends[left] = candidate.End;
            row.Remove(right);
            if (row.Previous(left) is >= 0 and var before) Offer(piece, row, ends, before, heap);
            Offer(piece, row, ends, left, heap);
        }
        for (int i = 0; i >= 0; i = row.Next(i))
        {
            int id = IdOf(piece[i..ends[i]]);
            if (id < 0) throw new LowrankException($"The ranks have no token for \"{piece[i..ends[i]]}\". Is the file whole?");
            into.Add(new PieceToken(id, i, ends[i]));
        }
    }

    void Offer(ReadOnlySpan<char> piece, LinkedRow row, int[] ends, int left, PriorityQueue<(int Left, int End), (int, int)> heap)
    {
        int right = row.Next(left);
        if (right >= 0 && IdOf(piece[left..ends[right]]) is >= 0 and var id) heap.Enqueue((left, ends[right]), (id, left));
    }
}
