namespace Lowrank.Graphs;

/// <summary>A denoising network with what nodes changed in it. The base stays as it was loaded until it is asked.</summary>
/// <param name="Base">The loaded base.</param>
public sealed record ModelValue(GraphBase Base) : GraphValue
{
    /// <inheritdoc/>
    public override string Type => GraphTypes.Model;

    /// <summary>Changes of its weights, in order.</summary>
    public IReadOnlyList<WeightChange> Weights { get; init; } = [];

    /// <summary>What is otherwise in how it is sampled.</summary>
    public SamplingChanges Changes { get; init; } = new();

    /// <summary>How its answers are read.</summary>
    public ModelSampling Sampling => Changes.Sampling ?? Base.Sampling;

    /// <summary>This with one change of weights more.</summary>
    public ModelValue With(WeightChange change) => this with { Weights = [.. Weights, change] };

    /// <summary>This with one change after guidance more.</summary>
    public ModelValue After(GuidanceChange change) =>
        this with { Changes = Changes with { AfterGuidance = [.. Changes.AfterGuidance, change] } };
}
