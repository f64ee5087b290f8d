namespace Lowrank.Torch;

/// <summary>One part of a base model.</summary>
/// <param name="Name">
/// Its name where the model is published, such as its folder's; "model" for one that is all there is. Target paths begin with it.
/// </param>
/// <param name="Module">The module, whose paths are the published ones.</param>
/// <param name="OtherNames">Key-maps from the module's own paths to other spellings of them, by the spelling's name ("ldm").</param>
public sealed record ModelComponent(string Name, nn.Module Module, IReadOnlyDictionary<string, KeyMap> OtherNames)
{
    /// <summary>What it does in the model.</summary>
    public ComponentRole Role { get; init; }

    /// <summary>What other programs call it, by the program.</summary>
    public IReadOnlyDictionary<string, ComponentAlias> Aliases { get; init; } = new Dictionary<string, ComponentAlias>();

    /// <summary>A level at the beginning of its paths, its dot included, that some programs leave out; empty where there is none.</summary>
    public string OptionalLevel { get; init; } = "";

    /// <summary>
    /// What older files call layers, by the layers' own paths below the component: one name, or several where a layer was that many, whose
    /// rows follow each other in it.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FormerNames { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Layers that have another layer's weight, as a head has the table of tokens; paths below the component.</summary>
    public IReadOnlyDictionary<string, string> TiedTo { get; init; } = new Dictionary<string, string>();

    /// <summary>The orders in which files may count its layers, the usual one first.</summary>
    public IReadOnlyList<LayerOrder> Orders { get; init; } = [];

    /// <summary>The block in which a layer lies, by its path here; null for one that is in none.</summary>
    public Func<string, string?> BlockOf { get; init; } = static _ => null;

    /// <summary>The embedding whose rows are words, by the end of its path; null where the component has no words.</summary>
    public string? WordLayer { get; init; }

    /// <summary>Every adaptable layer with its target, in module order.</summary>
    public IReadOnlyList<(Target Target, IAdaptable Layer)> Targets => targets ??= AdaptableLayers.In(Module, Name);

    IReadOnlyList<(Target, IAdaptable)>? targets;

    /// <summary>Layers that stand in the component more than once; <see cref="Targets"/> has them under their first path.</summary>
    public IReadOnlyList<SharedLayer> SharedLayers => sharedLayers ??= AdaptableLayers.SharedIn(Module, Name);

    IReadOnlyList<SharedLayer>? sharedLayers;

    /// <summary>What has parameters in the component and cannot be adapted, with the reason.</summary>
    public IReadOnlyList<UnadaptableLayer> Unadaptable => unadaptable ??= AdaptableLayers.UnadaptableIn(Module, Name);

    IReadOnlyList<UnadaptableLayer>? unadaptable;

    /// <summary>A target's path below the component.</summary>
    public string PathOf(Target target) => target.Path[(Name.Length + 1)..];

    /// <summary>A target's path below the component, and the same without the level that some programs leave out.</summary>
    public IEnumerable<string> PathsOf(Target target)
    {
        string path = PathOf(target);
        bool hasLevel = OptionalLevel.Length > 0 && path.StartsWith(OptionalLevel, StringComparison.Ordinal);
        return hasLevel ? [path, path[OptionalLevel.Length..]] : [path];
    }

    /// <summary>
    /// A target's path below the component in another spelling; null where there is no such spelling, or it has no name for the path.
    /// </summary>
    public string? PathIn(string spelling, Target target) => OtherNames.GetValueOrDefault(spelling)?.ToOther(PathOf(target));

    /// <summary>How wide its words are; null where it has none.</summary>
    public long? WordWidth
    {
        get
        {
            if (WordLayer is null) return null;
            var embeddings = Targets.Select(t => t.Target).Where(target => target.Kind == LayerKind.Embedding);
            return embeddings.FirstOrDefault(target => target.Path.EndsWith(WordLayer, StringComparison.Ordinal))?.Out;
        }
    }
}
