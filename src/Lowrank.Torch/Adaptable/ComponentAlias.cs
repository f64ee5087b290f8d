namespace Lowrank.Torch;

/// <summary>What another program calls a component of a base model.</summary>
/// <param name="Names">Its names there; the first is written, all are read.</param>
public sealed record ComponentAlias(params IReadOnlyList<string> Names)
{
    /// <summary>The key-map in whose spelling the program writes paths; null where it writes the published ones.</summary>
    public string? Spelling { get; init; }

    /// <summary>How the program keeps the weight of the layer at a published path; as it is unless said otherwise.</summary>
    public Func<string, KeptWeight> KeptAs { get; init; } = static _ => KeptWeight.AsIs;
}
