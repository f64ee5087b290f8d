namespace Lowrank.Adapters;

/// <summary>HRA: W' = W·Π(I − 2uᵢuᵢᵀ/‖uᵢ‖²), a chain of Householder reflections of the inputs.</summary>
/// <remarks>
/// The chain begins as pairs of equal reflections, which undo each other, so the rank is even. With Gram-Schmidt the vectors are made
/// orthogonal first. Strength interpolates each reflection with the identity. Source: Yuan et al. 2024, arXiv 2405.17484; PEFT 0.21.2.
/// </remarks>
sealed class Hra : Reparameterization
{
    readonly Parameter u;

    /// <summary>An HRA of given vectors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="u">(in·kernel, rank).</param>
    /// <param name="options">Whether the vectors are made orthogonal.</param>
    /// <exception cref="LowrankException">The vectors are no inputs of the target.</exception>
    public Hra(Target target, Tensor u, HraOptions options) : base(Descriptor, target)
    {
        if (u.dim() != 2 || u.shape[0] != target.Columns)
            throw new LowrankException($"HRA's vectors {u.shape.Text()} do not reflect the {target.Columns} inputs of {target}");
        Options = options with { Rank = (int)u.shape[1] };
        this.u = Train("u", u, u.shape);
    }

    /// <summary>How it was made.</summary>
    public HraOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("u", u)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength)
    {
        if (strength == 0) return weight;
        var vectors = u.to(weight.dtype);
        var done = new List<Tensor>();
        for (int i = 0; i < Options.Rank; i++)
        {
            var one = vectors.narrow(1, i, 1);   // (in, 1)
            if (Options.GramSchmidt)
                foreach (var before in done) one = one - before * (before * one).sum();
            one = one / one.norm();
            done.Add(one);
            weight = weight - weight.Multiply(one).Multiply(one.t()) * (2 * strength);
        }
        return weight;
    }

    static Hra Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (HraOptions)given;
        // PEFT's bound is 1/√(rank/2): the second axis counts as fan_in.
        return new Hra(target, begin.Kaiming(target.Columns, options.Rank / 2).repeat_interleave(2, 1), options);
    }

    static Hra Stored(Target target, StoredParts parts) => new(target, parts["u"], parts.Options<HraOptions>(Descriptor));

    static string? Refusal(Target target, MethodOptions options) =>
        target.Kind is LayerKind.Norm or LayerKind.Embedding ? "it reflects the inputs of a layer that multiplies" : null;

    /// <summary>HRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "hra", "Yuan et al. 2024, arXiv 2405.17484", [new("u", "(in·kernel, rank)")], Fresh, Stored)
    {
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = Refusal,
        OwnOptions = shared => shared as HraOptions ?? new HraOptions(shared),
        Arguments =
        [
            MethodArgument.Switch<HraOptions>(
                "apply_GS", "vectors are made orthogonal (false)", (o, on) => o with { GramSchmidt = on }, o => o.GramSchmidt),
        ],
        Facts = shapes => shapes["u"] is [var columns, var rank] ? new PartFacts(rank, null, columns, []) : null,
    };
}

/// <summary>How an HRA is made.</summary>
public sealed record HraOptions : MethodOptions
{
    /// <summary>With what every method is asked for.</summary>
    public HraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Whether the vectors are made orthogonal by Gram-Schmidt.</summary>
    public bool GramSchmidt { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Rank % 2 != 0)
            yield return $"rank {Rank} is odd: HRA begins with pairs of reflections, which undo each other, " +
                "so that a fresh one changes nothing";
        if (GramSchmidt)
            yield return "apply_GS begins with pairs of equal vectors, which cannot be made orthogonal; it is read, not begun";
    }
}
