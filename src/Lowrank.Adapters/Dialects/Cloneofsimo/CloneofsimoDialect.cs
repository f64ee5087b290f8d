namespace Lowrank.Adapters;

/// <summary>
/// cloneofsimo's lora: layers by number (<c>unet:0:up</c>, <c>unet:0:down</c>), and words as tensors that the metadata marks
/// <c>&lt;embed&gt;</c>.
/// </summary>
/// <remarks>
/// The numbers follow the order of diffusers' modules, which changed with its version 0.15, and no file tells which it was: the shapes do.
/// They have no place for alpha. A layer that is not adapted keeps its number with factors of zeros. <c>.pt</c> files are lists
/// (<see cref="CloneofsimoLists"/>). Source: cloneofsimo/lora lora_diffusion/lora.py at d84074b.
/// </remarks>
sealed class CloneofsimoDialect : Dialect
{
    readonly string? fault;

    /// <summary>The dialect, before a file has told its orders.</summary>
    public CloneofsimoDialect() => Spelling = new CloneofsimoSpelling(new Dictionary<string, LayerOrder>());

    CloneofsimoDialect(IReadOnlyDictionary<string, LayerOrder> orders, string? fault) =>
        (Spelling, this.fault) = (new CloneofsimoSpelling(orders), fault);

    /// <inheritdoc/>
    public override string Name => "cloneofsimo";

    /// <inheritdoc/>
    public override Spelling Spelling { get; }

    /// <inheritdoc/>
    public override PartLayout Layout { get; } = new CloneofsimoLayout();

    /// <inheritdoc/>
    public override WordSpelling Words { get; } = new CloneofsimoWords();

    /// <inheritdoc/>
    public override Packaging Packaging { get; } = new CloneofsimoPackaging();

    /// <inheritdoc/>
    public override bool Recognizes(IEnumerable<string> keys) => keys.Any(CloneofsimoSpelling.IsNumbered);

    /// <summary>With the orders that the file's shapes fit.</summary>
    public override Dialect For(ITensorFile file, ModelDescription model)
    {
        var orders = new Dictionary<string, LayerOrder>();
        foreach (var component in model.Components.Where(c => c.Orders.Count > 1))
        {
            var found = OrderSearch.In(file, component, model);
            if (found.Fault is { } told) return new CloneofsimoDialect(orders, told);
            if (found.Order is { } order) orders[component.Name] = order;
        }
        return new CloneofsimoDialect(orders, null);
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults(ITensorFile file) => fault is null ? [] : [fault];
}
