namespace Lowrank.Adapters;

/// <summary>
/// T-LoRA: W' = W + strength·scale·(P·diag(λ·mask)·Q − P₀·diag(λ₀·mask)·Q₀), whose ranks follow the noise: the noisier, the fewer.
/// </summary>
/// <remarks>
/// P₀, λ₀ and Q₀ are singular vectors and values of W, and where training begins. At timestep t of T the
/// first ⌊((T − t)/T)^e·(rank − least)⌋ + least ranks work.
/// LyCORIS's files leave the frozen part out; where it is missing it is found again from W, as the largest singular vectors (LyCORIS's
/// default; a file that began with others is not told). Ours hold it. Source: Soboleva et al. 2025, arXiv 2507.05964; LyCORIS 4.1.3.
/// </remarks>
sealed class Tlora : AdditiveReparameterization
{
    readonly Parameter q, p, lambda;
    readonly Tensor? baseQ, baseP, baseLambda;
    readonly Tensor alpha;

    /// <summary>A T-LoRA of given factors.</summary>
    /// <param name="target">What is adapted; no convolution with a kernel larger than 1.</param>
    /// <param name="q">(rank, in).</param>
    /// <param name="p">(out, rank).</param>
    /// <param name="lambda">(1, rank).</param>
    /// <param name="frozen">P₀, λ₀ and Q₀ in the same shapes; null finds them from W.</param>
    /// <param name="options">Alpha, and how ranks follow the noise; the rank is the factors'.</param>
    /// <exception cref="LowrankException">The factors do not fit the target.</exception>
    public Tlora(
        Target target, Tensor q, Tensor p, Tensor lambda, (Tensor Q, Tensor P, Tensor Lambda)? frozen, TloraOptions options)
        : base(Descriptor, target)
    {
        long rank = lambda.numel();
        bool fits = rank > 0 && q.numel() == rank * target.Columns && p.numel() == target.Out * rank;
        if (!fits)
            throw new LowrankException(
                $"T-LoRA's factors q {q.shape.Text()}, p {p.shape.Text()} and " +
                $"lambda {lambda.shape.Text()} do not make a weight of {target}");
        if (frozen is { } start) CheckStart(target, start, q, p, rank);
        Options = options with { Rank = (int)rank };
        ActiveRank = Options.Rank;
        long[] ones = [.. target.Kernel.Select(_ => 1L)];
        this.q = Train("q", q, [rank, target.In, .. target.Kernel]);
        this.p = Train("p", p, [target.Out, rank, .. ones]);
        this.lambda = Train("lambda", lambda, 1, rank);
        alpha = Keep("alpha", tensor((float)Alpha, device: CPU));
        if (frozen is not { } begin) return;
        baseQ = Keep("base_q", begin.Q.reshape(this.q.shape).to(ScalarType.Float32));
        baseP = Keep("base_p", begin.P.reshape(this.p.shape).to(ScalarType.Float32));
        baseLambda = Keep("base_lambda", begin.Lambda.reshape(1, rank).to(ScalarType.Float32));
    }

    static void CheckStart(Target target, (Tensor Q, Tensor P, Tensor Lambda) start, Tensor q, Tensor p, long rank)
    {
        if (start.Q.numel() == q.numel() && start.P.numel() == p.numel() && start.Lambda.numel() == rank) return;
        throw new LowrankException(
            $"T-LoRA's frozen factors {start.Q.shape.Text()}, {start.P.shape.Text()} and " +
            $"{start.Lambda.shape.Text()} are not of the trained ones' shapes, at {target}");
    }

    /// <summary>How it was made.</summary>
    public TloraOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <summary>How many of the first ranks work.</summary>
    public int ActiveRank { get; private set; }

    /// <summary>Lets as many ranks work as a timestep asks for.</summary>
    /// <param name="timestep">0, no noise, to the number of timesteps, pure noise.</param>
    public void At(double timestep)
    {
        double share = Math.Pow(Math.Clamp((Options.Timesteps - timestep) / Options.Timesteps, 0, 1), Options.Exponent);
        ActiveRank = (int)(share * (Options.Rank - Options.LeastRank)) + Options.LeastRank;
    }

    double Alpha => Options.StoredAlpha(Options.Rank);

