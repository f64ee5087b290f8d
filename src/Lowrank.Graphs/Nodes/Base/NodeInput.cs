namespace Lowrank.Graphs;

/// <summary>An input that a class of nodes declares.</summary>
/// <param name="Name">Its name in documents.</param>
/// <param name="Type">ComfyUI's name of its type.</param>
public record NodeInput(string Name, string Type)
{
    /// <summary>Whether a node may go without.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Whether people write a value into it, in a widget, where no link leads to it.</summary>
    public virtual bool HasWidget => false;

    /// <summary>What it is where nothing is given; null if something must be.</summary>
    public virtual object? Default => null;

    /// <summary>
    /// What to say of a written value that has no effect, or another than in ComfyUI, behind the input's name and the value; null for
    /// nothing.
    /// </summary>
    public Func<object?, string?>? Remark { get; init; }

    /// <summary>What to say of a value, in sentences behind the node's name.</summary>
    public virtual IEnumerable<string> RemarksOn(object? written) =>
        Remark?.Invoke(written) is { } words ? [$"{Name} {PythonText.Str(written)} {words}."] : [];

    /// <summary>
    /// What to say of the default, which ComfyUI's interface writes unasked, where it has another effect here; null for nothing.
    /// </summary>
    public string? DefaultRemark { get; init; }

    /// <summary>The values that it takes, in words.</summary>
    public virtual string Range => "another value";

    /// <summary>What ComfyUI tells of it besides its type, in its order.</summary>
    public virtual IEnumerable<KeyValuePair<string, object?>> Facts(GraphFolders folders) => [];

    /// <summary>What stands for its type in ComfyUI's description: the name, or the list of choices.</summary>
    public virtual object Spec(GraphFolders folders) => Type;

    /// <summary>A link that must be there.</summary>
    public static NodeInput Link(string name, string type) => new(name, type);

    /// <summary>A link that may be missing.</summary>
    public static NodeInput MaybeLink(string name, string type) => new(name, type) { IsOptional = true };
}
