namespace Lowrank.Diffusion;

/// <summary>What the networks of a request are told.</summary>
/// <param name="Prompts">What its model's network is told.</param>
/// <param name="Refiner">The refiner with what it is told; null for none.</param>
sealed record EncodedRequest(RequestPrompts Prompts, EncodedRefiner? Refiner);
