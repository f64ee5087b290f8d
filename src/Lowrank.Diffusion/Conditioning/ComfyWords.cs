using System.Text.RegularExpressions;
using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Finds in a stretch of text what ComfyUI takes for embeddings: "embedding:name" at its beginning or behind a blank.</summary>
static partial class ComfyWords
{
    const string Sign = "embedding:";

    /// <summary>A run of tokens, or the name of an embedding that nobody has.</summary>
    public readonly record struct Run(IReadOnlyList<long> Ids, string? Unknown = null);

    /// <summary>The runs of a stretch.</summary>
    public static IEnumerable<Run> Read(ClipTokenizer tokenizer, string text)
    {
        foreach (string word in Words(text))
        {
            string rest = word;
            if (word.StartsWith(Sign, StringComparison.Ordinal))
            {
                var (asked, after) = Asked(word);
                string bare = asked.Trim(',');
                var known = Find(tokenizer, asked);
                if (known is null && bare.Length < asked.Length)
                    (known, after) = (Find(tokenizer, bare), $"{asked[bare.Length..]} {after}");
                yield return known is null ? new([], bare) : new(known.Ids);
                rest = after;
            }
            if (rest.Length > 0) yield return new(tokenizer.EncodeBare(rest));
        }
    }

    /// <summary>Names of embeddings, without commas around them.</summary>
    public static IEnumerable<string> Names(string text) =>
        from word in Words(text)
        where word.StartsWith(Sign, StringComparison.Ordinal)
        select Asked(word).Name.Trim(',');

    static IEnumerable<string> Words(string text)
    {
        string[] between = Separator().Split(text);
        for (int i = 0; i < between.Length; i++)
        {
            string word = i == 0 ? between[i] : Sign + between[i];
            if (word.Length > 0) yield return word;
        }
    }

    // The name up to a blank, and the words behind it.
    static (string Name, string After) Asked(string word)
    {
        string[] words = word[Sign.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? ("", "") : (words[0], string.Join(' ', words[1..]));
    }

    static TaughtWord? Find(ClipTokenizer tokenizer, string name) =>
        tokenizer.Taught.FirstOrDefault(word => word.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("[ \n]embedding:")]
    private static partial Regex Separator();
}
