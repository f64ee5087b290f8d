namespace Lowrank.Adapters;

/// <summary>
/// OFT on the input side, as PEFT has it: W' = W·Rᵀ, R block-diagonal and near
/// orthogonal; of an embedding, whose rows are the outputs, W' = Rᵀ·W.
/// </summary>
/// <remarks>
/// A block is the Cayley transform of a skew matrix S whose strict upper triangle is stored row by row: exact, R = (I − S)(I + S)⁻¹,
/// or by a series, R = I + 2S + 2S² + ... + 2Sⁿ⁻² + Sⁿ⁻¹. The two turn opposite ways (the series expands (I + S)(I − S)⁻¹), so a
/// file's flag must be kept. The series is not quite orthogonal.
/// COFT keeps ‖S‖ of each block at eps/√blocks or below, by moving the parameter itself. Strength interpolates R with the identity.
/// Source: Qiu et al. 2023, arXiv 2306.07280; Qiu et al. 2025, arXiv 2506.19847;
/// conventions of PEFT 0.21.2. A convolution's kernel counts as input:
/// PEFT's forward, which folds rotated patches that overlap, is not the convolution that it merges; this is the merged one.
/// </remarks>
sealed class Oft : Reparameterization
{
    readonly Parameter skew;
    readonly Tensor upper;
    readonly long size, blocks;

    /// <summary>An OFT of given skew matrices.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="skew">(blocks, size·(size − 1)/2), one row where all blocks share it.</param>
    /// <param name="options">The form of the transform.</param>
    /// <exception cref="LowrankException">The parts do not fit the target.</exception>
    public Oft(Target target, Tensor skew, OftOptions options) : base(Descriptor, target)
    {
        long width = Width(target), count = skew.dim() == 2 ? skew.shape[1] : 0;
        size = Rotation.Size(count);
        blocks = size < 2 ? 0 : width / size;
        bool fits = size * (size - 1) / 2 == count && blocks * size == width && (skew.shape[0] == blocks || skew.shape[0] == 1);
        if (!fits)
            throw new LowrankException($"OFT's blocks have shape {skew.shape.Text()}, which rotates no {width} channels, at {target}");
        Options = options with { BlockSize = (int)size, BlockShare = skew.shape[0] == 1 && blocks > 1 };
        this.skew = Train("R", skew, skew.shape);
        // Where the strict upper triangle lies in a flattened block.
        using var scope = NewDisposeScope();
        var place = ones(size, size, device: CPU).triu(1).reshape(-1).nonzero().reshape(-1);
        upper = Keep("upper", place);
    }

