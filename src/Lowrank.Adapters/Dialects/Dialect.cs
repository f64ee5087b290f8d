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

    /// <summary>A known slip of some writer, mended: the key as it should read, or null.</summary>
    public virtual string? Mend(string key) => null;
}
