namespace Lowrank.Diffusion;

/// <summary>What one text encoder says of prompts.</summary>
/// <param name="States">A state per token, (B, T, C).</param>
/// <param name="Pooled">Each prompt in one state, of its first chunk, projected where the encoder has a projection: (B, P).</param>
public sealed record EncodedText(Tensor States, Tensor Pooled);