    /// <summary>The form of the transform.</summary>
    public OftOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("R", skew)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength)
    {
        if (strength == 0) return weight;
        var rotation = OutputRotation.Interpolated(Rotations().to(weight.dtype), strength);   // (blocks or 1, size, size)
        return Target.Kind == LayerKind.Embedding
            ? rotation.transpose(1, 2).Multiply(weight.reshape(blocks, size, -1)).reshape(weight.shape)
            : weight.reshape(weight.shape[0], blocks, 1, size).Multiply(rotation.transpose(1, 2)).reshape(weight.shape);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        if (strength != 1 || !RunsAsLinear(layer, x)) return base.Forward(x, layer, strength);
        var bias = BiasLike(layer, x);
        return RotatedLinear.RunOnInput(x, Target.ToMatrix(layer.Weight.Dense()), bias, Rotations());
    }

    /// <summary>The blocks of R, (blocks, size, size), or one that all share.</summary>
    public Tensor Rotations()
    {
        var stored = Options.Constrained ? Bounded() : skew.alias();
        var square = zeros(stored.shape[0], size * size, device: stored.device).index_copy(1, upper, stored).reshape(-1, size, size);
        var s = square - square.transpose(1, 2);
        return Options.Series ? Rotation.Series(s, Options.Terms) : Rotation.Cayley(s);
    }

    // Each block's skew matrix drawn back to its bound where it left it. While training the
    // parameter itself moves; its gradient knows nothing of it.
    Tensor Bounded()
    {
        Tensor bounded;
        using (no_grad())
        {
            double bound = Options.Epsilon / Math.Sqrt(skew.shape[0]);
            bounded = skew * (bound / (skew.norm(1, keepdim: true) * Math.Sqrt(2))).clamp(max: 1);   // each entry stands in S twice
            if (training) skew.copy_(bounded);
        }
        return skew + (bounded - skew).detach();
    }

    static long Width(Target target) => target.Kind == LayerKind.Embedding ? target.Out : target.Columns;

    static Oft Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (OftOptions)given;
        long width = Width(target), block = Block(width, options);
        return new Oft(target, begin.Zeros(options.BlockShare ? 1 : width / block, block * (block - 1) / 2), options);
    }

    // Channels in a block: PEFT moves what was asked to a divisor, and so to 1 at times, which turns nothing.
    static long Block(long width, OftOptions options)
    {
        if (options.BlockSize is { } asked and > 0) return Rotation.NearestDivisor(width, asked);
        if (options.Blocks is { } count and > 0) return width / Rotation.NearestDivisor(width, count, smallest: 1);
        return Rotation.NearestDivisor(width, options.Rank);
    }

    static string? Moved(Target target, MethodOptions given)
    {
        var options = (OftOptions)given;
        long width = Width(target), size = Block(width, options);
        bool bySize = options.BlockSize > 0 || options.Blocks is not > 0;
        return bySize
            ? Rotation.Moved("blocks of", size, "channels", options.BlockSize is { } asked and > 0 ? asked : options.Rank)
            : Rotation.Moved("", width / size, "blocks", options.Blocks!.Value);
    }

    static Oft Stored(Target target, StoredParts parts) => new(target, parts["R"], parts.Options<OftOptions>(Descriptor));

    static string? Refusal(Target target, MethodOptions given)
    {
        if (target.Kind == LayerKind.Norm) return "a norm's weight is no matrix";
        return Block(Width(target), (OftOptions)given) < 2 ? "blocks of one channel cannot turn; ask for fewer blocks" : null;
    }

    /// <summary>PEFT's OFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "oft", "Qiu et al. 2023, arXiv 2306.07280", [new("R", "(blocks, size·(size - 1)/2)")],
        Fresh, Stored)
    {
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = Refusal,
        Moves = Moved,
        OwnOptions = shared => shared as OftOptions ?? new OftOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<OftOptions>(
                "oft_block_size", "channels in a block, moved to a divisor of the inputs (the rank)",
                (o, n) => o with { BlockSize = n }, o => o.BlockSize ?? 0),
            MethodArgument.Whole<OftOptions>(
                "oft_r", "number of blocks, where the size is not given", (o, n) => o with { Blocks = n }),
            MethodArgument.Switch<OftOptions>(
                "coft", "bound how far blocks turn (false)", (o, on) => o with { Constrained = on }, o => o.Constrained),
            MethodArgument.Number<OftOptions>(
                "eps", "COFT's bound (6e-5)", (o, n) => o with { Epsilon = n }, o => o.Epsilon),
            MethodArgument.Switch<OftOptions>(
                "block_share", "one rotation for all blocks (false)", (o, on) => o with { BlockShare = on }, o => o.BlockShare),
            MethodArgument.Switch<OftOptions>(
                "use_cayley_neumann", "a series in place of an inverse (true)", (o, on) => o with { Series = on }, o => o.Series),
            MethodArgument.Whole<OftOptions>(
                "num_cayley_neumann_terms", "terms of the series (5)", (o, n) => o with { Terms = n }, o => o.Terms),
        ],
        Facts = shapes => shapes["R"] is [_, var count] ? new PartFacts(Rotation.Size(count), null, null, []) : null,
    };
}

/// <summary>How PEFT's OFT is made.</summary>
public sealed record OftOptions : MethodOptions
{
    /// <summary>With what every method is asked for; the rank is the size of a block unless that is given.</summary>
    public OftOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Channels in a block; moved to the nearest divisor of the inputs, the smaller of two. Null takes the rank.</summary>
    public int? BlockSize { get; init; }

    /// <summary>Number of blocks, where their size is not given.</summary>
    public int? Blocks { get; init; }

    /// <summary>Whether ‖S‖ of a block is kept at <see cref="Epsilon"/>/√blocks or below (COFT).</summary>
    public bool Constrained { get; init; }

    /// <summary>COFT's bound, above 0.</summary>
    public double Epsilon { get; init; } = 6e-5;

    /// <summary>Whether all blocks share one rotation.</summary>
    public bool BlockShare { get; init; }

    /// <summary>Whether the Cayley transform is taken by a series rather than an inverse; the two turn opposite ways.</summary>
    public bool Series { get; init; } = true;

    /// <summary>Terms of the series, the identity included, 1 or more.</summary>
    public int Terms { get; init; } = 5;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (!(Epsilon > 0 && double.IsFinite(Epsilon))) yield return $"eps {PlainValue.Text(Epsilon)} is not a finite number above 0";
        if (Terms < 1) yield return $"num_cayley_neumann_terms {Terms} is not 1 or more";
        if (BlockSize < 0 || Blocks < 0) yield return $"oft_block_size {BlockSize} or r {Blocks} is below 0";
    }
}
