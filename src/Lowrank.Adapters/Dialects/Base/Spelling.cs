namespace Lowrank.Adapters;

/// <summary>How a dialect names targets and their parts in keys: a layer's name, and a suffix that tells the method and the part.</summary>
/// <remarks>Names are built forward from the model's real paths and looked up; they are never taken apart.</remarks>
public abstract class Spelling
{
    /// <summary>
    /// The suffixes it writes, longest first where one ends another, with what they mean; one without a method is any method's.
    /// </summary>
    public abstract IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; }

    /// <summary>
    /// The names by which files call a target, the one that is written first; none where the dialect cannot name it.
    /// </summary>
    public abstract IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target);

    /// <summary>The name by which a target is written when the whole adapter is known; null where the dialect cannot name it.</summary>
    public virtual string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        Names(model, component, target).FirstOrDefault();

    /// <summary>The key under which a part is written; null where the dialect has none.</summary>
    /// <param name="made">Whose part it is.</param>
    /// <param name="part">The part.</param>
    /// <param name="name">What the target is called, as of <see cref="WrittenName"/>.</param>
    /// <param name="role">What the target's component does.</param>
    public virtual string? KeyOf(Reparameterization made, string part, string name, ComponentRole role)
    {
        string method = StoredMethod(made).Name;
        var (suffix, _, _) = Suffixes.FirstOrDefault(s => s.Part == part && (s.Method == method || s.Method.Length == 0));
        return suffix is null ? null : name + suffix;
    }

    /// <summary>The part that a key holds for all targets together, or null.</summary>
    public virtual string? SharedPart(string key) => null;

    /// <summary>A known slip of some writer, mended: the key as it should read, or null.</summary>
    public virtual string? Mend(string key) => null;

    /// <summary>
    /// The path in its model that a layer's name tells by itself; null where names are no paths, or paths of known components.
    /// </summary>
    public virtual string? PathOf(string name) => null;

    /// <summary>
    /// Why readers may pass over what a file holds under a key beside targets' parts: it is not trained and no change of the answer. null
    /// for all else.
    /// </summary>
    public virtual string? WhyNotNeeded(string key)
    {
        bool isOfBase = key.EndsWith("position_ids", StringComparison.Ordinal) || key.EndsWith("logit_scale", StringComparison.Ordinal);
        return isOfBase ? "a constant of the base model" : null;
    }

    /// <summary>The method as which files hold what was made.</summary>
    protected internal static MethodDescriptor StoredMethod(Reparameterization made) => made.Method.StoredAs ?? made.Method;

    /// <summary>
    /// Whether an adapter is of one component alone, and none before that one has a layer of the same path: it can be named without its
    /// component.
    /// </summary>
    protected static bool StandsAlone(Adapter adapter, ModelDescription model, ModelComponent component, Target target)
    {
        if (model.Components.Count == 1) return true;
        if (!adapter.Targets.Keys.All(path => path.StartsWith(component.Name + ".", StringComparison.Ordinal))) return false;
        string path = component.PathOf(target);
        return !model.Components.TakeWhile(c => c != component).Any(c => c.Targets.Any(t => c.PathOf(t.Target) == path));
    }
}
