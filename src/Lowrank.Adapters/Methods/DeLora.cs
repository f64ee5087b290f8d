namespace Lowrank.Adapters;

/// <summary>DeLoRA: Δ = B·diag(λ/(rank·‖Aᵢ‖·‖Bⁱ‖))·A·diag(‖W's columns‖), so that λ bounds how far the weight goes.</summary>
/// <remarks>
/// The columns' norms are the base's, frozen and stored; norms of A and B are 1e-4 at least. λ is
/// trained, 15 at first; A is uniform in ±1/√fan_in and B 0.
/// Source: Bini et al. 2025, arXiv 2503.18225; PEFT 0.21.2.
/// </remarks>
sealed class DeLora : FactoredReparameterization
{
    readonly Parameter a, b, lambda;
    readonly Tensor norms;

    /// <summary>A DeLoRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="a">(rank, in).</param>
    /// <param name="b">(out, rank).</param>
    /// <param name="lambda">(1).</param>
    /// <param name="norms">Norms of W's columns, (in).</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public DeLora(Target target, Tensor a, Tensor b, Tensor lambda, Tensor norms) : base(Descriptor, target)
    {
        long rank = a.dim() == 2 ? a.shape[0] : 0;
        bool fits = a.shape.AsSpan().SequenceEqual([rank, target.In]) && b.shape.AsSpan().SequenceEqual([target.Out, rank])
            && lambda.numel() == 1 && norms.numel() == target.In;
        if (!fits)
            throw new LowrankException(
                $"DeLoRA's parts A {a.shape.Text()}, B {b.shape.Text()} and {norms.numel()} norms do not fit {target}");
        Settings = new DeLoraOptions(new MethodOptions((int)rank)) { Lambda = lambda.ToDouble() };
        this.a = Train("A", a, a.shape);
        this.b = Train("B", b, b.shape);
        this.lambda = Train("lambda", lambda, 1);
        this.norms = Keep("w_norm", norms.to(ScalarType.Float32).reshape(-1));
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("A", a), ("B", b), ("lambda", lambda), ("w_norm", norms)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors()
    {
        var scale = lambda / a.shape[0] / (a.norm(1).clamp(min: 1e-4) * b.norm(0).clamp(min: 1e-4));   // (rank)
        return (b * scale, a * norms.to(ScalarType.Float32).reshape(-1));
    }

    static DeLora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var lambda = begin.Full(((DeLoraOptions)given).Lambda, 1);
        return new DeLora(
            target, begin.Kaiming(given.Rank, target.In), begin.Zeros(target.Out, given.Rank), lambda, begin.Weight.norm(0));
    }

    /// <summary>DeLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "delora", "Bini et al. 2025, arXiv 2503.18225",
        [new("A", "(rank, in)"), new("B", "(out, rank)"), new("lambda", "(1)"), new("w_norm", "(in)")],
        Fresh,
        (target, parts) => new DeLora(target, parts["A"], parts["B"], parts["lambda"], parts["w_norm"]))
    {
        HasAlpha = false,
        Dropouts = new(DropoutStyle.Peft),
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as DeLoraOptions ?? new DeLoraOptions(shared),
        Arguments =
        [
            MethodArgument.Number<DeLoraOptions>(
                "delora_lambda", "bound of the change at first (15)", (o, n) => o with { Lambda = n }, o => o.Lambda),
        ],
        Facts = shapes => PartFacts.OfFactors(shapes, "A", "B"),
    };
}

/// <summary>How a DeLoRA is made.</summary>
public sealed record DeLoraOptions : MethodOptions
{
    /// <summary>With what every method is asked for; alpha plays no part.</summary>
    public DeLoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>λ at first.</summary>
    public double Lambda { get; init; } = 15;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (!double.IsFinite(Lambda)) yield return $"delora_lambda {PlainValue.Text(Lambda)} is not a finite number";
    }
}
