using System.Text;

namespace Lowrank.Language;

/// <summary>
/// Byte-pair encoding: of all neighbours those with the lowest rank are merged, the leftmost first, until none is left.
/// </summary>
/// <remarks>
/// Our own engine, where Microsoft.ML.Tokenizers has one: its BpeTokenizer knows neither <c>ignore_merges</c> nor byte fallback, keeps
/// the byte alphabet, the split and the ends of words in one class, tells no offsets through a normalizer, and took four times as long
/// for a text.
/// </remarks>
sealed class BytePairModel : ITokenModel
{
    const int LongestBySearch = 40;   // symbols; beyond that a heap is faster than looking at all pairs again

    readonly MergeTable merges;
    readonly BytePairOptions options;
    readonly int[] byteIds;
    readonly int unknown;
    readonly int[] idsOfUnits = new int[0x200];   // of single characters, where they are looked up most
    readonly WordCache cache = new();

    /// <summary>A model.</summary>
    /// <exception cref="LowrankException">The unknown token, or a part of a merge, is not in the vocabulary.</exception>
    public BytePairModel(Vocabulary vocabulary, IReadOnlyList<(int Left, int Right)> pairs, BytePairOptions options)
    {
        (Vocabulary, this.options) = (vocabulary, options);
        merges = new MergeTable(pairs, vocabulary, options);
        byteIds = vocabulary.ByteIds();
        unknown = -1;
        if (options.UnknownToken is { } token)
            unknown = vocabulary.Id(token) ?? throw new LowrankException(
                $"The unknown token \"{token}\" is not in the vocabulary. Do tokenizer and vocabulary belong together?");
        bool isPlain = options.ContinuingPrefix.Length == 0 && options.EndOfWordSuffix.Length == 0;
        for (int unit = 0; unit < idsOfUnits.Length; unit++)
            idsOfUnits[unit] = isPlain ? vocabulary.Id([(char)unit]) ?? -1 : -1;
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        if (cache.Find(piece, into)) return;
        int start = into.Count;
        bool isWhole = options.IgnoresMerges && Vocabulary.Id(piece) is { } id && !options.Control.Contains(id);
        if (isWhole) into.Add(new PieceToken(Vocabulary.Id(piece)!.Value, 0, piece.Length));
        else
        {
            Characters(piece, into);
            if (into.Count - start > LongestBySearch) HeapMerging.Merge(into, start, merges);
            else MergeBySearch(into, start);
        }
        cache.Keep(piece, into, start);
    }

    // The tokens of single characters.
    void Characters(ReadOnlySpan<char> piece, List<PieceToken> into)
    {
        int unknownStart = -1;
        for (int at = 0; at < piece.Length;)
        {
            int length = char.IsHighSurrogate(piece[at]) ? 2 : 1;
            int id = IdAt(piece, at, length);
            if (id < 0 && options.FallsBackToBytes && AddBytes(piece.Slice(at, length), at, into))
            {
                at += length;
                continue;
            }
            if (id >= 0)
            {
                AddUnknown(unknownStart, at, into);
                unknownStart = -1;
                into.Add(new PieceToken(id, at, at + length));
            }
            else
            {
                if (unknown < 0) throw Unknown(piece.Slice(at, length));
                if (!options.FusesUnknown) AddUnknown(unknownStart, at, into);
                if (unknownStart < 0 || !options.FusesUnknown) unknownStart = at;
            }
            at += length;
        }
        AddUnknown(unknownStart, piece.Length, into);
    }

    void AddUnknown(int start, int end, List<PieceToken> into)
    {
        if (start >= 0) into.Add(new PieceToken(unknown, start, end));
    }

    static LowrankException Unknown(ReadOnlySpan<char> character) => new(
        $"The vocabulary has no token for \"{character}\", and the tokenizer names none for what is unknown. " +
        "Is its pre-tokenizer missing, which writes texts in the alphabet of bytes?");

    int IdAt(ReadOnlySpan<char> piece, int at, int length)
    {
        bool isFirst = at == 0, isLast = at + length == piece.Length;
        bool isPlain = (isFirst || options.ContinuingPrefix.Length == 0) && (!isLast || options.EndOfWordSuffix.Length == 0);
        if (!isPlain)
        {
            string prefix = isFirst ? "" : options.ContinuingPrefix, suffix = isLast ? options.EndOfWordSuffix : "";
            return Vocabulary.Id($"{prefix}{piece.Slice(at, length)}{suffix}") ?? -1;
        }
        char unit = piece[at];
        if (unit < idsOfUnits.Length && idsOfUnits[unit] >= 0) return idsOfUnits[unit];
        return Vocabulary.Id(piece.Slice(at, length)) ?? -1;
    }

    bool AddBytes(ReadOnlySpan<char> character, int at, List<PieceToken> into)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(character, bytes)];
        foreach (byte value in bytes)
            if (byteIds[value] < 0) return false;
        foreach (byte value in bytes) into.Add(new PieceToken(byteIds[value], at, at + character.Length));
        return true;
    }

    void MergeBySearch(List<PieceToken> tokens, int start)
    {
        while (true)
        {
            int best = -1, lowest = int.MaxValue, result = 0;
            for (int i = start; i + 1 < tokens.Count; i++)
                if (merges.Find(tokens[i].Id, tokens[i + 1].Id, out int rank, out int made) && rank < lowest)
                    (best, lowest, result) = (i, rank, made);
            if (best < 0) return;
            tokens[best] = new PieceToken(result, tokens[best].Start, tokens[best + 1].End);
            tokens.RemoveAt(best + 1);
        }
    }
}
