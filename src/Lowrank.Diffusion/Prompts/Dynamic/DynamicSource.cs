namespace Lowrank.Diffusion;

/// <summary>What one reading of a dynamic prompt draws from.</summary>
/// <param name="Wildcards">The wildcards.</param>
/// <param name="Dice">Chance.</param>
sealed record DynamicSource(Wildcards Wildcards, Dice Dice)
{
    /// <summary>Wildcards that were asked for and have no values, in their order.</summary>
    public List<string> Missing { get; } = [];

    /// <summary>The values of a wildcard; none is noted.</summary>
    public IReadOnlyList<WildcardValue> Values(string path)
    {
        var values = Wildcards.Values(path);
        if (values.Count == 0 && !Missing.Contains(path)) Missing.Add(path);
        return values;
    }
}
