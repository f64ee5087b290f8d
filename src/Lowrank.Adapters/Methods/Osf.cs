namespace Lowrank.Adapters;

/// <summary>
/// OSF: the weight's small singular directions are trained, Δ = U·diag(S)·V − what they were, orthogonal to the large ones, which stay.
/// </summary>
/// <remarks>
/// Gradients of U and V lose what lies along the frozen directions. PEFT stores U, S and V alone: the frozen half is the base's own
/// decomposition. Half of the directions stay, unless effective_rank says how many. Source: arXiv 2504.07097; PEFT 0.21.2.
/// </remarks>
sealed class Osf : FactoredReparameterization
{
    readonly Parameter u, s, v;
    readonly Tensor largeU, largeV, firstUp, firstDown;

    /// <summary>An OSF of given small directions over a base.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="parts">U (out, count), S (count) and V (count, in); null takes the base's own.</param>
    /// <param name="weight">The base's weight (out, in).</param>
    /// <param name="kept">How many directions stay; null takes half, or what <paramref name="parts"/> leave.</param>
    /// <exception cref="LowrankException">The parts do not fit the target.</exception>
    public Osf(Target target, (Tensor U, Tensor S, Tensor V)? parts, Tensor weight, long? kept = null) : base(Descriptor, target)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (allU, allS, allV) = linalg.svd(weight.to(ScalarType.Float32), fullMatrices: false);
        long all = allS.numel();
        long large = parts is { } given ? all - given.S.numel() : Math.Min(kept ?? all / 2, all);
        long count = all - large;
        if (count < 1 || large < 0)
            throw new LowrankException($"{large} of {all} directions stay, and {count} are trained, at {target}");
        Tensor Small(Tensor matrix, int axis) => matrix.narrow(axis, large, count);
        var first = (U: Small(allU, 1), S: Small(allS, 0), V: Small(allV, 0));
        var mine = parts ?? first;
        bool fits = mine.U.shape.AsSpan().SequenceEqual([target.Out, count])
            && mine.V.shape.AsSpan().SequenceEqual([count, target.In]);
        if (!fits)
            throw new LowrankException($"OSF's U {mine.U.shape.Text()} and V {mine.V.shape.Text()} do not fit {target}");
        int rank = (int)Math.Max(large, 1);
        Settings = new OsfOptions(new MethodOptions(rank)) { Kept = large == all / 2 ? null : (int)large };
        u = Train("U", mine.U, target.Out, count);
        s = Train("S", mine.S, count);
        v = Train("V", mine.V, count, target.In);
        largeU = Keep("large_U", allU.narrow(1, 0, large));
        largeV = Keep("large_V", allV.narrow(0, 0, large));
        firstUp = Keep("first_up", first.U * first.S);
        firstDown = Keep("first_down", first.V);
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("U", u), ("S", s), ("V", v)];

    /// <inheritdoc/>
    public override bool NeedsWeight => true;

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors()
    {
        // U and V as they are, their gradients less what lies along the frozen directions.
        static Tensor Free(Tensor part, Tensor along) => part.detach() + along - along.detach();
        var freeU = Free(u, u - largeU.Multiply(largeU.t().Multiply(u)));
        var freeV = Free(v, v - v.Multiply(largeV.t()).Multiply(largeV));
        return (cat([freeU * s, -firstUp], 1), cat([freeV, firstDown], 0));
    }

    static string? Refusal(Target target, MethodOptions given)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        bool leavesNone = ((OsfOptions)given).Kept >= Math.Min(target.In, target.Out);
        return leavesNone ? $"{((OsfOptions)given).Kept} directions that stay leave none to train" : null;
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["U"] is not [var outputs, var count]) return null;
        long? inputs = shapes.GetValueOrDefault("V") is [_, var columns] ? columns : null;
        return new PartFacts(count, outputs, inputs, []);
    }

    /// <summary>OSF in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "osf", "arXiv 2504.07097", [new("U", "(out, count)"), new("S", "(count)"), new("V", "(count, in)")],
        (target, options, begin) => new Osf(target, null, begin.Weight, ((OsfOptions)options).Kept),
        (target, parts) => new Osf(target, (parts["U"], parts["S"], parts["V"]), parts.Begin.Weight))
    {
        HasRank = false,
        HasAlpha = false,
        TakesBase = true,
        Refuses = Refusal,
        OwnOptions = shared => shared as OsfOptions ?? new OsfOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<OsfOptions>("effective_rank", "directions that stay (half)", (o, n) => o with { Kept = n }) with
            {
                Get = o => ((OsfOptions)o).Kept,
            },
        ],
        Facts = Facts,
    };
}

/// <summary>How an OSF is made.</summary>
public sealed record OsfOptions : MethodOptions
{
    /// <summary>With what every method is asked for; rank and alpha play no part.</summary>
    public OsfOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Directions that stay; null keeps half.</summary>
    public int? Kept { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Kept < 0) yield return $"effective_rank {Kept} is below 0";
    }
}
