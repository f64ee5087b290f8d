namespace Lowrank.Adapters;

/// <summary>How a dialect names the words (embeddings) that come with an adapter.</summary>
/// <remarks>The spelling itself is that of dialects that have no place for words.</remarks>
public class WordSpelling
{
    /// <summary>No words.</summary>
    public static WordSpelling None { get; } = new();

    /// <summary>
    /// The program whose names of encoders stand in keys, one of <see cref="ModelComponent.Aliases"/>; null where none do.
    /// </summary>
    public virtual string? Program => null;

    /// <summary>
    /// The word that a key holds, and what the file calls the encoder whose word it is, null where its width tells; null for a key of
    /// another kind.
    /// </summary>
    public virtual (string Name, string? Encoder)? Of(ITensorFile file, string key) => null;

    /// <summary>The key of a word's vectors for one component; null where the dialect has no place for it.</summary>
    public virtual string? KeyOf(Adapter adapter, ModelDescription model, AdapterEmbedding word, string component) => null;

    /// <summary>A word's vectors (count, width) as they are written.</summary>
    public virtual Tensor Write(Tensor vectors) => vectors;

    /// <summary>The encoders that a file means by a name.</summary>
    public IEnumerable<ModelComponent> Encoders(ModelDescription model, string? encoder) => encoder is null
        ? model.Having(ComponentRole.TextEncoder)
        : model.Components.Where(component => component.Name == encoder || NamesOf(component).Contains(encoder));

    /// <summary>What files call a component, the name that is written first.</summary>
    protected IReadOnlyList<string> NamesOf(ModelComponent component) =>
        Program is not null && component.Aliases.TryGetValue(Program, out var alias) ? alias.Names : [];

    /// <summary>The name under which files hold a component's words; null where they do not.</summary>
    protected string? WrittenNameOf(ModelDescription model, string component) =>
        model.Components.FirstOrDefault(c => c.Name == component) is { } found && NamesOf(found) is [var first, ..] ? first : null;
}
