namespace Lowrank.Graphs;

/// <summary>Guidance that takes of the negative side only what stands at a right angle to the positive one.</summary>
/// <param name="Model">The network that is asked.</param>
/// <param name="Positive">What pictures are to show.</param>
/// <param name="Negative">What they are not to show.</param>
/// <param name="Empty">The empty prompt, from which both are measured.</param>
/// <param name="Scale">How strongly the positive side is followed.</param>
/// <param name="NegativeScale">How strongly the negative side is left.</param>
public sealed record PerpendicularGuider(
    ModelValue Model, ConditioningValue Positive, ConditioningValue Negative, ConditioningValue Empty, double Scale, double NegativeScale)
    : GuiderValue(Model)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ConditioningValue> Sides => [Positive, Empty, Negative];

    /// <inheritdoc/>
    public override int? NegativeSide => 2;

    /// <inheritdoc/>
    public override NetworkAnswer Answer(GuidedStep step)
    {
        var estimates = step.Ask([0, 2, 1], 2);
        var (positive, negative, empty) = (estimates[0], estimates[1], estimates[2]);
        var guided = PerpendicularNegative.Combine(positive, negative, empty, Scale, NegativeScale);
        return step.After(guided, positive, negative, (0, 2));
    }
}
