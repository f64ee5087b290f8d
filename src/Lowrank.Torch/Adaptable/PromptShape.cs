namespace Lowrank.Torch;

/// <summary>The sizes of virtual tokens.</summary>
/// <param name="Width">How wide a token's vector is.</param>
/// <param name="Layers">How many layers keep keys and values of a prefix.</param>
/// <param name="KeyHeads">How many heads a layer's keys have.</param>
/// <param name="HeadWidth">How wide a head is.</param>
public sealed record PromptShape(long Width, int Layers, long KeyHeads, long HeadWidth);
