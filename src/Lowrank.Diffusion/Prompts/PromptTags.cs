using System.Text.RegularExpressions;

namespace Lowrank.Diffusion;

/// <summary>A prompt and the tags that were taken out of it.</summary>
/// <param name="Prompt">What is left; blanks around tags stay.</param>
/// <param name="Tags">The tags, in order.</param>
/// <remarks>Source: modules/extra_networks.py of the web UI, v1.10.1.</remarks>
public sealed partial record PromptTags(string Prompt, IReadOnlyList<PromptTag> Tags)
{
    /// <summary>Takes the tags out of a prompt: "&lt;", a word, ":", and anything up to "&gt;".</summary>
    public static PromptTags Read(string prompt) => new(
        Tag().Replace(prompt, ""),
        [.. Tag().Matches(prompt).Select(tag => new PromptTag(tag.Groups[1].Value, tag.Groups[2].Value.Split(':')))]);

    /// <summary>
    /// The adapters that the tags name, &lt;lora:…&gt; and &lt;lyco:…&gt;: all of one kind, the kind that comes first, before the other.
    /// </summary>
    /// <exception cref="LowrankException">A number of one cannot be read.</exception>
    public IReadOnlyList<AdapterTag> Adapters =>
        [.. Tags.Where(tag => tag.Kind is "lora" or "lyco").GroupBy(tag => tag.Kind).SelectMany(kind => kind).Select(AdapterTag.Of)];

    /// <summary>Tags that name no adapter, and are taken out of the prompt all the same.</summary>
    public IReadOnlyList<PromptTag> Others => [.. Tags.Where(tag => tag.Kind is not ("lora" or "lyco"))];

    /// <summary>Tags of adapters that are not closed, and so are words, in sentences: "&lt;lora:ink (cat".</summary>
    public static IEnumerable<string> Open(string prompt) =>
        from tag in OpenTag().Matches(prompt)
        select $"\"{tag.Value}\" is not closed, and is read as words: write {tag.Groups[1].Value}name:0.8>";

    [GeneratedRegex("""(<(?:lora|lyco|hypernet):)[^\s<>]*(?=[^>]*$)""")]
    private static partial Regex OpenTag();

    [GeneratedRegex("""<(\w+):([^>]+)>""")]
    private static partial Regex Tag();
}
