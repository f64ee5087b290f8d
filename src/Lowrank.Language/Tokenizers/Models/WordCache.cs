using System.Collections.Concurrent;

namespace Lowrank.Language;

/// <summary>Tokens of short pieces that were made before: a text says most words often. Any number of threads may ask.</summary>
sealed class WordCache
{
    const int LongestWord = 48, MostWords = 1 << 16;

    readonly ConcurrentDictionary<string, PieceToken[]> words;
    readonly ConcurrentDictionary<string, PieceToken[]>.AlternateLookup<ReadOnlySpan<char>> bySpan;
    int count;

    /// <summary>An empty cache.</summary>
    public WordCache()
    {
        words = new(StringComparer.Ordinal);
        bySpan = words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Appends the tokens of a piece, if they are known.</summary>
    public bool Find(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        if (piece.Length > LongestWord || !bySpan.TryGetValue(piece, out var tokens)) return false;
        into.AddRange(tokens);
        return true;
    }

    /// <summary>Keeps the tokens of a piece: those of a list from a place on.</summary>
    public void Keep(ReadOnlySpan<char> piece, List<PieceToken> tokens, int start)
    {
        if (piece.Length > LongestWord || Volatile.Read(ref count) >= MostWords) return;
        if (words.TryAdd(piece.ToString(), tokens[start..].ToArray())) Interlocked.Increment(ref count);
    }
}
