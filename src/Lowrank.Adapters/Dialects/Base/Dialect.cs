using System.Runtime.InteropServices;

namespace Lowrank.Adapters;

/// <summary>
/// How a program's adapter files are written: how keys spell (target, part), in which form parts stand, what words are called, and what
/// lies around the tensors. A dialect is these four things together, each of which may be shared with others.
/// </summary>
public abstract class Dialect
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The dialect of which this one is a special case: a file that both recognize is this one's. Null where it is a special case of none.
    /// </summary>
    public virtual string? Refines => null;

    /// <summary>How it names layers and their parts.</summary>
    public abstract Spelling Spelling { get; }

    /// <summary>In which form parts stand in its files.</summary>
    public virtual PartLayout Layout => PartLayout.Plain;

    /// <summary>How it names words.</summary>
    public virtual WordSpelling Words => WordSpelling.None;

    /// <summary>What lies around the tensors of its files.</summary>
    public virtual Packaging Packaging => Packaging.Plain;

    /// <summary>Whether the keys look like this dialect's.</summary>
    public abstract bool Recognizes(IEnumerable<string> keys);

    /// <summary>Whether a file looks like this dialect's, by its keys and what stands beside them.</summary>
    public virtual bool Recognizes(ITensorFile file) => Recognizes(file.Tensors.Select(t => t.Name));

    /// <summary>Whether what stands beside a file's tensors is this dialect's alone, however its keys are spelled.</summary>
    internal virtual bool Owns(ITensorFile file) => false;

    /// <summary>This dialect as a file speaks it, where the same names may mean one of several things.</summary>
    public virtual Dialect For(ITensorFile file, ModelDescription model) => this;

    /// <summary>A file as its keys stand for a model: itself, where files name every layer's parts alone.</summary>
    internal virtual ITensorFile View(ITensorFile file, ModelDescription model) => file;

    /// <summary>Whether a key holds virtual tokens.</summary>
    internal virtual bool IsPrompt(string key) => false;

    /// <summary>The virtual tokens in a file; null where it holds none.</summary>
    /// <exception cref="LowrankException">They do not fit the model, or what is told of them.</exception>
    internal virtual VirtualPrompt? PromptIn(ITensorFile file, ModelDescription model) => null;

    /// <summary>The same as the header tells them, of no certain model.</summary>
    internal virtual InspectedPrompt? PromptIn(ITensorFile file) => null;

    /// <summary>Whether files hold virtual tokens.</summary>
    private protected virtual bool HoldsPrompts => false;

    /// <summary>An adapter's tensors by their layers' keys, as files hold them.</summary>
    internal virtual IReadOnlyList<KeyValuePair<string, Tensor>> Folded(
        IReadOnlyList<KeyValuePair<string, Tensor>> tensors, ModelDescription model) => tensors;

    /// <summary>
    /// This dialect as it writes an adapter, where what stands in a layer's parts depends on the model or on other layers.
    /// </summary>
    public virtual Dialect ForWriting(Adapter adapter, ModelDescription model) => this;

    /// <summary>
    /// This dialect, writing the levels of paths that newer versions of the programs leave out (CLIP's <c>text_model.</c>, for transformers
    /// before 5.6); null where files say the same to all versions.
    /// </summary>
    public virtual Dialect? WithOptionalLevels => null;

    /// <summary>What of a whole file keeps it from being understood, one sentence each.</summary>
    public virtual IEnumerable<string> Faults(ITensorFile file) => [];

    /// <summary>What the user should be told of a whole file.</summary>
    public virtual IEnumerable<string> NotesOn(ITensorFile file) => [];

    /// <summary>What a whole file tells beside its tensors that is not understood and not used.</summary>
    public virtual IEnumerable<PassedOver> PassesOver(ITensorFile file) => [];

    /// <summary>Why an adapter cannot be written in this dialect, as a sentence without its full stop; null where it can.</summary>
    public virtual string? Refuses(Adapter adapter, ModelDescription model)
    {
        if (adapter.Prompt is not null && !HoldsPrompts) return $"{Name} has no place for virtual tokens";
        foreach (var component in model.Components)
            foreach (var (target, layer) in component.Targets)
            {
                if (!adapter.Targets.TryGetValue(target.Path, out var made)) continue;
                if (RefusesLayer(adapter, model, component, made) is { } reason) return reason;
                if (Layout.Loses(made, layer) is { } lost) return $"{Name} cannot tell {lost}, as at {target.Path}";
            }
        foreach (var word in adapter.Embeddings)
            if (word.Vectors.Keys.FirstOrDefault(encoder => Words.KeyOf(adapter, model, word, encoder) is null) is { } unnamed)
                return $"{Name} has no place for the embedding {word.Name} of {unnamed}";
        return null;
    }

    string? RefusesLayer(Adapter adapter, ModelDescription model, ModelComponent component, Reparameterization made)
    {
        if (Spelling.WrittenName(adapter, model, component, made.Target) is not { } name) return $"{Name} has no name for {made.Target}";
        using var scope = NewDisposeScope();
        foreach (var (part, _) in made.Parts)
            if (!Layout.LeavesOut(made, part) && Spelling.KeyOf(made, part, name, component.Role) is null)
                return $"{Name} has no name for the {part} of {made.Method.Name} at {made.Target}";
        return null;
    }

    /// <summary>What a target's parts make, in the wrappers that they ask for.</summary>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    internal Reparameterization Make(FiledLayer layer, Target target, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        try
        {
            var stored = Layout.Read(layer, target, parts, begin);
            return Wrappers.Around(layer.Method.FromParts(target, stored), stored);
        }
        // Methods check what they are made of; shapes with too few axes, and sizes that no tensor has, show before they come to that.
        catch (Exception error) when (error is ExternalException or IndexOutOfRangeException or OverflowException or ArgumentException)
        {
            string shapes = string.Join(", ", parts.Select(part => $"{part.Key} {part.Value.shape.Text()}"));
            throw new LowrankException($"{shapes} are no parts of {layer.Method.Name} for {target}", error);
        }
    }
}
