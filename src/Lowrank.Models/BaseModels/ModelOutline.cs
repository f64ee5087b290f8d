namespace Lowrank.Models;

/// <summary>
/// A base model that is not loaded: which layers it has, in which shapes, and its weights one at a time from where they lie. Enough for all
/// that is done with files: converting and merging adapters, comparing and extracting them.
/// </summary>
public class ModelOutline : IDisposable
{
    /// <summary>Where the layers of outlines are kept: on the meta device a tensor is its shape alone.</summary>
    public static Storage Nowhere { get; } = new(ScalarType.Float32, new Device(DeviceType.META));

    readonly ModelDescription model;
    readonly IReadOnlyList<PartWeights> weights;
    readonly Lazy<IReadOnlySet<string>> names;

    /// <summary>An outline of these layers.</summary>
    /// <param name="location">The folder or file, or what the model is called in messages.</param>
    /// <param name="model">Layers with shapes and no values; their modules are taken over.</param>
    /// <param name="weights">Their weights, open, which are taken over; none for shapes alone, such as those that an adapter names.</param>
    public ModelOutline(string location, ModelDescription model, params IReadOnlyList<PartWeights> weights)
    {
        (Location, this.model, this.weights) = (location, model, weights);
        names = new(() => weights.SelectMany(part => NamesIn(part).Select(own => $"{part.Component}.{own}")).ToHashSet());
    }

    /// <summary>The folder or file; for a published shape, its name.</summary>
    public string Location { get; }

    /// <summary>"sd1", "sd2", "sdxl", ...</summary>
    public string Family => model.Family.Name;

    /// <summary>Whether it has weights, or is shapes alone.</summary>
    public bool HasWeights => weights.Count > 0;

    /// <summary>The model as adapters see it; its layers have shapes and no values.</summary>
    public ModelDescription Describe() => model;

    /// <summary>
    /// A target's weight or bias ("weight", "bias") in the stored dtype and the layer's shape; null where the layer has none. It belongs to
    /// the caller's scope.
    /// </summary>
    /// <exception cref="LowrankException">The outline has no weights.</exception>
    public Tensor? Weight(Target target, string part) => HasWeights ? Read($"{target.Path}.{part}") : throw new LowrankException(
        $"the weight of {target} is needed, and only the shape of {Location} is known. Give the base model.");

    /// <summary>
    /// A tensor by component and own name (<c>unet.conv_in.weight</c>), in its stored dtype; null where there is none. It belongs to the
    /// caller's scope.
    /// </summary>
    public Tensor? Read(string name)
    {
        int dot = name.IndexOf('.');
        return WeightsOf(name[..dot])?.Read(name[(dot + 1)..]);
    }

    /// <summary>Whether a layer's weight or bias is there, by the name that <see cref="Read"/> takes.</summary>
    public bool Has(string name)
    {
        int dot = name.IndexOf('.');
        return WeightsOf(name[..dot])?.Has(name[(dot + 1)..]) == true;
    }

    // Each stored value once: not the layers that a stored tensor holds whole.
    static IEnumerable<string> NamesIn(PartWeights part)
    {
        var whole = part.Stored.Values.ToHashSet();
        return part.Stored.Keys.Concat(part.Pieces.Where(pair => !whole.Contains(pair.Value[0].Stored)).Select(pair => pair.Key));
    }

    /// <summary>Names of all its tensors, as <see cref="Read"/> takes them.</summary>
    public IReadOnlySet<string> Names => names.Value;

    /// <summary>Where a component's weights lie; null for one without.</summary>
    public PartWeights? WeightsOf(string component) => weights.FirstOrDefault(part => part.Component == component);

    /// <summary>Frees the layers and closes the files.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the layers and closes the files.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (var component in model.Components) component.Module.Dispose();
        foreach (var part in weights) part.File.Dispose();
    }
}
