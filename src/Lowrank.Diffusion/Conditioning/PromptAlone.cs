namespace Lowrank.Diffusion;

/// <summary>No guidance: the network's answer to the prompts as it is.</summary>
public sealed class PromptAlone : Guider
{
    /// <inheritdoc/>
    public override bool AsksNegative => false;

    /// <inheritdoc/>
    public override NetworkAnswer Answer(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told) =>
        ask(x, told.Positive);
}
