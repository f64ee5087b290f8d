namespace Lowrank.Adapters;

/// <summary>OFT on the output side (LyCORIS's diag-oft, kohya's networks.oft): the rows of W are rotated in blocks.</summary>
/// <remarks>
/// Row m of block k of W' is Σ_j R[k, j, m]·W[k, j, :].
/// Source: Qiu et al. 2023, arXiv 2306.07280; LyCORIS 4.1.3; kohya-ss/sd-scripts networks/oft.py at 48d368f.
/// </remarks>
sealed class DiagOft : RotatedRows
{
    /// <summary>An OFT of given blocks.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="blocks">X, (number of blocks, size, size), number·size = out.</param>
    /// <param name="constraint">The bound of ‖Q‖ divided by out; 0 leaves it free.</param>
    /// <param name="rescale">A factor for each row, or null.</param>
    /// <exception cref="LowrankException">The parts do not fit the target.</exception>
    public DiagOft(Target target, Tensor blocks, double constraint = 0, Tensor? rescale = null)
        : this(Descriptor, target, blocks, constraint, rescale) { }

    internal DiagOft(MethodDescriptor method, Target target, Tensor blocks, double constraint, Tensor? rescale)
        : base(method, target, blocks, constraint, rescale, Fits(target, blocks.shape)) { }

    static bool Fits(Target target, long[] blocks) =>
        blocks is [var count, var size, var same] && size == same && count * size == target.Out;

    private protected override bool AlwaysBounds => Method == KohyaOft.Descriptor;

    bool Drops => training && Options is { RankDropout: > 0 };

    // LyCORIS's rank dropout: single entries of m·R, what is left raised by 1/(1-p), beside the whole (1 − m)·I.
    private protected override Tensor Turning(double strength)
    {
        if (!Drops) return Rotations(strength);
        var turned = nn.functional.dropout(Rotations(1) * strength, Options!.RankDropout, training: true);
        return turned + eye(Blocks.shape[1], dtype: turned.dtype, device: turned.device) * (1 - strength);
    }

    private protected override Tensor Turned(Tensor rows, Tensor rotations) =>
        rotations.transpose(1, 2).Multiply(rows.reshape(Blocks.shape[0], Blocks.shape[1], -1)).reshape(rows.shape);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength)
    {
        // The gradient's shorter road rests on R being orthogonal, as it is at full strength.
        bool isOrthogonal = strength == 1 && Rescale is null && !Drops;
        if (!RunsAsLinear(layer, x) || !isOrthogonal) return base.Forward(x, layer, strength);
        var bias = BiasLike(layer, x);
        return RotatedLinear.Run(x, Target.ToMatrix(layer.Weight.Dense()), bias, Rotations(1));
    }

    static string? Refusal(Target target, MethodOptions options)
    {
        if (MethodDescriptor.MatrixOnly(target) is { } reason) return reason;
        // A rank of 0 asks about a file, whose blocks tell.
        if (options.Rank == 0 || Factorization.Of(target.Out, options.Rank).Smaller > 1) return null;
        return $"its {target.Out} outputs do not fall into blocks of 2 to {options.Rank} channels (the rank)";
    }

    static DiagOft Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (OutputRotationOptions)given;
        var (size, count) = Factorization.Of(target.Out, options.Rank);
        var rescale = options.Rescaled ? begin.Ones(target.Out) : null;
        return new DiagOft(target, begin.Zeros(count, size, size), options.Constraint, rescale) { Options = options };
    }

    /// <summary>Diag-OFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "diag-oft", "Qiu et al. 2023, arXiv 2306.07280",
        [
            new("oft_blocks", "(blocks, size, size), blocks·size = out"),
            new("rescale", "(out, 1...)", Required: false),
            new("alpha", "(): the constraint", Required: false, IsWhole: true),
        ],
        Fresh,
        (target, parts) => new DiagOft(target, parts["oft_blocks"], parts.Number("alpha") ?? 0, parts.Find("rescale")))
    {
        HasAlpha = false,
        Module = new("diag-oft"),
        Refuses = Refusal,
        Moves = (target, options) =>
            Rotation.Moved("blocks of", Factorization.Of(target.Out, options.Rank).Smaller, "outputs", options.Rank),
        AlphaIsScale = false,
        Dropouts = new(DropoutStyle.Lycoris) { Own = DropoutStyle.All },
        OwnOptions = shared => shared as OutputRotationOptions ?? new OutputRotationOptions(shared),
        Arguments = OutputRotationOptions.Arguments,
        Recognizes = shapes => shapes.GetValueOrDefault("oft_blocks") is { Length: 3 },
        Facts = shapes => shapes["oft_blocks"] is [var count, var size, _] ? new PartFacts(size, count * size, null, []) : null,
    };
}
