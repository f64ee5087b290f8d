namespace Lowrank.Adapters;

/// <summary>LoRA, and on convolutions LoCon: W' = W + strength·scale·up·down, scale = alpha/rank.</summary>
/// <remarks>
/// With a core (Tucker): ΔW[o,i,y,x] = Σ up[o,p]·mid[p,q,y,x]·down[q,i]. Initialisation: down and mid uniform in ±1/√fan_in (Kaiming with a = √5), up zero.
/// Source: Hu et al. 2021, arXiv 2106.09685; convolutions as in LyCORIS's LoCon (arXiv 2309.14859).
/// </remarks>
public sealed class Lora : Reparameterization
{
    readonly Parameter down, up;
    readonly Parameter? mid;

    /// <summary>A LoRA of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="down">(rank, in) or (rank, in, kernel...); for a core (rank, in, 1...). Taken over as float32.</param>
    /// <param name="up">(out, rank), or with trailing ones.</param>
    /// <param name="mid">The core (rank, rank, kernel...), or null.</param>
    /// <param name="alpha">Numerator of the scale; null or 0 means the rank.</param>
    /// <exception cref="LowrankException">The factors do not fit the target or each other.</exception>
    public Lora(Target target, Tensor down, Tensor up, Tensor? mid = null, double? alpha = null) : base(Descriptor, target)
    {
        Rank = (int)down.shape[0];
        Alpha = alpha is null or 0 ? Rank : alpha.Value;
        Check(target, down, up, mid);
        long[] ones = [.. target.Kernel.Select(_ => 1L)];
        this.down = Register("down", down, target.IsConvolution ? mid is null ? [Rank, target.In, .. target.Kernel] : [Rank, target.In, .. ones] : [Rank, target.In]);
        this.up = Register("up", up, [target.Out, up.shape[1], .. ones]);
        if (mid is not null) this.mid = Register("mid", mid, mid.shape);
    }

    /// <summary>Rank of the factors.</summary>
    public int Rank { get; }

    /// <summary>Numerator of the scale.</summary>
    public double Alpha { get; }

    /// <summary>Dropouts and how it was made; what a file does not tell stays at its default.</summary>
    public LoraOptions Options { get; init; } = new(1);

