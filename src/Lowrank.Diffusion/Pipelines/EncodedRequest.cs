namespace Lowrank.Diffusion;

/// <summary>What the networks of a request are told.</summary>
/// <param name="Prompts">What its model's network is told, by the step from which on the text encoders say it so.</param>
/// <param name="Refiner">The refiner with what it is told; null for none.</param>
sealed record EncodedRequest(StepTimeline<RequestPrompts> Prompts, EncodedRefiner? Refiner);
