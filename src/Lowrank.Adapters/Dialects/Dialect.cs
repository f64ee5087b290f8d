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

    /// <summary>The names by which files call a target, the one that is written first.</summary>
    public abstract IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target);

    /// <summary>What a file may hold beside targets' parts, and readers may pass over: not trained, and no change of the answer.</summary>
    public virtual bool IsHarmless(string key) =>
        key.EndsWith("position_ids", StringComparison.Ordinal) || key.EndsWith("logit_scale", StringComparison.Ordinal);

    /// <summary>The name by which a target is written when the whole adapter is known.</summary>
    public virtual string WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) => Names(model, component, target).First();

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

    /// <summary>Writes the spelled tensors, whole or not at all.</summary>
    public virtual void Save(
        string path, Adapter adapter, ModelDescription model, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        Safetensors.Save(path, tensors, metadata);

    /// <summary>A known slip of some writer, mended: the key as it should read, or null.</summary>
    public virtual string? Mend(string key) => null;
}
