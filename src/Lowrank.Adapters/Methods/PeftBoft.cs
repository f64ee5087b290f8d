namespace Lowrank.Adapters;

/// <summary>
/// BOFT on the input side, as PEFT has it: W' = diag(s)·W·Bᵀ, B a product of factors that each turn blocks of shuffled inputs.
/// </summary>
/// <remarks>
/// A factor is Pᵢ·blockdiag(R)·Pᵢᵀ with R = (I − S)(I + S)⁻¹ and S = (M − Mᵀ)/2 of a whole stored M; the first
/// factor stands rightmost. s scales outputs and not their bias.
/// Strength interpolates every factor with the identity and s with 1. Source: Liu et al. 2024, arXiv 2311.06243; conventions of PEFT
/// 0.21.2, which without its CUDA extension silently makes one factor.
/// </remarks>
sealed class PeftBoft : Reparameterization
{
    readonly Parameter raw, scale;
    readonly Tensor[] orders;
    readonly long factors, blocks, size;

    /// <summary>A BOFT of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="raw">M, (factors, blocks, size, size); blocks·size is in·kernel.</param>
    /// <param name="scale">s, one number for each output.</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">The parts do not fit the target.</exception>
    public PeftBoft(Target target, Tensor raw, Tensor scale, PeftBoftOptions options) : base(Descriptor, target)
    {
        var (factors, blocks, size) = raw.dim() == 4 ? (raw.shape[0], raw.shape[1], raw.shape[2]) : (0, 0, 0);
        if (!Fits(target, raw.shape) || scale.numel() != target.Out)
            throw new LowrankException(
                $"BOFT's parts {raw.shape.Text()} and {scale.shape.Text()} turn no {target.Columns} inputs of {target}");
        (this.factors, this.blocks, this.size) = (factors, blocks, size);
        Options = options with { BlockSize = (int)size, Factors = (int)factors };
        this.raw = Train("R", raw, raw.shape);
        this.scale = Train("s", scale, target.IsConvolution ? [1, target.Out] : [target.Out, 1]);
        orders = [.. Enumerable.Range(0, (int)factors).Select(i => Keep($"order{i}", Order(i)))];
    }

    static bool Fits(Target target, long[] raw)
    {
        if (raw is not [var factors, var blocks, var size, var other]) return false;
        // Several factors shuffle halves of blocks, in segments of 2ⁱ blocks.
        bool shuffles = factors <= 1 || size % 2 == 0 && blocks % (1L << (int)(factors - 1)) == 0;
        return size == other && blocks * size == target.Columns && shuffles;
    }

