namespace Lowrank;

/// <summary>A base model as adapters see it: its family and its parts. The meeting place of models and dialects, which do not know each
/// other.</summary>
/// <param name="Family">What kind of model it is.</param>
/// <param name="Components">Its parts that can be adapted.</param>
public sealed record ModelDescription(ModelFamily Family, IReadOnlyList<ModelComponent> Components)
{
    /// <summary>The families that a file may be for by mistake, its own among them.</summary>
    public IReadOnlyList<ModelFamily> Families { get; init; } = [Family];

    /// <summary>What the one component of a model is called that has no parts.</summary>
    public const string Whole = "model";

    /// <summary>
    /// Somebody's own model as the one component "model": our layers in it can be adapted, and TorchSharp's (see
    /// <see cref="SealedLayer"/>).
    /// </summary>
    public static ModelDescription Of(nn.Module module, string family = "own")
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(family);
        return new(new ModelFamily(family), [new ModelComponent(Whole, module, new Dictionary<string, KeyMap>())]);
    }

    /// <summary>
    /// Parameters that share memory, looked up anew each time. An adapter works forward on the layer that it is attached to alone; merged,
    /// it would change every layer of the group, so that merging covers them all or refuses.
    /// </summary>
    public IReadOnlyList<TiedWeights> TiedWeights => Lowrank.Torch.TiedWeights.In(Components);

    /// <summary>Layers that stand in the model more than once: they are one target, and one adapter works in every place.</summary>
    public IReadOnlyList<SharedLayer> SharedLayers => [.. Components.SelectMany(component => component.SharedLayers)];

    /// <summary>Every adaptable layer by its path, those that stand in several places under each.</summary>
    public IReadOnlyDictionary<string, IAdaptable> LayersByPath
    {
        get
        {
            var layers = Components.SelectMany(c => c.Targets).ToDictionary(t => t.Target.Path, t => t.Layer);
            foreach (var shared in SharedLayers) layers[shared.OtherPath] = layers[shared.Path];
            return layers;
        }
    }

    /// <summary>What has parameters in the model and cannot be adapted: whole transformers of libtorch, parameters that are in no layer,
    /// with the reason.</summary>
    /// <example><code>
    /// foreach (var layer in ModelDescription.Of(net).Unadaptable) Console.WriteLine(layer);
    /// // model.gain (Parameter): the code of Net reads it itself; ...
    /// </code></example>
    public IReadOnlyList<UnadaptableLayer> Unadaptable => [.. Components.SelectMany(component => component.Unadaptable)];

    /// <summary>What the components do, by their names.</summary>
    public IReadOnlyDictionary<string, ComponentRole> Roles =>
        Components.ToDictionary(component => component.Name, component => component.Role);

    /// <summary>The components of a role, in order.</summary>
    public IEnumerable<ModelComponent> Having(ComponentRole role) => Components.Where(component => component.Role == role);
}
