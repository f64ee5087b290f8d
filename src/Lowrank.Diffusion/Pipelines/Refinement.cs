namespace Lowrank.Diffusion;

/// <summary>A second network that takes over on the way: SDXL's refiner, or any other model of the same latents.</summary>
/// <param name="Network">The network.</param>
/// <param name="Told">What it is told.</param>
/// <param name="TakesOver">Whether it takes over at a level, before the evaluation of this number, from 0.</param>
public sealed record Refinement(DenoisingNetwork Network, StepTimeline<PromptConditions> Told, Func<NoiseLevel, int, bool> TakesOver)
{
    /// <inheritdoc cref="SamplingPass.ToldInTurn"/>
    public StepTimeline<StepTimeline<PromptConditions>>? ToldInTurn { get; init; }
}
