namespace Lowrank.Models;

/// <summary>What Stable Diffusion XL is told besides the prompt.</summary>
/// <param name="TextEmbeds">Projected pooled text of the second encoder, (B, 1280).</param>
/// <param name="TimeIds">Original height and width, crop top and left, target height and width, in pixels, (B, 6); for the
/// refiner the aesthetic score in place of the target, (B, 5).</param>
public sealed record AddedConditions(Tensor TextEmbeds, Tensor TimeIds);
