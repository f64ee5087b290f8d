namespace Lowrank.Graphs;

/// <summary>One question to a guided network: a sample at a level, asked on the sides that its guider wants.</summary>
public sealed class GuidedStep
{
    readonly ConditionedNetwork network;
    readonly SamplingChanges changes;
    readonly IReadOnlyList<IReadOnlyList<PlacedCondition>> sides;
    readonly Tensor x;
    readonly double sigma;
    AttentionWatch? watch;

    /// <param name="network">The network.</param>
    /// <param name="changes">What nodes changed in how it is sampled.</param>
    /// <param name="sides">Conditions by side.</param>
    /// <param name="x">Noisy samples x₀ + σ·ε, (N, C, H, W).</param>
    /// <param name="sigma">σ.</param>
    /// <param name="asksNegative">Whether the sampler wants the negative side's estimate, whatever the scale.</param>
    internal GuidedStep(
        ConditionedNetwork network,
        SamplingChanges changes,
        IReadOnlyList<IReadOnlyList<PlacedCondition>> sides,
        Tensor x,
        double sigma,
        bool asksNegative)
    {
        (this.network, this.changes, this.sides, this.x, this.sigma) = (network, changes, sides, x, sigma);
        AsksNegative = asksNegative || changes.AfterGuidance.Any(change => change.AsksNegative);
    }

    /// <summary>Whether the negative side is asked though guidance would not need it.</summary>
    public bool AsksNegative { get; }

    /// <summary>Whether guidance at a scale needs the negative side: at 1 it changes nothing.</summary>
    public bool Needs(double scale) => AsksNegative || Math.Abs(scale - 1) > 1e-9 * Math.Max(Math.Abs(scale), 1);

    /// <summary>The clean estimates of sides by their numbers, in one question; zeros for null.</summary>
    /// <param name="asked">The sides.</param>
    /// <param name="negative">The number of the negative one among all sides; null where there is none.</param>
    public IReadOnlyList<Tensor> Ask(IReadOnlyList<int?> asked, int? negative)
    {
        int place = negative is { } side ? asked.ToList().IndexOf(side) : -1;
        if (place >= 0 && changes.AfterGuidance.Any(change => change.WatchesAttention)) watch = new(place);
        return network.Estimates([.. asked.Select(number => number is { } own ? sides[own] : null)], x, sigma, changes.Network, watch);
    }

    /// <summary>Two sides made one by the network's rule, and what is done after.</summary>
    /// <param name="positive">The positive side's clean estimate.</param>
    /// <param name="negative">The negative side's; zeros where it was not asked.</param>
    /// <param name="scale">How strongly the positive side is followed.</param>
    /// <param name="numbers">Their numbers among the sides; the negative one is null where there is none.</param>
    public NetworkAnswer Guided(Tensor positive, Tensor negative, double scale, (int Positive, int? Negative) numbers)
    {
        var guided = changes.Guidance is { } rule
            ? rule(x, sigma, positive, negative, scale)
            : negative + (positive - negative) * scale;
        return After(guided, positive, negative, numbers);
    }

    /// <summary>What is done after guidance.</summary>
    /// <inheritdoc cref="Guided"/>
    public NetworkAnswer After(Tensor guided, Tensor positive, Tensor negative, (int Positive, int? Negative) numbers)
    {
        foreach (var change in changes.AfterGuidance)
            guided = change.Apply(new GuidedEstimate(x, sigma, guided, positive, negative) { Ask = AskOne, Attention = watch?.Scores });
        watch?.Dispose();
        watch = null;
        return new(guided, negative);

        Tensor AskOne(bool isPositive, Tensor sample, Func<UNetChanges, UNetChanges> further)
        {
            int side = isPositive ? numbers.Positive : numbers.Negative
                ?? throw new LowrankException("The model asks for a negative side after guidance, and its guider has none. " +
                    "Use a CFGGuider, or a sampler node with a negative prompt.");
            return network.Estimates([sides[side]], sample, sigma, further(changes.Network))[0];
        }
    }
}
