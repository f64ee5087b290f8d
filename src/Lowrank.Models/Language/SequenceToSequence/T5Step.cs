namespace Lowrank.Models;

/// <summary>What the layers of one pass through a stack of T5 share.</summary>
/// <param name="Pass">Masks and the cache.</param>
/// <param name="Bias">Added to the scores of tokens with each other, masks in it: (B or 1, H, T, S).</param>
/// <param name="Memory">The encoder's states (B, S', C); null in the encoder.</param>
sealed record T5Step(Pass Pass, Tensor Bias, Tensor? Memory)
{
    /// <summary>What keeps keys and values of the encoder's states; null in the encoder.</summary>
    public SequenceMemory? Kept { get; init; }
}