    /// <summary>alpha/rank.</summary>
    public double Scale => Alpha / Rank;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        mid is null ? [("down", down), ("up", up), ("alpha", tensor((float)Alpha))] : [("down", down), ("up", up), ("mid", mid), ("alpha", tensor((float)Alpha))];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength)
    {
        var (left, right) = (up.reshape(Target.Out, -1).to(weight.dtype), Columns().to(weight.dtype));
        return weight + strength * Scale * left.Multiply(right);
    }

    // down as (rank, in·kernel), with the core worked in: core (p, q, k) times down (q, i) is (p, i, k).
    Tensor Columns()
    {
        if (mid is null) return down.reshape(Rank, -1);
        long p = mid.shape[0], q = mid.shape[1];
        return mid.reshape(p, q, -1).transpose(1, 2).Multiply(down.reshape(q, -1)).transpose(1, 2).reshape(p, -1);
    }

    /// <inheritdoc/>
    public override bool HasBranch => Target.Convolution is not { Groups: > 1 };

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (training && Options.ModuleDropout > 0 && rand(1).ToSingle() < Options.ModuleDropout) return layer.Run(x);
        if (!HasBranch) return base.Forward(x, layer, strength);
        if (Target.Kind is LayerKind.Linear or LayerKind.TransposedLinear && !DropsNow && layer.Weight.dtype == x.dtype)
            return LoraLinear.Run(x, Target.ToMatrix(layer.Weight), Like(layer.Bias, x), down, up, strength * Scale);
        return layer.Run(x) + Branch(x, layer, strength);
    }

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        if (Target.Kind == LayerKind.Embedding)   // x holds ids: row i of the embedding of A is A's column i
            return nn.functional.linear(down.t().index_select(0, x.reshape(-1)).reshape([.. x.shape, Rank]), up * (strength * Scale)).to(layer.Weight.dtype);
        var low = Low(x, layer);
        // The scale goes to the small factor, not to the answer.
        var scaledUp = (up * (strength * Scale * DropRanks(ref low))).to(x.dtype);
        return Target.IsConvolution ? Convolution.Pointwise(Target.Kernel.Length).Run(low, scaledUp, null) : nn.functional.linear(low, scaledUp);
    }

    // The activations of rank size: (..., rank), or (B, rank, ...) for a convolution.
    Tensor Low(Tensor x, IAdaptable layer)
    {
        var a = Like(down, x)!;
        var low = (Target.IsConvolution, mid) switch
        {
            (false, _) => nn.functional.linear(x, a),
            (true, null) => layer.Convolution!.Run(x, a, null),
            (true, _) => layer.Convolution!.Run(Convolution.Pointwise(Target.Kernel.Length).Run(x, a, null), Like(mid, x)!, null),
        };
        return training && Options.Dropout > 0 ? nn.functional.dropout(low, Options.Dropout, training: true) : low;
    }

    // kohya's rank dropout: one mask a sample over the ranks; what is left is raised by 1/(1-p). Gives that factor.
    double DropRanks(ref Tensor low)
    {
        double p = Options.RankDropout;
        if (!training || p <= 0) return 1;
        long batch = low.shape[0];
        var mask = (rand(batch, Rank) > p).to(low.dtype);
        long[] between = [.. Enumerable.Repeat(1L, (int)low.dim() - 2)];
        low = low * mask.view(Target.IsConvolution ? [batch, Rank, .. between] : [batch, .. between, Rank]);
        return 1 / (1 - p);
    }

    bool DropsNow => training && (Options.Dropout > 0 || Options.RankDropout > 0);

    static Tensor? Like(Tensor? held, Tensor x) => held is null || held.dtype == x.dtype ? held : held.to(x.dtype);

    Parameter Register(string name, Tensor value, long[] shape)
    {
        // A handle of its own: the module outlives the scope in which the file was read.
        using var scope = NewDisposeScope();
        var master = new Parameter(value.detach().to(ScalarType.Float32).reshape(shape).clone().DetachFromDisposeScope());
        register_parameter(name, master);
        return master;
    }

    static void Check(Target target, Tensor down, Tensor up, Tensor? mid)
    {
        long rank = down.shape[0], kernel = mid is null ? target.Columns : target.In;
        string Shapes() => $"down ({string.Join(", ", down.shape)}), up ({string.Join(", ", up.shape)}){(mid is null ? "" : $", mid ({string.Join(", ", mid.shape)})")}";
        if (rank == 0 || up.numel() == 0) throw new LowrankException($"a LoRA of rank 0: {Shapes()}, at {target}");
        if (down.numel() != rank * kernel || up.shape[0] != target.Out)
            throw new LowrankException($"the factors do not fit the layer: {Shapes()}, at {target}, which takes {kernel} inputs and gives {target.Out} outputs");
        long inner = mid is null ? rank : mid.shape[0];
        if (up.numel() != target.Out * inner || mid is not null && (mid.shape[1] != rank || mid.numel() != inner * rank * target.Columns / target.In))
            throw new LowrankException($"the factors disagree about the rank: {Shapes()}, at {target}");
    }

    static Lora Fresh(Target target, MethodOptions given, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var options = given as LoraOptions ?? new LoraOptions(given.Rank, given.Alpha);
        long rank = options.Rank;
        bool core = options.Tucker && target.IsSpatial;
        long[] ones = [.. target.Kernel.Select(_ => 1L)];
        var down = Uniform(core ? [rank, target.In, .. ones] : [rank, target.In, .. target.Kernel], core ? target.In : target.Columns, generator);
        var mid = core ? Uniform([rank, rank, .. target.Kernel], rank * target.Columns / target.In, generator) : null;
        double alpha = options.Alpha is null or 0 ? rank : options.Alpha.Value;
        // rsLoRA's scale is baked into alpha: alpha/√r = (alpha·√r)/r.
        return new Lora(target, down, zeros([target.Out, rank, .. ones]), mid, options.RankStabilized ? alpha * Math.Sqrt(rank) : alpha) { Options = options };
    }

    static Tensor Uniform(long[] shape, long fanIn, Generator? generator)
    {
        double bound = 1 / Math.Sqrt(fanIn);
        return rand(shape, generator: generator) * (2 * bound) - bound;
    }

    /// <summary>LoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "lora", "Hu et al. 2021, arXiv 2106.09685",
        [new("down", "(rank, in, kernel...)"), new("up", "(out, rank, 1...)"), new("mid", "(rank, rank, kernel...)", Required: false), new("alpha", "()", Required: false)],
        target => target.Kind != LayerKind.Norm,
        Fresh,
        (target, parts) => new Lora(target, parts["down"], parts["up"], parts.GetValueOrDefault("mid"), parts.GetValueOrDefault("alpha")?.ToDouble()));
}
