namespace Lowrank.Graphs;

/// <summary>How estimates under several conditions become one.</summary>
/// <param name="Model">The network that is asked.</param>
public abstract record GuiderValue(ModelValue Model) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Guider;

    /// <summary>What the network is told, by side.</summary>
    public abstract IReadOnlyList<ConditioningValue> Sides { get; }

    /// <summary>Which of the sides is what pictures are not to show; null for none. XL's refiner is told another score there.</summary>
    public virtual int? NegativeSide => null;

    /// <summary>The clean estimate, with the negative side's beside it.</summary>
    public abstract NetworkAnswer Answer(GuidedStep step);
}
