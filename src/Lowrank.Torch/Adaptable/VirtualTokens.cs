namespace Lowrank.Torch;

/// <summary>Learnt tokens of no vocabulary that a model is given before every row: as vectors, or as keys and values of layers.</summary>
/// <param name="Count">How many there are.</param>
public sealed record VirtualTokens(long Count)
{
    /// <summary>Their vectors (count, width), which stand before those of the tokens; null for a prefix.</summary>
    public Tensor? Embeddings { get; init; }

    /// <summary>Keys and values of each layer, (count, key heads, head width), which are not rotated; none for a prompt.</summary>
    public IReadOnlyList<(Tensor Keys, Tensor Values)> Prefix { get; init; } = [];
}