    /// <inheritdoc/>
    public override bool NeedsWeight => baseQ is null;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => baseQ is null
        ? [("q", q), ("p", p), ("lambda", lambda), ("alpha", alpha)]
        : [("q", q), ("p", p), ("lambda", lambda), ("alpha", alpha), ("base_q", baseQ), ("base_p", baseP!), ("base_lambda", baseLambda!)];

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread)
    {
        using var grad = no_grad();
        lambda.mul_(ratio);
    }

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var frozen = baseQ is null
            ? Singular(weight, Options.Rank, "principal")
            : (Q: baseQ, P: baseP!, Lambda: baseLambda!);
        return (Product(p, lambda, q) - Product(frozen.P, frozen.Lambda, frozen.Q)).to(weight.dtype) * (Alpha / Options.Rank);
    }

    Tensor Product(Tensor left, Tensor values, Tensor right)
    {
        var a = left.reshape(Target.Out, -1).narrow(1, 0, ActiveRank);
        var b = right.reshape(-1, Target.Columns).narrow(0, 0, ActiveRank);
        return (a * values.reshape(-1).narrow(0, 0, ActiveRank)).Multiply(b);
    }

    // Q (rank, columns), P (out, rank) and λ (rank) of W's singular vectors: the first, the last or the middle ones. They are laid out as
    // trained ones are: products of others may have other bits, and the two would not cancel.
    static (Tensor Q, Tensor P, Tensor Lambda) Singular(Tensor weight, long rank, string which)
    {
        using var grad = no_grad();
        var (u, s, v) = linalg.svd(weight, fullMatrices: false);
        long first = which switch { "last" => s.shape[0] - rank, "middle" => (s.shape[0] - rank) / 2, _ => 0 };
        return (v.narrow(0, first, rank).contiguous(), u.narrow(1, first, rank).contiguous(), s.narrow(0, first, rank));
    }

    static Tlora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (TloraOptions)given;
        var matrix = options.FromWeight ? begin.Weight : begin.Normal(1.0 / options.Rank, target.Out, target.Columns);
        var start = Singular(matrix, options.Rank, options.Vectors);
        return new Tlora(target, start.Q, start.P, start.Lambda, start, options);
    }

    static Tlora Stored(Target target, StoredParts parts)
    {
        var options = (TloraOptions)new TloraOptions((int)parts["lambda"].numel()).OfFile(parts.Number("alpha"));
        (Tensor, Tensor, Tensor)? frozen = parts.Find("base_q") is { } q ? (q, parts["base_p"], parts["base_lambda"]) : null;
        return new Tlora(target, parts["q"], parts["p"], parts["lambda"], frozen, options);
    }

    static string? Refusal(Target target, MethodOptions options)
    {
        if (MethodDescriptor.MatrixOnly(target) is { } reason) return reason;
        if (target.IsSpatial) return "its kernel is larger than 1, where T-LoRA is not defined";
        long vectors = Math.Min(target.Out, target.Columns);
        return options.Rank > vectors ? $"it has {vectors} singular vectors, and the rank is {options.Rank}" : null;
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["q"] is not [var rank, var inputs, .. var kernel] || shapes["p"] is not [var outputs, ..]) return null;
        return new PartFacts(rank, outputs, inputs, kernel);
    }

    /// <summary>T-LoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "tlora", "Soboleva et al. 2025, arXiv 2507.05964",
        [
            new("q", "(rank, in)"),
            new("p", "(out, rank)"),
            new("lambda", "(1, rank)"),
            new("alpha", "()", Required: false),
            new("base_q", "(rank, in)", Required: false),
            new("base_p", "(out, rank)", Required: false),
            new("base_lambda", "(1, rank)", Required: false),
        ],
        Fresh, Stored)
    {
        FollowNoise = (made, timestep) => (made as Tlora)?.At(timestep),
        Module = new("tlora"),
        OwnOptions = shared => shared as TloraOptions ?? new TloraOptions(shared),
        Refuses = Refusal,
        Arguments =
        [
            MethodArgument.Word<TloraOptions>(
                "sig_type", "which singular vectors it begins with: principal, last or middle (principal)", ["principal", "last", "middle"],
                (o, which) => o with { Vectors = which }, o => o.Vectors),
            MethodArgument.Switch<TloraOptions>(
                "use_data_init", "begin with singular vectors of the weight, or else of a matrix drawn by chance (true)",
                (o, on) => o with { FromWeight = on }, o => o.FromWeight),
            MethodArgument.Whole<TloraOptions>(
                "min_rank", "ranks that work at pure noise, 1 to the rank (1)",
                (o, least) => o with { LeastRank = least }, o => o.LeastRank),
            MethodArgument.Number<TloraOptions>(
                "mask_exponent", "how fast ranks fall with the noise (1)",
                (o, exponent) => o with { Exponent = exponent }, o => o.Exponent),
            MethodArgument.Number<TloraOptions>(
                "max_timestep", "the timestep of pure noise (1000)", (o, steps) => o with { Timesteps = steps }, o => o.Timesteps),
        ],
        Facts = Facts,
    };
}

/// <summary>How a T-LoRA is made.</summary>
public sealed record TloraOptions : MethodOptions
{
    /// <summary>Of a rank, 1 or more, and an alpha; null or 0 means the rank.</summary>
    public TloraOptions(int rank, double? alpha = null) : base(rank, alpha) { }

    /// <summary>With what every method is asked for.</summary>
    public TloraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Which singular vectors it begins with: "principal", "last" or "middle".</summary>
    public string Vectors { get; init; } = "principal";

    /// <summary>Whether these are the weight's, or those of a matrix of normal numbers with deviation 1/rank.</summary>
    public bool FromWeight { get; init; } = true;

    /// <summary>Ranks that work at pure noise.</summary>
    public int LeastRank { get; init; } = 1;

    /// <summary>How fast ranks fall with the noise.</summary>
    public double Exponent { get; init; } = 1;

    /// <summary>The timestep of pure noise.</summary>
    public double Timesteps { get; init; } = 1000;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults()) yield return fault;
        if (LeastRank < 1 || LeastRank > Rank) yield return $"min_rank {LeastRank} is not 1 to the rank {Rank}";
        if (!(Exponent > 0 && double.IsFinite(Exponent))) yield return $"mask_exponent {PlainValue.Text(Exponent)} is not above 0";
        if (!(Timesteps > 0 && double.IsFinite(Timesteps))) yield return $"max_timestep {PlainValue.Text(Timesteps)} is not above 0";
    }
}
