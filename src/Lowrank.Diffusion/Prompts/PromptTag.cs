namespace Lowrank.Diffusion;

/// <summary>A tag in a prompt, as AUTOMATIC1111 takes it out: &lt;lora:ink:0.8&gt;.</summary>
/// <param name="Kind">The word before the first colon.</param>
/// <param name="Items">What stands between the colons behind it, at least one.</param>
public sealed record PromptTag(string Kind, IReadOnlyList<string> Items)
{
    /// <summary>The kinds of tags that name an adapter, and those that name any network, as alternatives of a pattern.</summary>
    internal const string AdapterKinds = "lora|lyco", NetworkKinds = $"{AdapterKinds}|hypernet";

    /// <summary>The kind that AUTOMATIC1111 writes.</summary>
    public const string UsualKind = "lora";

    /// <summary>Whether it names an adapter, rather than anything else.</summary>
    public bool NamesAdapter => AdapterKinds.Split('|').Contains(Kind);

    /// <summary>The usual tag of an adapter: &lt;lora:ink:0.8&gt;.</summary>
    /// <param name="name">Its file's name without ending.</param>
    /// <param name="strength">Multiplier in all of it.</param>
    public static PromptTag Of(string name, double strength) => new(UsualKind, [name, PlainValue.Text(strength)]);

    /// <summary>Items without a name.</summary>
    public IReadOnlyList<string> Positional => [.. Items.Where(item => !IsNamed(item))];

    /// <summary>Items with a name, "te=0.5"; of equal names the last counts.</summary>
    public IReadOnlyDictionary<string, string> Named
    {
        get
        {
            var named = new Dictionary<string, string>();
            foreach (string item in Items.Where(IsNamed)) named[item[..item.IndexOf('=')]] = item[(item.IndexOf('=') + 1)..];
            return named;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"<{Kind}:{string.Join(':', Items)}>";

    // "a=b=c" has no name.
    static bool IsNamed(string item) => item.Count(letter => letter == '=') == 1;
}
