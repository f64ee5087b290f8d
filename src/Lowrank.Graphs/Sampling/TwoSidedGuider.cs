namespace Lowrank.Graphs;

/// <summary>Classifier-free guidance: away from the negative side, past the positive one.</summary>
/// <param name="Model">The network that is asked.</param>
/// <param name="Positive">What pictures are to show.</param>
/// <param name="Negative">What they are not to show; null for no guidance.</param>
/// <param name="Scale">How strongly the positive side is followed; at exactly 1 the negative one is not asked.</param>
public sealed record TwoSidedGuider(ModelValue Model, ConditioningValue Positive, ConditioningValue? Negative, double Scale)
    : GuiderValue(Model)
{
    /// <inheritdoc/>
    public override IReadOnlyList<ConditioningValue> Sides => Negative is null ? [Positive] : [Positive, Negative];

    /// <inheritdoc/>
    public override int? NegativeSide => Negative is null ? null : 1;

    /// <inheritdoc/>
    public override NetworkAnswer Answer(GuidedStep step)
    {
        int? negative = Negative is null ? null : 1;
        var estimates = step.Ask([0, step.Needs(Scale) ? negative : null], negative);
        return step.Guided(estimates[0], estimates[1], Scale, (0, negative));
    }
}
