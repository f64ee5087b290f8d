using System.Globalization;
using System.Text;

namespace Lowrank.Language;

/// <summary>A tokenizer of tiktoken's ranks: on every line a token's bytes in base64 and its id.</summary>
static class TiktokenFile
{
    /// <summary>The parts of a tokenizer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pattern">The regex that splits a text; it does not stand in the file.</param>
    /// <param name="specials">Control tokens and their ids; neither do they.</param>
    public static TokenizerParts Read(string path, string pattern, IReadOnlyCollection<KeyValuePair<string, int>> specials)
    {
        var entries = new List<(string, int)>();
        foreach (string line in TokenizerBytes.LinesOf(path))
            if (line.Length > 0) entries.Add(Entry(line, path));
        var added = specials.Select(special => new AddedToken(special.Value, special.Key) { IsSpecial = true }).ToList();
        var ends = new SpecialTokens
        {
            Begin = added.Find(token => token.Content == "<|begin_of_text|>")?.Id,
            End = added.Find(token => token.Content is "<|end_of_text|>" or "<|endoftext|>")?.Id,
        };
        return new TokenizerParts(new TiktokenModel(new Vocabulary(entries), added.Select(token => token.Id).ToHashSet()))
        {
            Added = added,
            PreTokenizer = new SequencePreTokenizer([new PatternPreTokenizer(KnownPatterns.Of(pattern), SplitBehavior.Isolated),
                new ByteLevelPreTokenizer(addPrefixSpace: false, splits: false)]),
            Decoder = new ByteLevelDecoder(),
            Specials = ends,
        };
    }

    // Far more than any line of ranks takes.
    const int LongestLine = 4096;

    /// <summary>Whether a file's first line is one of ranks; it may be no text at all, as a SentencePiece model of the same name.</summary>
    public static bool Is(string path)
    {
        var bytes = TokenizerBytes.Of(path).AsSpan();
        string begin = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, LongestLine)]);
        return Parse(begin.Split('\n')[0].TrimEnd('\r')) is not null;
    }

    static (string, int) Entry(string line, string path) => Parse(line)
        ?? throw new LowrankException($"{path} has the line \"{line}\", which is no token in base64 with its id. Download the file again.");

    static (string, int)? Parse(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || !int.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int id)) return null;
        byte[] bytes = new byte[space];
        if (!Convert.TryFromBase64Chars(line.AsSpan(0, space), bytes, out int length)) return null;
        var letters = new StringBuilder(length);
        foreach (byte value in bytes.AsSpan(0, length)) letters.Append(ByteAlphabet.LetterOf(value));
        return (letters.ToString(), id);
    }
}
