namespace Lowrank.Torch;

/// <summary>A matrix of leaves by which tokens (count, width) are multiplied from the right.</summary>
/// <param name="Forward">tokens·M, in the tokens' dtype. Of an answer (<see cref="LinearFactors.OfAnswer"/>) it may be made in the tokens
/// themselves, which are returned then.</param>
/// <param name="Transposed">tokens·Mᵀ; null where the gradients find it on their way (<see cref="LinearPass.TurnedBack"/>).</param>
public sealed record TokenMap(Func<Tensor, Tensor[], Tensor> Forward, Func<Tensor, Tensor[], Tensor>? Transposed);
