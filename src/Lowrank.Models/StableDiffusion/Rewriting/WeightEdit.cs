namespace Lowrank.Models;

/// <summary>
/// A change of some of a model's weights. Names are component, module path and "weight" or "bias": <c>unet.conv_in.weight</c>.
/// </summary>
/// <param name="Touches">Whether a tensor is changed.</param>
/// <param name="Change">
/// The changed tensor, of the same shape and any float dtype, from the model's own, which comes in float32 or wider and may be worked in.
/// </param>
public sealed record WeightEdit(Func<string, bool> Touches, Func<string, Tensor, Tensor> Change);
