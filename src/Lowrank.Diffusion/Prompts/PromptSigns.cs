using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Signs that web UIs read in prompts and that are plain text here.</summary>
public static partial class PromptSigns
{
    // Those of the first list are taken out before the others are looked for: a weight is no pair of brackets.
    static readonly (Regex Pattern, string Meaning)[] first =
    [
        (Network(), "an adapter, which is given beside the prompt"),
        (Weighted(), "a weight"),
        (Turning(), "words that change on the way"),
    ];

    static readonly (Regex Pattern, string Meaning)[] others =
    [
        (Bracketed(), "brackets that weigh"),
        (Chosen(), "one of several, by chance"),
        (Wildcard(), "a line of a wildcard's file"),
        (Embedding(), "an embedding"),
        (Joined(), "prompts joined"),
        (Option(), "an option of kohya's sample prompts"),
    ];

    /// <summary>The signs of a prompt, each with what it would mean elsewhere; none where it is plain words.</summary>
    /// <remarks>
    /// AUTOMATIC1111's syntax (modules/prompt_parser.py, modules/extra_networks.py), kohya's options of sample prompts, ComfyUI's
    /// embeddings and the dynamic prompts of both.
    /// </remarks>
    public static IEnumerable<string> In(string prompt)
    {
        string rest = first.Aggregate(prompt, (text, sign) => sign.Pattern.Replace(text, ""));
        return [.. Told(first, prompt), .. Told(others, rest)];
    }

    static IEnumerable<string> Told((Regex Pattern, string Meaning)[] signs, string text) =>
        from sign in signs
        from match in sign.Pattern.Matches(text)
        select $"{match.Value.Trim()} ({sign.Meaning})";

    [GeneratedRegex("""<(?:lora|lyco|hypernet):[^<>]+>""")]
    private static partial Regex Network();

    [GeneratedRegex("""(?<!\\)\([^()]*:\s*[-+]?[0-9.]+\s*\)""")]
    private static partial Regex Weighted();

    [GeneratedRegex("""(?<!\\)\[[^\[\]]*[:|][^\[\]]*\]""")]
    private static partial Regex Turning();

    [GeneratedRegex("""(?<!\\)\([^()]*(?<!\\)\)|(?<!\\)\[[^\[\]]*(?<!\\)\]""")]
    private static partial Regex Bracketed();

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
