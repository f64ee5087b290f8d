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
        [.. Tags.Where(tag => tag.NamesAdapter).GroupBy(tag => tag.Kind).SelectMany(kind => kind).Select(AdapterTag.Of)];

    /// <summary>Tags that name no adapter, and are taken out of the prompt all the same.</summary>
    public IReadOnlyList<PromptTag> Others => [.. Tags.Where(tag => !tag.NamesAdapter)];

    /// <summary>Tags of adapters that are not closed, and so are words, in sentences: "&lt;lora:ink (cat".</summary>
    public static IEnumerable<string> Open(string prompt) =>
        from tag in OpenTag().Matches(prompt)
        select $"\"{tag.Value}\" is not closed, and is read as words: write {tag.Groups[1].Value}name:0.8>";

    [GeneratedRegex($"""(<(?:{PromptTag.NetworkKinds}):)[^\s<>]*(?=[^>]*$)""")]
    private static partial Regex OpenTag();

    /// <summary>
    /// Takes tags of adapters out of the prompt in a picture's text: those at its end with the blank before them, which is how they were
    /// put there.
    /// </summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="isTaken">Whether a tag is taken out; the others stay words.</param>
    public static PromptTags ReadTold(string prompt, Func<PromptTag, bool> isTaken)
    {
        var tags = new List<PromptTag>();
        string left = ToldTag().Replace(prompt, match =>
        {
            var tag = new PromptTag(match.Groups[1].Value, match.Groups[2].Value.Split(':'));
            if (!isTaken(tag)) return match.Value;
            tags.Add(tag);
            return "";
        });
        return new(left, tags);
    }

    [GeneratedRegex("""<(\w+):([^>]+)>""")]
    private static partial Regex Tag();

    const string OfAdapter = $"<(?:{PromptTag.AdapterKinds}):[^>]+>";

    // A blank before it goes too where nothing but tags follows.
    [GeneratedRegex($@"(?: (?={OfAdapter}(?: {OfAdapter})*\z))?<({PromptTag.AdapterKinds}):([^>]+)>")]
    private static partial Regex ToldTag();
}
