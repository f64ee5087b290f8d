using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>Signs that web UIs read in prompts and that are plain text here.</summary>
public static partial class PromptSigns
{
    /// <summary>The signs of a prompt, each with what it would mean elsewhere; none where it is plain words.</summary>
    /// <remarks>
    /// AUTOMATIC1111's syntax (modules/prompt_parser.py, modules/extra_networks.py), kohya's options of sample prompts, ComfyUI's
    /// embeddings and the dynamic prompts of both.
    /// </remarks>
    public static IEnumerable<string> In(string prompt)
    {
        foreach (Match match in Network().Matches(prompt)) yield return $"{match.Value} (an adapter, which is given beside the prompt)";
        foreach (Match match in Weighted().Matches(prompt)) yield return $"{match.Value} (a weight)";
        foreach (Match match in Turning().Matches(prompt)) yield return $"{match.Value} (words that change on the way)";
        string rest = Turning().Replace(Weighted().Replace(Network().Replace(prompt, ""), ""), "");
        foreach (Match match in Bracketed().Matches(rest)) yield return $"{match.Value} (brackets that weigh)";
        foreach (Match match in Chosen().Matches(rest)) yield return $"{match.Value} (one of several, by chance)";
        foreach (Match match in Embedding().Matches(rest)) yield return $"{match.Value} (an embedding)";
        foreach (Match match in Joined().Matches(rest)) yield return $"{match.Value} (prompts joined)";
        foreach (Match match in Option().Matches(rest)) yield return $"{match.Value.Trim()} (an option of kohya's sample prompts)";
    }

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

    [GeneratedRegex("""\bembedding:[^\s,()\[\]]+""")]
    private static partial Regex Embedding();

    [GeneratedRegex("""\bBREAK\b|\bAND\b""")]
    private static partial Regex Joined();

    [GeneratedRegex("""(?:^|\s)--[nwhdslgc][a-z]?\s+\S+""")]
    private static partial Regex Option();
}