    /// <summary>How it was made.</summary>
    public PeftBoftOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("R", raw), ("s", scale)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength)
    {
        if (strength == 0) return weight;
        var skew = (raw - raw.transpose(-2, -1)) * 0.5;
        var rotations = Rotation.Cayley(skew).to(weight.dtype);   // (factors, blocks, size, size)
        rotations = OutputRotation.Interpolated(rotations, strength);
        // W·Bᵀ, B the last factor to the first: their transposed ones come in order. P·D·Pᵀ
        // takes columns in P's order, turns blocks, and puts them back.
        for (int i = 0; i < factors; i++)
        {
            var shuffled = factors == 1 ? weight : weight.index_select(1, orders[i]);
            var turned = shuffled.reshape(Target.Out, blocks, 1, size).Multiply(rotations[i].transpose(-2, -1)).reshape(Target.Out, -1);
            weight = factors == 1 ? turned : zeros_like(turned).index_copy(1, orders[i], turned);
        }
        var s = scale.reshape(-1, 1).to(weight.dtype);
        return weight * (strength == 1 ? s : 1 + strength * (s - 1));
    }

    // Which input comes where for factor i: in segments of 2ⁱ blocks, the halves of blocks that are even, then those that are odd.
    Tensor Order(int factor)
    {
        long half = size / 2, segment = size << factor, columns = blocks * size;
        var all = arange(columns, device: CPU);
        if (factors == 1 || segment > columns) return all;
        var halves = all.reshape(columns / segment, -1, half);
        long count = halves.shape[1];
        var even = halves.index_select(1, arange(0, count, 2, device: CPU));
        var odd = halves.index_select(1, arange(1, count, 2, device: CPU));
        var order = cat([even, odd], 1).reshape(-1);
        // P's row i has its one at order[i]: P·D·Pᵀ takes column order⁻¹.
        return order.argsort();
    }

    static PeftBoft Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (PeftBoftOptions)given;
        long block = Block(target, options);
        var raw = begin.Zeros(options.Factors, target.Columns / block, block, block);
        return new PeftBoft(target, raw, begin.Ones(target.Out), options);
    }

    // PEFT refuses what does not divide; here the size moves to a divisor that the factors need.
    static long Block(Target target, PeftBoftOptions options)
    {
        long asked = Asked(target, options);
        long best = 0, pieces = 1L << (options.Factors - 1);
        for (long divisor = target.Columns; divisor >= 2; divisor--)
        {
            bool fits = target.Columns % (divisor * pieces) == 0 && (options.Factors == 1 || divisor % 2 == 0);
            bool isNearer = best == 0 || Math.Abs(divisor - asked) <= Math.Abs(best - asked);
            if (fits && isNearer) best = divisor;
        }
        return best;
    }

    static long Asked(Target target, PeftBoftOptions options)
    {
        if (options.BlockCount is { } count and > 0) return Math.Max(target.Columns / count, 1);
        return options.BlockSize is { } size and > 0 ? size : options.Rank;
    }

    static string? Refusal(Target target, MethodOptions given)
    {
        if (target.Kind is LayerKind.Norm or LayerKind.Embedding) return "it turns the inputs of a layer that multiplies";
        var options = (PeftBoftOptions)given;
        bool parts = Block(target, options) >= 2;
        return parts ? null : $"its {target.Columns} inputs do not part into blocks for {options.Factors} factors";
    }

    static string? Moved(Target target, MethodOptions given)
    {
        var options = (PeftBoftOptions)given;
        return Rotation.Moved("blocks of", Block(target, options), "inputs", Asked(target, options));
    }

    static PeftBoft Stored(Target target, StoredParts parts) =>
        new(target, parts["R"], parts["s"], parts.Options<PeftBoftOptions>(Descriptor));

    /// <summary>PEFT's BOFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "peft-boft", "Liu et al. 2024, arXiv 2311.06243",
        [new("R", "(factors, blocks, size, size)"), new("s", "(out, 1)")],
        Fresh, Stored)
    {
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = Refusal,
        Moves = Moved,
        OwnOptions = shared => shared as PeftBoftOptions ?? new PeftBoftOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<PeftBoftOptions>(
                "boft_block_size", "inputs in a block, moved to a divisor (the rank)",
                (o, n) => o with { BlockSize = n }, o => o.BlockSize ?? 0),
            MethodArgument.Whole<PeftBoftOptions>(
                "boft_block_num", "number of blocks, where the size is not given", (o, n) => o with { BlockCount = n }, _ => 0),
            MethodArgument.Whole<PeftBoftOptions>(
                "boft_n_butterfly_factor", "number of factors (1)", (o, n) => o with { Factors = n }, o => o.Factors),
        ],
        Facts = shapes => shapes["R"] is [_, _, var size, _] ? new PartFacts(size, null, null, []) : null,
    };
}

/// <summary>How PEFT's BOFT is made.</summary>
public sealed record PeftBoftOptions : MethodOptions
{
    /// <summary>With what every method is asked for; the rank is the size of a block unless that is given.</summary>
    public PeftBoftOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Inputs in a block; even where there are several factors. Null takes the rank.</summary>
    public int? BlockSize { get; init; }

    /// <summary>Number of blocks, where their size is not given.</summary>
    public int? BlockCount { get; init; }

    /// <summary>Number of factors, 1 or more.</summary>
    public int Factors { get; init; } = 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults() =>
        Factors is >= 1 and < 32 ? base.Faults() : base.Faults().Append($"boft_n_butterfly_factor {Factors} is not 1 to 31");
}
