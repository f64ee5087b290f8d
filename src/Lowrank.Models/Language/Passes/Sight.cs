namespace Lowrank.Models;

/// <summary>Which keys the tokens of a pass see.</summary>
/// <param name="Mask">Added to the scores: 0 where seen, a very low number where not, (B or 1, 1, T or 1, S); null hides nothing.</param>
/// <param name="Causal">Whether besides a token sees only itself and those before it, of as many keys as tokens.</param>
sealed record Sight(Tensor? Mask, bool Causal);
