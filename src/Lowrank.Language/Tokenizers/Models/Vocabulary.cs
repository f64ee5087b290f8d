namespace Lowrank.Language;

/// <summary>Tokens and their ids.</summary>
sealed class Vocabulary
{
    readonly Dictionary<string, int> ids;
    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> bySpan;
    readonly string?[] tokens;

    /// <summary>A vocabulary. Of two tokens with one text the first is found by it.</summary>
    /// <exception cref="LowrankException">An id is below 0, or far beyond the number of tokens.</exception>
    public Vocabulary(IReadOnlyCollection<(string Token, int Id)> entries)
    {
        ids = new(entries.Count, StringComparer.Ordinal);
        bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        int last = -1;
        foreach (var (token, id) in entries)
        {
            if (id is < 0 or > HighestId)
                throw new LowrankException($"The token \"{token}\" has the id {id}; ids go from 0 to {HighestId}.");
            last = Math.Max(last, id);
            ids.TryAdd(token, id);
        }
        tokens = new string?[last + 1];
        foreach (var (token, id) in entries) tokens[id] ??= token;
    }

    const int HighestId = 1 << 24;

    /// <summary>The highest id and 1: rows that an embedding must have.</summary>
    public int Size => tokens.Length;

    /// <summary>The id of a token, or null.</summary>
    public int? Id(ReadOnlySpan<char> token) => bySpan.TryGetValue(token, out int id) ? id : null;

    /// <summary>The token of an id, or null.</summary>
    public string? Token(int id) => (uint)id < (uint)tokens.Length ? tokens[id] : null;

    /// <summary>The ids of the 256 tokens <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; −1 where there is none.</summary>
    public int[] ByteIds() => [.. Enumerable.Range(0, 256).Select(value => Id($"<0x{value:X2}>") ?? -1)];
}
