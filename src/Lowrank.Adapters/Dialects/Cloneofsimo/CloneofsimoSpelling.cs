using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>cloneofsimo's names: the component, and the layer's number.</summary>
/// <param name="orders">The orders in which a file counts, by component; others count in their usual one.</param>
sealed partial class CloneofsimoSpelling(IReadOnlyDictionary<string, LayerOrder> orders) : Spelling
{
    /// <summary>The end of a factor's key.</summary>
    public const string Up = ":up", Down = ":down";

    /// <summary>The program, as components' aliases have it.</summary>
    public const string Program = "cloneofsimo";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Suffix, string Method, string Part)> Suffixes { get; } =
        [(Down, "lora", "down"), (Up, "lora", "up")];

    /// <summary>Whether a key, or a field of the metadata, is of a layer by its number.</summary>
    public static bool IsNumbered(string key) => Numbered().IsMatch(key);

    /// <summary>The name of a component's layer of that number.</summary>
    public static string NameOf(ModelComponent component, int number) => $"{component.Name}:{number}";

    /// <inheritdoc/>
    public override IEnumerable<string> Names(ModelDescription model, ModelComponent component, Target target)
    {
        var usual = component.Orders is [var first, ..] ? first : null;
        return Named(component, orders.GetValueOrDefault(component.Name) ?? usual, target) is { } name ? [name] : [];
    }

    /// <summary>Components that the program has known have written names.</summary>
    public override string? WrittenName(Adapter adapter, ModelDescription model, ModelComponent component, Target target) =>
        component.Aliases.ContainsKey(Program) ? Named(component, LayerNumbers.Written(component, adapter), target) : null;

    static string? Named(ModelComponent component, LayerOrder? order, Target target)
    {
        if (order is null) return null;
        return LayerNumbers.Of(component, order).TryGetValue(target.Path, out int number) ? NameOf(component, number) : null;
    }

    /// <inheritdoc/>
    public override string? KeyOf(Reparameterization made, string part, string name, ComponentRole role) =>
        made.Target.Kind == LayerKind.Embedding ? null : base.KeyOf(made, part, name, role);

    [GeneratedRegex("^[a-z_0-9]+:[0-9]+:(up|down|rank)$")]
    private static partial Regex Numbered();
}
