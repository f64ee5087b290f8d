using System.Runtime.InteropServices;

namespace Lowrank.Adapters;

/// <summary>How a program spells (target, part) in the keys of an adapter file.</summary>
/// <remarks>
/// Names are built forward from the model's real paths and looked up; they are never taken apart. A key is a module name, and a suffix
/// that tells the method and the part.
/// </remarks>
public abstract class Dialect
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>The suffixes it writes, longest first where one ends another, with what they mean.</summary>
    public abstract IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; }

    /// <summary>Whether the keys look like this dialect's.</summary>
    public abstract bool Recognizes(IEnumerable<string> keys);

    /// <summary>Whether a file looks like this dialect's, by its keys and what stands beside them.</summary>
    public virtual bool Recognizes(ITensorFile file) => Recognizes(file.Tensors.Select(t => t.Name));

    /// <summary>The dialect of which this one is a special case: a file that both recognize is this one's. Null where it is a special case of none.</summary>
    public virtual string? Refines => null;

    /// <summary>This dialect as a file speaks it, where the same names may mean one of several things.</summary>
    public virtual Dialect For(ITensorFile file, ModelDescription model) => this;

    /// <summary>The names by which files call a target, the one that is written first; none where the dialect cannot name it.</summary>
    public abstract IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target);

    /// <summary>What a file may hold beside targets' parts, and readers may pass over: not trained, and no change of the answer.</summary>
    public virtual bool IsHarmless(string key) =>
        key.EndsWith("position_ids", StringComparison.Ordinal) || key.EndsWith("logit_scale", StringComparison.Ordinal);

    /// <summary>The name by which a target is written when the whole adapter is known; null where the dialect cannot name it.</summary>
    public virtual string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) => Names(model, component, target).FirstOrDefault();

    /// <summary>The embedding that a key holds: its name, and the component whose words it is among, null where its width tells; null for a key of another kind.</summary>
    public virtual (string Name, string? Component)? EmbeddingOf(ITensorFile file, string key) => null;

    /// <summary>The key of an embedding's vectors for one component; null where the dialect has no place for it.</summary>
    public virtual string? KeyOfEmbedding(Adapter adapter, ModelDescription model, AdapterEmbedding embedding, string component) => null;

    /// <summary>An embedding's vectors (count, width) as they are written.</summary>
    public virtual Tensor EmbeddingValue(Tensor vectors) => vectors;

    /// <summary>The part that a key holds for all targets together, or null.</summary>
    public virtual string? SharedPart(string key) => null;

    /// <summary>What of a whole file keeps it from being understood, one sentence each.</summary>
    public virtual IEnumerable<string> Faults(ITensorFile file) => [];

    /// <summary>What the user should be told of a whole file.</summary>
    public virtual IEnumerable<string> NotesOn(ITensorFile file) => [];

    /// <summary>A target's parts as our methods take them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">The target's name in it.</param>
    /// <param name="target">The target.</param>
    /// <param name="method">The method.</param>
    /// <param name="parts">As read, shared ones included.</param>
    /// <param name="begin">The base's weight, and what the adapter's targets share.</param>
    public virtual StoredParts Stored(
        ITensorFile file, string name, Target target, MethodDescriptor method, IReadOnlyDictionary<string, Tensor> parts, Initialization begin) => new(parts, begin: begin);

    /// <summary>Alpha of a layer that files tell beside its tensors, over the rank; null where they tell it in a tensor, or not at all.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">The layer's name in it.</param>
    /// <param name="method">Its method.</param>
    /// <param name="rank">The rank of its factors.</param>
    public virtual double? AlphaBeside(ITensorFile file, string name, MethodDescriptor method, long rank) => null;

    /// <summary>The path in its model that a layer's name tells by itself; null where names are no paths, or paths of known components.</summary>
    public virtual string? PathOf(string name) => null;

    /// <summary>What a target's parts make, in the wrappers that they ask for; arguments as of <see cref="Stored"/>.</summary>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    internal Reparameterization Make(
        ITensorFile file, string name, Target target, MethodDescriptor method, IReadOnlyDictionary<string, Tensor> parts, Initialization begin)
    {
        try
        {
            var stored = Stored(file, name, target, method, parts, begin);
            return Wrappers.Around(method.FromParts(target, stored), stored);
        }
        // Methods check what they are made of; shapes with too few axes, and sizes that no tensor has, show before they come to that.
        catch (Exception error) when (error is ExternalException or IndexOutOfRangeException or OverflowException or ArgumentException)
        {
            string shapes = string.Join(", ", parts.Select(part => $"{part.Key} ({string.Join(", ", part.Value.shape)})"));
            throw new LowrankException($"{shapes} are no parts of {method.Name} for {target}", error);
        }
    }

    /// <summary>The key under which a part of a target called <paramref name="name"/> is written; null where the dialect has none.</summary>
    public virtual string? KeyOf(Reparameterization reparameterization, string part, string name)
    {
        string method = (reparameterization.Method.StoredAs ?? reparameterization.Method).Name;
        return Suffixes.FirstOrDefault(s => s.Part == part && (s.Method == method || s.Method.Length == 0)).Suffix is { } suffix ? name + suffix : null;
    }

    /// <summary>A part's value as it is written; null where it is told elsewhere.</summary>
    public virtual Tensor? Value(Reparameterization reparameterization, string part, Tensor value) => value;

    /// <summary>Whether a layer only keeps a place in a file that numbers its layers, and is not adapted.</summary>
    public virtual bool IsFiller(IReadOnlyDictionary<string, Tensor> parts) => false;

    /// <summary>Tensors that a file has beside the adapter's own.</summary>
    public virtual IEnumerable<KeyValuePair<string, Tensor>> Beside(Adapter adapter, ModelDescription model) => [];

    /// <summary>Why an adapter cannot be written in this dialect, as a sentence without its full stop; null where it can.</summary>
    public virtual string? Refuses(Adapter adapter, ModelDescription model)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var component in model.Components)
            foreach (var (target, _) in component.Targets)
            {
                if (!adapter.Targets.TryGetValue(target.Path, out var reparameterization)) continue;
                if (WrittenName(adapter, model, component, target) is not { } name) return $"{Name} has no name for {target}";
                foreach (var (part, value) in reparameterization.Parts)
                    if (KeyOf(reparameterization, part, name) is null && Value(reparameterization, part, value.detach()) is not null)
                        return $"{Name} has no name for the {part} of {reparameterization.Method.Name} at {target}";
            }
        foreach (var embedding in adapter.Embeddings)
            if (embedding.Vectors.Keys.FirstOrDefault(component => KeyOfEmbedding(adapter, model, embedding, component) is null) is { } unnamed)
                return $"{Name} has no place for the embedding {embedding.Name} of {unnamed}";
        return null;
    }

    /// <summary>Whether metadata tells of the very file it stood in, so that another file must not have it: a hash, positions, the mark of a program.</summary>
    public virtual bool IsOfFile(string key, string value) => false;

    /// <summary>The metadata of a file that holds these tensors.</summary>
    public virtual IReadOnlyDictionary<string, string> MetadataFor(
        Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) => metadata;

    /// <summary>Writes the spelled tensors, whole or not at all.</summary>
    public virtual void Save(
        string path, Adapter adapter, ModelDescription model, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        Safetensors.Save(path, tensors, AdapterOutline.Tell(adapter, model, MetadataFor(adapter, model, tensors, metadata)));

    /// <summary>A known slip of some writer, mended: the key as it should read, or null.</summary>
    public virtual string? Mend(string key) => null;

    /// <summary>A LoRA's part where a dialect has no place for alpha: the scale is multiplied into up, and alpha is left out.</summary>
    protected static Tensor? Baked(Reparameterization reparameterization, string part, Tensor value)
    {
        if ((reparameterization.Method.StoredAs ?? reparameterization.Method) != Lora.Descriptor) return value;
        if (part == "alpha") return null;
        if (part != "up") return value;
        var parts = reparameterization.Parts.ToDictionary(p => p.Part, p => p.Value);
        double scale = parts["alpha"].ToDouble() / parts["down"].shape[0];
        return scale == 1 ? value : value * scale;
    }

    /// <summary>A target's path below its component.</summary>
    protected static string PathIn(ModelComponent component, Target target) => target.Path[(component.Name.Length + 1)..];

    // CLIP's models lost this level in transformers 5.6.
    const string LostLevel = "text_model.";

    /// <summary>A path below a text encoder, and the same without the level that newer versions of transformers do not have.</summary>
    protected static IEnumerable<string> WithAndWithoutTextModel(string path) =>
        path.StartsWith(LostLevel, StringComparison.Ordinal) ? [path, path[LostLevel.Length..]] : [path];

    /// <summary>Whether an adapter is of one component alone, and none before that one has a layer of the same path: it can be named without its component.</summary>
    protected static bool StandsAlone(Adapter adapter, ModelDescription model, ModelComponent component, Target target)
    {
        if (model.Components.Count == 1) return true;
        if (!adapter.Targets.Keys.All(path => path.StartsWith(component.Name + ".", StringComparison.Ordinal))) return false;
        string path = PathIn(component, target);
        return !model.Components.TakeWhile(c => c != component).Any(c => c.Targets.Any(t => PathIn(c, t.Target) == path));
    }
}
