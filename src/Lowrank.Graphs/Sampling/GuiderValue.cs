namespace Lowrank.Graphs;

/// <summary>How estimates under several conditions become one.</summary>
/// <param name="Model">The network that is asked.</param>
public abstract record GuiderValue(ModelValue Model) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Guider;

    /// <summary>What the network is told, by side.</summary>
    public abstract IReadOnlyList<ConditioningValue> Sides { get; }

    /// <summary>The clean estimate, with the negative side's beside it.</summary>
    public abstract NetworkAnswer Answer(GuidedStep step);
}
