using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>An adapter that is to be merged, with strengths of parts and blocks.</summary>
/// <param name="Path">The file, or PEFT's folder.</param>
/// <param name="Strength">Multiplier of all.</param>
public sealed record MergeChoice(string Path, double Strength = 1) : AdapterChoice(Path, Strength)
{
    /// <summary>Multipliers of components in place of <see cref="AdapterChoice.Strength"/>.</summary>
    public IReadOnlyDictionary<string, double> Components { get; init; } = new Dictionary<string, double>();

    /// <summary>Multipliers of blocks; null weighs all alike.</summary>
    public IReadOnlyList<double>? Blocks { get; init; }

    /// <summary>Whether it has more than one strength.</summary>
    public bool HasParts => Components.Count > 0 || Blocks is not null;

    /// <summary>What is odd about several, a sentence each.</summary>
    internal static IEnumerable<string> Remarks(IReadOnlyList<MergeChoice> choices) =>
        Idle(choices).Concat(Repeated(choices)).Select(remark => $"{remark}.");

    internal override bool IsIdle => base.IsIdle && Components.Values.All(strength => strength == 0);

    /// <summary>The term that it means.</summary>
    /// <exception cref="LowrankException">A list of blocks of a length that the family does not have.</exception>
    public MergeTerm Term(Adapter adapter, ModelFamily family) => new(adapter, Strength)
    {
        Components = Components,
        Blocks = Blocks is null ? null : BlockList.Of($"lbw of {Path}", Blocks, family, signed: true),
    };

    /// <summary>What of the strengths of parts is not used.</summary>
    /// <exception cref="LowrankException">A part that the model does not have.</exception>
    internal IEnumerable<string> NotesOn(Adapter adapter, ModelDescription model)
    {
        string[] parts = [.. model.Components.Select(component => component.Name)];
        // One strength for all text encoders is meant for those that there are.
        var together = Components.GroupBy(pair => (IsText: pair.Key.StartsWith("text_encoder", StringComparison.Ordinal), pair.Value));
        foreach (var strength in together)
        {
            string[] named = [.. strength.Select(pair => pair.Key)];
            if (!named.Any(parts.Contains))
                throw new LowrankException($"{Path} is given a strength for {string.Join(", ", named)}, and the model has no such part; " +
                    $"it has {string.Join(", ", parts)}.");
            bool isUsed = adapter.Targets.Keys.Any(path => named.Any(name => path.StartsWith(name + ".", StringComparison.Ordinal)));
            if (!isUsed) yield return $"{Path} adapts nothing of {string.Join(", ", named)}: that strength is not used.";
        }
    }

    /// <summary>As reports tell it: "ink.safetensors:0.8:unet=0.5".</summary>
    internal string Describe()
    {
        var text = WeightedPath.Text(Path, Strength);
        foreach (var (component, strength) in Components) text += string.Create(CultureInfo.InvariantCulture, $":{component}={strength}");
        if (Blocks is not null) text += $":lbw={string.Join(',', Blocks.Select(block => block.ToString(CultureInfo.InvariantCulture)))}";
        return text;
    }
}
