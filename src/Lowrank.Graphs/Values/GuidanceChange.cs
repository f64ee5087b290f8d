namespace Lowrank.Graphs;

/// <summary>Something that is done to the clean estimate after guidance.</summary>
public abstract record GuidanceChange
{
    /// <summary>Whether the negative side is asked though guidance would not need it.</summary>
    public virtual bool AsksNegative => false;

    /// <summary>Whether it wants to know what the coarsest self-attention looks at on the negative side.</summary>
    public virtual bool WatchesAttention => false;

    /// <summary>The clean estimate in place of <see cref="GuidedEstimate.Guided"/>.</summary>
    public abstract Tensor Apply(GuidedEstimate estimate);
}
