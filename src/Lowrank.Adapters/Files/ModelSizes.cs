using System.Globalization;
using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>How many layers a model has that is a row of like ones, and how wide they are, as names and shapes tell.</summary>
/// <param name="Layers">Number of layers: the highest in a name, and one.</param>
/// <param name="Width">The width that most of its matrices take in.</param>
/// <param name="Widths">Every width that a layer takes in.</param>
sealed partial record ModelSizes(int Layers, long Width, IReadOnlySet<long> Widths)
{
    /// <summary>Those of the model that an adapter's layers are of; null where they are in no row.</summary>
    public static ModelSizes? Of(ITensorFile file) =>
        Of([.. AdapterInspection.Inspect(file).Modules.Select(module => (module.Name, module.In ?? 0))]);

    /// <summary>Those of a model; null where its layers are in no row.</summary>
    public static ModelSizes? Of(ModelDescription model)
    {
        var targets = model.Components.SelectMany(component => component.Targets).Select(place => place.Target);
        return Of([.. targets.Where(target => target.Kind != LayerKind.Norm).Select(target => (target.Path, target.In))]);
    }

    static ModelSizes? Of(IReadOnlyList<(string Name, long In)> matrices)
    {
        var inRow = matrices.Select(matrix => (Layer: LayerOf(matrix.Name), matrix.In))
            .Where(matrix => matrix is { Layer: not null, In: > 1 }).ToList();
        bool isRow = inRow.Count > matrices.Count / 2;
        if (!isRow) return null;
        var widths = inRow.GroupBy(matrix => matrix.In).ToList();
        int layers = inRow.Max(matrix => matrix.Layer!.Value) + 1;
        return new(layers, widths.MaxBy(width => width.Count())!.Key, widths.Select(width => width.Key).ToHashSet());
    }

    /// <summary>Whether layers of these sizes could be some of a model's.</summary>
    public bool CouldBeOf(ModelSizes model) => Layers <= model.Layers && model.Widths.Contains(Width);

    static int? LayerOf(string name) => Numbered().Match(name) is { Success: true } match
        && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Layers} layers of width {PlainValue.Text(Width)}";

    [GeneratedRegex(@"(?:^|\.)(?:layers|layer|h|blk|block)\.(\d{1,6})\.")]
    private static partial Regex Numbered();
}
