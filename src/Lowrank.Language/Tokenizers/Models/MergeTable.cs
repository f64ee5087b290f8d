namespace Lowrank.Language;

/// <summary>Which pairs of tokens become one token, and in which order.</summary>
sealed class MergeTable
{
    readonly PairTable table;

    /// <summary>A table.</summary>
    /// <param name="merges">Pairs of ids, the first to be merged first. Of a pair that stands twice the last counts.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="options">The prefix of tokens that go on, and the ids that are never made.</param>
    /// <exception cref="LowrankException">What a pair becomes is not in the vocabulary.</exception>
    public MergeTable(IReadOnlyList<(int Left, int Right)> merges, Vocabulary vocabulary, BytePairOptions options)
    {
        table = new PairTable(merges.Count);
        var joined = new char[64];
        for (int rank = 0; rank < merges.Count; rank++)
        {
            string left = vocabulary.Token(merges[rank].Left)!, right = vocabulary.Token(merges[rank].Right)!;
            bool isPrefixed = right.StartsWith(options.ContinuingPrefix, StringComparison.Ordinal);
            var rest = right.AsSpan(isPrefixed ? options.ContinuingPrefix.Length : 0);
            int length = left.Length + rest.Length;
            if (length > joined.Length) joined = new char[length * 2];
            left.CopyTo(joined);
            rest.CopyTo(joined.AsSpan(left.Length));
            var token = joined.AsSpan(0, length);
            int made = vocabulary.Id(token) ?? throw NotThere($"\"{left}\" and \"{right}\"", token);
            if (!options.Control.Contains(made)) table.Set(merges[rank].Left, merges[rank].Right, (long)rank << 32 | (uint)made);
        }
    }

    /// <summary>The ids of a pair that is written as two tokens with a space between.</summary>
    /// <param name="text">The pair.</param>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="place">Where it stands, for errors.</param>
    /// <exception cref="LowrankException">It is no pair, or one of its tokens is not in the vocabulary.</exception>
    public static (int Left, int Right) Pair(ReadOnlySpan<char> text, Vocabulary vocabulary, string place)
    {
        int space = text.IndexOf(' ');
        if (space <= 0 || space == text.Length - 1)
            throw new LowrankException($"{place} has the merge \"{text}\", which is no pair of tokens. Download the file again.");
        return Pair(text[..space], text[(space + 1)..], vocabulary);
    }

    /// <summary>The ids of a pair.</summary>
    /// <exception cref="LowrankException">One of its tokens is not in the vocabulary.</exception>
    public static (int Left, int Right) Pair(ReadOnlySpan<char> left, ReadOnlySpan<char> right, Vocabulary vocabulary)
    {
        if (vocabulary.Id(left) is not { } first) throw NotThere($"\"{left}\" and \"{right}\"", left);
        if (vocabulary.Id(right) is not { } second) throw NotThere($"\"{left}\" and \"{right}\"", right);
        return (first, second);
    }

    static LowrankException NotThere(string pair, ReadOnlySpan<char> token) => new(
        $"A merge joins {pair}, and the vocabulary has no token \"{token}\". Do merges and vocabulary belong to one tokenizer?");

    /// <summary>Number of merges.</summary>
    public int Count => table.Count;

    /// <summary>Rank and result of merging two tokens; false where they are not merged.</summary>
    public bool Find(int left, int right, out int rank, out int made)
    {
        bool isThere = table.Find(left, right, out long value);
        (rank, made) = ((int)(value >> 32), (int)value);
        return isThere;
    }
}
