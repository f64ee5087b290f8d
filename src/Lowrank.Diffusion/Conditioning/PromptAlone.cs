namespace Lowrank.Diffusion;

/// <summary>No guidance: the network's answer to the prompts as it is.</summary>
public sealed class PromptAlone : Guider
{
    /// <inheritdoc/>
    public override bool AsksNegative => false;

    /// <inheritdoc/>
    /// <exception cref="LowrankException">A prompt joins several, whose answers are joined around the negative prompt's.</exception>
    public override NetworkAnswer Answer(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told) =>
        told.Weights is null ? ask(x, told.Positive) : throw new LowrankException(
            "Prompts that are joined by AND, or have a weight of their own, are drawn with guidance alone. " +
            "Take ClassifierFreeGuidance, at a scale of 1 too.");
}
