using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Signs that web UIs read in prompts and that are plain text here.</summary>
public static partial class PromptSigns
{
    static readonly (Regex Pattern, string Meaning)
        network = (Network(), "an adapter, which is given beside the prompt"),
        turning = (Turning(), "words that change on the way"),
        joined = (Joined(), "prompts joined"),
        embedding = (Embedding(), "an embedding");

    // What no program reads of itself, but extensions and scripts do.
    static readonly (Regex Pattern, string Meaning)[] extended =
    [
        (Chosen(), "one of several, by chance"),
        (Wildcard(), "a line of a wildcard's file"),
        (Option(), "an option of kohya's sample prompts"),
    ];

    // Those of the first list are taken out before the others are looked for: a weight is no pair of brackets.
    static readonly (Regex Pattern, string Meaning)[] first = [network, (Weighted(), "a weight"), turning];

    static readonly (Regex Pattern, string Meaning)[] others = [(Bracketed(), "brackets that weigh"), .. extended, embedding, joined];

    static readonly (Regex Pattern, string Meaning)[] firstInComfy = [network, turning];

    static readonly (Regex Pattern, string Meaning)[] othersInComfy = [(Square(), "brackets that weigh"), .. extended, joined];

    /// <summary>The signs of a prompt, each with what it would mean elsewhere; none where it is plain words.</summary>
    /// <remarks>
    /// AUTOMATIC1111's syntax (modules/prompt_parser.py, modules/extra_networks.py), kohya's options of sample prompts, ComfyUI's
    /// embeddings and the dynamic prompts of both.
    /// </remarks>
    public static IEnumerable<string> In(string prompt) => Found(prompt, first, others);

    /// <summary>Those that ComfyUI too takes for plain words.</summary>
    public static IEnumerable<string> InComfy(string prompt) => Found(prompt, firstInComfy, othersInComfy);

    /// <summary>Those that AUTOMATIC1111 too takes for plain words.</summary>
    public static IEnumerable<string> InWebUi(string prompt) => Found(prompt, [], [.. extended, embedding]);

    /// <summary>What stands before signs where they are told of.</summary>
    public const string AsWords = "read as plain words: ";

    static IEnumerable<string> Found(
        string prompt, (Regex Pattern, string Meaning)[] first, (Regex Pattern, string Meaning)[] others)
    {
        string rest = first.Aggregate(prompt, (text, sign) => sign.Pattern.Replace(text, ""));
        return [.. Told(first, prompt), .. Told(others, rest)];
    }

    static IEnumerable<string> Told((Regex Pattern, string Meaning)[] signs, string text) =>
        from sign in signs
        from match in sign.Pattern.Matches(text)
        select $"{match.Value.Trim()} ({sign.Meaning})";

    [GeneratedRegex($"""<(?:{PromptTag.NetworkKinds}):[^<>]+>""")]
    private static partial Regex Network();

    [GeneratedRegex("""(?<!\\)\([^()]*:\s*[-+]?[0-9.]+\s*\)""")]
    private static partial Regex Weighted();

    [GeneratedRegex("""(?<!\\)\[[^\[\]]*[:|][^\[\]]*\]""")]
    private static partial Regex Turning();

    [GeneratedRegex("""(?<!\\)\([^()]*(?<!\\)\)|(?<!\\)\[[^\[\]]*(?<!\\)\]""")]
    private static partial Regex Bracketed();

    [GeneratedRegex("""(?<!\\)\[[^\[\]]*(?<!\\)\]""")]
    private static partial Regex Square();

    [GeneratedRegex("""(?<!\\)\{[^{}]*\|[^{}]*\}""")]
    private static partial Regex Chosen();

    [GeneratedRegex("""(?<!_)__(?!_)[^\s,_](?:[^\s,]*?[^\s,_])?__(?!_)""")]
    private static partial Regex Wildcard();

    [GeneratedRegex("""\bembedding:[^\s,()\[\]]+""")]
    private static partial Regex Embedding();

    [GeneratedRegex("""\bBREAK\b|\bAND\b""")]
    private static partial Regex Joined();

    [GeneratedRegex("""(?:^|\s)--[nwhdslgc][a-z]?\s+\S+""")]
    private static partial Regex Option();
}
