namespace Lowrank.Models;

/// <summary>
/// The vocabulary that CLIP was published with (openai/CLIP, clip/bpe_simple_vocab_16e6.txt.gz: its first 48,894 merges). The merges tell
/// all of it.
/// </summary>
static class ClipVocabulary
{
    internal const string Begin = "<|startoftext|>", End = "<|endoftext|>";
    internal const int Size = 49408;

    static readonly Lazy<string[]> merges = new(() => [.. ReadMerges()]);
    static readonly Lazy<Dictionary<string, int>> tokens = new(MakeTokens);

    /// <summary>Pairs with a blank between, in the order in which they were learnt.</summary>
    internal static IReadOnlyList<string> Merges => merges.Value;

    /// <summary>Ids by token.</summary>
    internal static IReadOnlyDictionary<string, int> Tokens => tokens.Value;

    /// <summary>The lines of a merges.txt.</summary>
    internal static IEnumerable<string> MergesFile() => Merges.Prepend("#version: 0.2");

    static IEnumerable<string> ReadMerges()
    {
        using var reader = new StreamReader(typeof(ClipVocabulary).Assembly.GetManifestResourceStream("ClipMerges.txt")!);
        reader.ReadLine();   // #version
        while (reader.ReadLine() is { Length: > 0 } line) yield return line;
    }

    // The 256 bytes, the same at the end of a word, what merges make of them, and the two marks.
    static Dictionary<string, int> MakeTokens()
    {
        var bytes = ByteLetters().Select(letter => letter.ToString()).ToList();
        var ends = bytes.Select(letter => letter + "</w>");
        var merged = Merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal));
        string[] all = [.. bytes, .. ends, .. merged, Begin, End];
        return all.Index().ToDictionary(token => token.Item, token => token.Index);
    }

    // A byte that prints in Latin-1 is its own letter; the others have the letters from U+0100 on. The printing ones come first.
    static IEnumerable<char> ByteLetters()
    {
        int others = 256 - Enumerable.Range(0, 256).Count(Prints);
        return Enumerable.Range(0, 256).Where(Prints).Concat(Enumerable.Range(256, others)).Select(code => (char)code);

        static bool Prints(int code) => code is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE and <= 0xFF;
    }
}
