namespace Lowrank.Graphs;

/// <summary>Guidance by two positive sides and a negative one.</summary>
/// <remarks>After ComfyUI's DualCFGGuider (comfy_extras/nodes_custom_sampler.py, a125cd8).</remarks>
/// <param name="Model">The network that is asked.</param>
/// <param name="First">What is followed most.</param>
/// <param name="Second">What it is followed from.</param>
/// <param name="Negative">What pictures are not to show.</param>
/// <param name="FirstScale">How strongly the first side is followed from the second.</param>
/// <param name="SecondScale">How strongly the second side is followed from the negative one.</param>
/// <param name="IsNested">Whether the first step's result, instead of the second side, is what the negative side is left for.</param>
public sealed record DualGuider(
    ModelValue Model, ConditioningValue First, ConditioningValue Second, ConditioningValue Negative, double FirstScale, double SecondScale,
    bool IsNested) : GuiderValue(Model)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ConditioningValue> Sides => [First, Second, Negative];

    /// <inheritdoc/>
    public override int? NegativeSide => 2;

    /// <inheritdoc/>
    public override NetworkAnswer Answer(GuidedStep step) => IsNested ? Nested(step) : Regular(step);

    NetworkAnswer Nested(GuidedStep step)
    {
        var estimates = step.Ask([2, 1, 0], 1);
        var (guided, second) = step.Guided(estimates[2], estimates[1], FirstScale, (0, 1));
        return new(estimates[0] + SecondScale * (guided - estimates[0]), second);
    }

    NetworkAnswer Regular(GuidedStep step)
    {
        bool needsNegative = step.Needs(SecondScale);
        int? second = needsNegative || step.Needs(FirstScale) ? 1 : null;
        var estimates = step.Ask([needsNegative ? 2 : null, second, 0], 2);
        var (guided, negative) = step.Guided(estimates[1], estimates[0], SecondScale, (1, 2));
        return new(guided + (estimates[2] - estimates[1]) * FirstScale, negative);
    }
}
