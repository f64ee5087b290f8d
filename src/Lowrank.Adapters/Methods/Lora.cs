namespace Lowrank.Adapters;

/// <summary>LoRA, and on convolutions LoCon: W' = W + strength·scale·up·down, scale = alpha/rank.</summary>
/// <remarks>
/// With a core (Tucker): ΔW[o,i,y,x] = Σ up[o,p]·mid[p,q,y,x]·down[q,i].
/// Initialisation, unless <see cref="LoraOptions.Init"/> says another: down and mid uniform in ±1/√fan_in (Kaiming with a = √5), up zero;
/// of an embedding down zero and up normal, so that only the words which training meets change.
/// Source: Hu et al. 2021, arXiv 2106.09685; convolutions as in LyCORIS's LoCon (arXiv 2309.14859).
/// </remarks>
public sealed class Lora : AdditiveReparameterization
{
    readonly Parameter down, up;
    readonly Parameter? mid;
    readonly Tensor alpha;

    /// <summary>A LoRA of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="down">(rank, in) or (rank, in, kernel...); for a core (rank, in, 1...). Taken over as float32.</param>
    /// <param name="up">(out, rank), or with trailing ones.</param>
    /// <param name="mid">The core (rank, rank, kernel...), or null.</param>
    /// <param name="alpha">Numerator of the scale; null means the rank, and 0 switches the change off.</param>
    /// <exception cref="LowrankException">The factors do not fit the target or each other.</exception>
    public Lora(Target target, Tensor down, Tensor up, Tensor? mid = null, double? alpha = null) : base(Descriptor, target)
    {
        Check(target, down, up, mid);
        Rank = (int)down.shape[0];
        Alpha = alpha ?? Rank;
        Options = (LoraOptions)new LoraOptions(Rank).OfFile(Alpha);
        long[] ones = Ones(target);
        this.down = Train("down", down, [Rank, target.In, .. mid is null ? target.Kernel : ones]);
        this.up = Train("up", up, [target.Out, Rank, .. ones]);
        if (mid is not null) this.mid = Train("mid", mid, mid.shape);
        this.alpha = Keep("alpha", tensor((float)Alpha, device: CPU));
    }

    /// <summary>Rank of the factors.</summary>
    public int Rank { get; }

    /// <summary>Numerator of the scale.</summary>
    public double Alpha { get; }

    /// <summary>Dropouts and how it was made; what a file does not tell stays at its default.</summary>
    public LoraOptions Options
    {
        get;
        init => (field, ModuleDropout) = (value, value.ModuleDropout);
    }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <summary>alpha/rank.</summary>
    public double Scale => Alpha / Rank;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        mid is null ? [("down", down), ("up", up), ("alpha", alpha)] : [("down", down), ("up", up), ("mid", mid), ("alpha", alpha)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var (left, right) = Matrices(weight.dtype);
        return (left * Scale).Multiply(right);
    }

    /// <inheritdoc/>
    protected override Tensor Added(Tensor weight, double strength)
    {
        // A transposed weight would come out in another layout, and products with it in other bits.
        if (!weight.is_contiguous()) return base.Added(weight, strength);
        var (left, right) = Matrices(weight.dtype);
        return weight.addmm(left * (Scale * strength), right, 1, 1);
    }

    internal override Tensor ApplyOver(Tensor matrix, double strength)
    {
        if (!matrix.is_contiguous()) return base.ApplyOver(matrix, strength);
        var (left, right) = Matrices(matrix.dtype);
        return matrix.addmm_(left * (Scale * strength), right, 1, 1);
    }

    // up (out, rank) and down (rank, in·kernel), the core worked in.
    (Tensor Up, Tensor Down) Matrices(ScalarType dtype) => (up.reshape(Target.Out, -1).to(dtype), Columns().to(dtype));

    /// <summary>down and up of a layer that does not convolve, as trained.</summary>
    public (Tensor Down, Tensor Up) Factors => (down, up);

    /// <summary>Leaves the first ranks at work, or all but so many where the number is below 0; the scale stays as it is.</summary>
    /// <returns>False where it has a core, whose ranks are not in an order.</returns>
    internal bool TryKeep(int rank)
    {
        if (mid is not null) return false;
        int kept = rank < 0 ? Math.Max(0, Rank + rank) : Math.Min(rank, Rank);
        using var grad = no_grad();
        using var left = up.narrow(1, kept, Rank - kept);
        left.zero_();
        return true;
    }

