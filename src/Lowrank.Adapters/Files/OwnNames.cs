namespace Lowrank.Adapters;

/// <summary>
/// Adapters of models that are not known: a layer's name in the file is a name and nothing more, which is enough to convert dtypes, resize,
/// merge and compare adapters of one spelling.
/// </summary>
public static class OwnNames
{
    /// <summary>What the one component of such a model is called.</summary>
    public const string Component = "layers";

    /// <summary>A model of the layers that files of one dialect name; null where no layer's shape is told.</summary>
    /// <exception cref="LowrankException">The files are of several dialects, or disagree about a layer's shape.</exception>
    public static ModelDescription? Of(params IReadOnlyList<ITensorFile> files)
    {
        var dialects = files.Select(Dialects.Of).DistinctBy(dialect => dialect.Name).ToList();
        if (dialects is not [var dialect])
            throw new LowrankException(
                $"the adapters are in several dialects ({Dialects.Names(dialects)}), and the model whose layers they name is not known, " +
                "so that one's names do not tell the other's. Give the base model, or files of one dialect.");
        var shapes = new Dictionary<string, (LayerKind Kind, long[] Shape)>();
        foreach (var file in files)
            foreach (var module in AdapterInspection.Inspect(file).Modules)
                if (NamedLayers.ShapeOf(file, dialect, module) is { } shape) NamedLayers.Add(shapes, module.Name, shape);
        if (shapes.Count == 0 || !shapes.Keys.All(NamedLayers.IsName)) return null;
        var layers = NamedLayers.Of(dialect, [.. files.SelectMany(file => file.Tensors.Select(t => t.Name)).Distinct()], shapes);
        return new ModelDescription(new ModelFamily("unknown"), [new(Component, layers, new Dictionary<string, KeyMap>())]);
    }

    /// <summary>Whether a model is made of names alone.</summary>
    public static bool Are(ModelDescription model) => LayersOf(model) is not null;

    static NamedLayers? LayersOf(ModelDescription model) =>
        model.Components is [{ Module: NamedLayers { Dialect: not null } layers }] ? layers : null;

    /// <summary>
    /// The dialect by which files of a model are read and written: the given one, or the same parts under the files' own names.
    /// </summary>
    /// <exception cref="LowrankException">Another dialect than the names are of.</exception>
    internal static Dialect DialectFor(ModelDescription model, Dialect dialect)
    {
        if (LayersOf(model) is not { Dialect: { } own } layers) return dialect;
        if (own.Name == dialect.Name) return new OwnNamesDialect(dialect, layers.Keys);
        throw new LowrankException($"the layers are named as {own.Name} names them, and the model that these names are of is not " +
            $"known here, so that they cannot be told as {dialect.Name} would. " +
            "Keep the dialect, or give the base model: only of a model of a known kind do its layers have other names.");
    }
}
