namespace Lowrank.Adapters;

/// <summary>OFT on the output side (LyCORIS's diag-oft, kohya's networks.oft): the rows of W are rotated in blocks.</summary>
/// <remarks>
/// With Q = X − Xᵀ and R = (I + Q)(I − Q)⁻¹, row m of block k of W' is Σ_j R[k, j, m]·W[k, j, :]. A constraint c &gt; 0 bounds the norm of all Q together by c·out; a file's
/// alpha is the constraint and no scale. Strength m takes R to m·R + (1 − m)·I. rescale multiplies rows afterwards: W + m·(W' − W) by our rule; under
/// <see cref="StrengthRule.Lycoris"/> at full size whatever the strength.
/// Source: Qiu et al. 2023, arXiv 2306.07280; LyCORIS 4.1.3; kohya-ss/sd-scripts networks/oft.py at 48d368f.
/// </remarks>
public sealed class DiagOft : Reparameterization
{
    readonly Parameter blocks;
    readonly Parameter? rescale;
    readonly Tensor constraint;

    /// <summary>An OFT of given blocks.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="blocks">X, (number of blocks, size, size), number·size = out.</param>
    /// <param name="constraint">The bound of ‖Q‖ divided by out; 0 leaves it free.</param>
    /// <param name="rescale">A factor for each row, or null.</param>
    /// <exception cref="LowrankException">The parts do not fit the target.</exception>
    public DiagOft(Target target, Tensor blocks, double constraint = 0, Tensor? rescale = null) : this(Descriptor, target, blocks, constraint, rescale) { }

    internal DiagOft(MethodDescriptor method, Target target, Tensor blocks, double constraint, Tensor? rescale) : base(method, target)
    {
        if (blocks is not { shape: [var count, var size, var same] } || size != same || count * size != target.Out || rescale is not null && rescale.numel() != target.Out)
            throw new LowrankException($"OFT's blocks have shape ({string.Join(", ", blocks.shape)}){(rescale is null ? "" : $" and its factors ({string.Join(", ", rescale.shape)})")}, which rotate no {target.Out} rows, at {target}");
        this.blocks = Train("oft_blocks", blocks, blocks.shape);
        if (rescale is not null) this.rescale = Train("rescale", rescale, [target.Out, 1, .. target.Kernel.Select(_ => 1L)]);
        Constraint = constraint;
        this.constraint = Keep("alpha", tensor((float)constraint));
    }

    /// <summary>The bound of ‖Q‖ divided by out; 0 leaves it free.</summary>
    public double Constraint { get; }

    /// <summary>How it was made.</summary>
    public OutputRotationOptions? Options { get; init; }

    /// <inheritdoc/>
    public override MethodOptions? Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => rescale is null ? [("oft_blocks", blocks), ("alpha", constraint)] : [("oft_blocks", blocks), ("rescale", rescale), ("alpha", constraint)];

    /// <summary>R of every block at a strength, (number, size, size).</summary>
    public Tensor Rotations(double strength)
    {
        var rotations = OutputRotation.Cayley(blocks, Constraint * Target.Out, always: Method == KohyaOft.Descriptor);
        return OutputRotation.Interpolated(rotations, strength);
    }

    bool Drops => training && Options is { RankDropout: > 0 };

    // LyCORIS's rank dropout: single entries of m·R, what is left raised by 1/(1-p), beside the whole (1 − m)·I.
    Tensor Dropped(double strength)
    {
        if (!Drops) return Rotations(strength);
        var turned = nn.functional.dropout(Rotations(1) * strength, Options!.RankDropout, training: true);
        return turned + eye(blocks.shape[1], dtype: turned.dtype, device: turned.device) * (1 - strength);
    }

    /// <inheritdoc/>
    public override double? ChangeNorm(Func<Tensor> weight) => blocks.norm().ToDouble();

    /// <inheritdoc/>
    public override void Shrink(double ratio, bool spread)
    {
        using var grad = no_grad();
        blocks.mul_(ratio);
    }

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength)
    {
        if (strength == 0 && (rescale is null || StrengthRule == StrengthRule.Interpolate)) return weight;
        // A factor beside the rotation makes the strength act on the finished difference.
        bool whole = rescale is not null && StrengthRule == StrengthRule.Interpolate;
        var rotations = Dropped(whole ? 1 : strength).to(weight.dtype);
        var rotated = rotations.transpose(1, 2).Multiply(weight.reshape(blocks.shape[0], blocks.shape[1], -1)).reshape(weight.shape);
        if (rescale is null) return rotated;
        var scaled = rotated * rescale.reshape(-1, 1).to(weight.dtype);
        return whole && strength != 1 ? weight + strength * (scaled - weight) : scaled;
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        // The gradient's shorter road rests on R being orthogonal, as it is at full strength.
        if (Target.Kind is not (LayerKind.Linear or LayerKind.TransposedLinear) || layer.Weight.dtype != x.dtype || rescale is not null || strength != 1 || Drops) return base.Forward(x, layer, strength);
        var bias = layer.Bias is { } held && held.dtype != x.dtype ? held.to(x.dtype) : layer.Bias;
        return RotatedLinear.Run(x, Target.ToMatrix(layer.Weight), bias, Rotations(1));
    }

    static string? Refusal(Target target, MethodOptions options)
    {
        if (target.Kind == LayerKind.Norm) return "a norm's weight is no matrix; methods norm and full adapt it";
        // A rank of 0 asks about a file, whose blocks tell.
        if (options.Rank == 0 || Factorization.Of(target.Out, options.Rank).Smaller > 1) return null;
        return $"its {target.Out} outputs do not fall into blocks of 2 to {options.Rank} channels (the rank)";
    }

    static DiagOft Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (OutputRotationOptions)given;
        var (size, count) = Factorization.Of(target.Out, options.Rank);
        return new DiagOft(target, zeros(count, size, size), options.Constraint, options.Rescaled ? ones(target.Out) : null) { Options = options };
    }

    /// <summary>Diag-OFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "diag-oft", "Qiu et al. 2023, arXiv 2306.07280",
        [new("oft_blocks", "(blocks, size, size), blocks·size = out"), new("rescale", "(out, 1...)", Required: false), new("alpha", "(): the constraint", Required: false, IsWhole: true)],
        Fresh,
        (target, parts) => new DiagOft(target, parts["oft_blocks"], parts.Number("alpha") ?? 0, parts.Find("rescale")))
    {
        Refuses = Refusal,
        AlphaIsScale = false,
        HasOwnDropouts = true,
        OwnOptions = shared => shared as OutputRotationOptions ?? new OutputRotationOptions(shared),
        Arguments = OutputRotationOptions.Arguments,
        Recognizes = shapes => shapes["oft_blocks"].Length == 3,
        Facts = shapes => shapes["oft_blocks"] is [var count, var size, _] ? new PartFacts(size, count * size, null, []) : null,
    };
}