    /// <inheritdoc/>
    public override double? ChangeNorm(Func<Tensor> weight)
    {
        // ‖BA‖² = ⟨BᵀB, AAᵀ⟩: the product itself, of the weight's size, is not made.
        var (left, right) = (up.reshape(Target.Out, -1).to(ScalarType.Float64), Columns().to(ScalarType.Float64));
        return Math.Abs(Scale) * Math.Sqrt(Math.Max(0, (left.t().mm(left) * right.mm(right.t())).sum().ToDouble()));
    }

    // down as (rank, in·kernel), with the core worked in.
    Tensor Columns() => mid is null ? down.reshape(Rank, -1) : TuckerCore.Columns(mid, down.reshape(Rank, -1));

    /// <inheritdoc/>
    public override bool HasBranch => true;

    internal override ThinFactors? Thin => mid is null && !Drops ? new(down, up, Scale) : null;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength) =>
        !Drops && RunsAsLinear(layer, x)
            ? LoraLinear.Run(x, Target.ToMatrix(layer.Weight.Dense()), Like(layer.Bias, x), down, up, strength * Scale)
            : layer.Run(x).add_(Branch(x, layer, strength));   // in place: no layer's backward asks for its answer

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        // Rows of rank activations: x·Aᵀ, which for ids is a look-up of A's columns.
        var low = Target.Kind switch
        {
            LayerKind.Embedding => down.t().index_select(0, x.reshape(-1)).reshape([.. x.shape, Rank]),
            _ when Target.IsConvolution => Convolved(x, layer.Convolution!),
            _ => nn.functional.linear(x, Like(down, x)!),
        };
        double raise = 1;
        if (Drops) (low, raise) = Dropped(low);
        // The scale goes to the small factor, not to the answer.
        var scaledUp = (up * (strength * Scale * raise)).to(low.dtype);
        var answer = Target.IsConvolution
            ? Pointwise(layer.Convolution!.Groups).Run(low, scaledUp, null)
            : nn.functional.linear(low, scaledUp).to(Target.Kind == LayerKind.Embedding ? layer.Weight.Dtype : x.dtype);
        return Drops ? Style.OfAnswer(answer, Options) : answer;
    }

    // The rank activations of a convolution, (B, groups·rank, ...). Every group of channels has the same down and core: one factor
    // serves all rows of the weight, and the rows of a group see that group's channels.
    Tensor Convolved(Tensor x, ConvolutionWalk walk)
    {
        var a = Grouped(Like(down, x)!, walk.Groups);
        if (mid is null) return walk.Run(x, walk.Stored(a), null);
        return walk.Run(Pointwise(walk.Groups).Run(x, a, null), walk.Stored(Grouped(Like(mid, x)!, walk.Groups)), null);
    }

    static Tensor Grouped(Tensor factor, long groups) =>
        groups == 1 ? factor : factor.repeat([groups, .. Enumerable.Repeat(1L, (int)factor.dim() - 1)]);

    ConvolutionWalk Pointwise(long groups) => ConvolutionWalk.Pointwise(Target.Kernel.Length) with { Groups = groups };

    // What chance leaves of the rank activations, and by how much it is raised.
    (Tensor Low, double Raise) Dropped(Tensor low)
    {
        low = Style.OfActivations(low, Options);
        if (Style.Ranks(low.shape[0], Rank, low, Options) is not var (kept, raise)) return (low, 1);
        // The ranks lie on the last axis, or for a convolution on the second, once for each group.
        long samples = kept.shape[0];
        if (Target.IsConvolution) kept = kept.repeat(1, low.shape[1] / Rank);
        long[] between = [.. Enumerable.Repeat(1L, (int)low.dim() - 2)];
        return (low * kept.view(Target.IsConvolution ? [samples, low.shape[1], .. between] : [samples, .. between, Rank]), raise);
    }

    /// <summary>Whether a dropout is at work.</summary>
    internal bool Drops => Style.Drops(Options) && training && Descriptor.Dropouts.Own.Contains(Style);

    internal override bool DropsBeside => Drops;

    DropoutStyle Style => Descriptor.Dropouts.StyleOf(Options);

    static Tensor? Like(Tensor? held, Tensor x) => held is null || held.dtype == x.dtype ? held : held.to(x.dtype);

    static void Check(Target target, Tensor down, Tensor up, Tensor? mid)
    {
        bool matrices = down.dim() >= 2 && up.dim() >= 2 && (mid is null || mid.dim() == target.WeightShape.Length);
        if (!matrices)
            throw Misfit("no matrices");
        long rank = down.shape[0], columns = mid is null ? target.Columns : target.In;
        if (rank == 0 || up.numel() == 0)
            throw Misfit("of rank 0");
        if (down.numel() != rank * columns || up.shape[0] != target.Out)
            throw Misfit($"not of the layer, which takes {columns} inputs and gives {target.Out} outputs");
        bool agree = up.numel() == target.Out * rank
            && (mid is null || mid.shape.AsSpan().SequenceEqual([rank, rank, .. target.Kernel]));
        if (!agree)
            throw Misfit("at odds about the rank or the kernel");

        LowrankException Misfit(string what)
        {
            string ofMid = mid is null ? "" : $", mid {mid.shape.Text()}";
            return new($"the factors are {what}: down {down.shape.Text()}, up {up.shape.Text()}{ofMid}, at {target}");
        }
    }

    static Lora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (LoraOptions)given;
        var factors = LoraInitializations.Named(options.Init).Make(target, options, begin);
        var made = new Lora(target, factors.Down, factors.Up, factors.Mid, options.StoredAlpha(options.Rank)) { Options = options };
        if (factors.FreezesDown) made.down.requires_grad_(false);
        if (factors.FreezesUp) made.up.requires_grad_(false);
        return made;
    }

    static Lora FromParts(Target target, StoredParts parts) =>
        new(target, parts["down"], parts["up"], parts.Find("mid"), parts.Number("alpha"));

    static long[] Ones(Target target) => [.. target.Kernel.Select(_ => 1L)];

    static string? Refusal(Target target, MethodOptions given)
    {
        if (MethodDescriptor.MatrixOnly(target) is { } reason) return reason;
        var options = (LoraOptions)given;
        var way = LoraInitializations.Named(options.Init);
        return way.Refuses(target, options) is { } refused ? $"{way.Name}: {refused}" : null;
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["down"] is not [var rank, var inputs, .. var kernel]) return null;
        long? outputs = shapes.GetValueOrDefault("up") is [var rows, ..] ? rows : null;
        // Beside a core down is 1 by 1.
        return new PartFacts(rank, outputs, inputs, shapes.GetValueOrDefault("mid") is [_, _, .. var ofCore] ? ofCore : kernel);
    }

    /// <summary>LoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "lora", "Hu et al. 2021, arXiv 2106.09685",
        [
            new("down", "(rank, in, kernel...)"),
            new("up", "(out, rank, 1...)"),
            new("mid", "(rank, rank, kernel...)", Required: false),
            new("alpha", "()", Required: false),
            new("bias_indices", "(2, entries)", Required: false, IsWhole: true),
            new("bias_values", "(entries)", Required: false),
            new("bias_size", "(2)", Required: false, IsWhole: true),
        ],
        Fresh,
        FromParts)
    {
        Module = new("lora")
        {
            LycorisWithConvolutions = "locon",
            Kohya = options => options is LoraOptions { Init: "lora_fa" } ? "networks.lora_fa" : "networks.lora",
        },
        OwnOptions = shared => shared as LoraOptions ?? new LoraOptions(shared),
        Arguments =
        [
            new MethodArgument(
                "init",
                "how the factors begin: kaiming, gaussian, orthogonal, pissa, pissa_niter_N, olora, mica, eva, corda, lora_fa (kaiming)",
                (o, name) => (LoraOptions)o with { Init = LoraInitializations.Named(name).Name }),
            MethodArgument.Switch<LoraOptions>(
                "use_tucker", "a core of its own for convolutions with a kernel (false)", (o, on) => o with { Tucker = on }),
            MethodArgument.Switch<LoraOptions>(
                "lora_bias", "a bias of up, trained too (false)", (o, on) => o with { Bias = on }, o => o.Bias),
        ],
        Refuses = Refusal,
        Factors = (_, spread) => spread ? ["up", "down"] : [],
        Dropouts = new(DropoutStyle.Kohya) { Own = [DropoutStyle.Kohya, DropoutStyle.LycorisBypass] },
        ScalarParts = _ => new HashSet<string> { "up" },
        Facts = Facts,
    };
}
