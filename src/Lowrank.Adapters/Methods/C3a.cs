namespace Lowrank.Adapters;

/// <summary>C3A: Δ is made of circulant blocks, Δ[b·m + t, b·n + j] = kernel[m, n, (j − t) mod b]/in.</summary>
/// <remarks>
/// All is 0 at first (PEFT's init_weights=true; its default, xavier_uniform, changes the model).
/// Source: Chen et al. 2024, arXiv 2407.19342; PEFT 0.21.2.
/// </remarks>
sealed class C3a : AdditiveReparameterization
{
    readonly Parameter kernel;
    readonly Tensor turn;

    /// <summary>A C3A of given kernels.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="kernel">(out/size, in/size, size).</param>
    /// <exception cref="LowrankException">The kernels do not fit the target.</exception>
    public C3a(Target target, Tensor kernel) : base(Descriptor, target)
    {
        if (kernel.shape is not [var rows, var columns, var size] || rows * size != target.Out || columns * size != target.In)
            throw new LowrankException($"C3A's kernels {kernel.shape.Text()} do not fit {target}");
        Settings = new C3aOptions(new MethodOptions((int)size)) { BlockSize = (int)size };
        this.kernel = Train("kernel", kernel, kernel.shape);
        using var scope = NewDisposeScope();
        // (t, j) to (j − t) mod size
        var steps = arange(size, device: CPU);
        turn = Keep("turn", (steps.unsqueeze(0) - steps.unsqueeze(1)).remainder(size).reshape(-1));
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("kernel", kernel)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var (rows, columns, size) = kernel.shape;
        var circulant = kernel.to(weight.dtype).index_select(2, turn).reshape(rows, columns, size, size);   // (m, n, t, j)
        return circulant.permute(0, 2, 1, 3).reshape(Target.Out, Target.In) / Target.In;
    }

    static C3a Fresh(Target target, MethodOptions given, Initialization begin)
    {
        long size = Size(target, (C3aOptions)given);
        long[] shape = [target.Out / size, target.In / size, size];
        return new C3a(target, ((C3aOptions)given).Beginning switch
        {
            "xavier_uniform" => begin.Uniform(Math.Sqrt(6.0 / (target.In + target.Out)), shape),
            "kaiming_uniform" => begin.Uniform(1 / Math.Sqrt(target.In), shape),
            "gaussian" => begin.Normal(1, shape),
            _ => begin.Zeros(shape),
        });
    }

    // The largest divisor of both sides, 256 at most, which is PEFT's size.
    static long Size(Target target, C3aOptions options)
    {
        if (options.BlockSize is { } asked) return asked;
        long common = (long)System.Numerics.BigInteger.GreatestCommonDivisor(target.In, target.Out);
        long size = Math.Min(common, 256);
        while (common % size != 0) size--;
        return size;
    }

    static string? Refuse(Target target, MethodOptions given)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        long size = Size(target, (C3aOptions)given);
        if (given.Rank == 0) return null;
        if (size == 1) return $"its {target.In} inputs and {target.Out} outputs have no common divisor, and blocks of 1 save nothing";
        bool fits = target.In % size == 0 && target.Out % size == 0;
        return fits ? null : $"blocks of {size} do not fit its {target.In} inputs and {target.Out} outputs";
    }

    /// <summary>C3A in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "c3a", "Chen et al. 2024, arXiv 2407.19342",
        [new("kernel", "(out/size, in/size, size)")],
        Fresh,
        (target, parts) => new C3a(target, parts["kernel"]))
    {
        HasRank = false,
        HasAlpha = false,
        Refuses = Refuse,
        OwnOptions = shared => shared as C3aOptions ?? new C3aOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<C3aOptions>(
                "block_size", "size of a block, a divisor of inputs and outputs (the largest, 256 at most)",
                (o, n) => o with { BlockSize = n }, o => o.BlockSize ?? 256),
            MethodArgument.Word<C3aOptions>(
                "init_weights",
                "true: 0 at first; else xavier_uniform (PEFT's default, also called false and peft), kaiming_uniform or gaussian, " +
                "which change the model (true)",
                ["true", "false", "peft", "xavier_uniform", "kaiming_uniform", "gaussian"],
                (o, word) => o with { Beginning = word is "false" or "peft" ? "xavier_uniform" : word }),
        ],
        Facts = shapes => shapes["kernel"] is [var rows, var columns, var size]
            ? new PartFacts(size, rows * size, columns * size, [])
            : null,
    };
}

/// <summary>How a C3A is made.</summary>
public sealed record C3aOptions : MethodOptions
{
    /// <summary>With what every method is asked for; rank and alpha play no part.</summary>
    public C3aOptions(MethodOptions shared) : base(shared) { }

    /// <summary>How the kernels begin: true (0), xavier_uniform, kaiming_uniform or gaussian.</summary>
    public string Beginning { get; init; } = "true";

    /// <summary>Size of a block; null takes the largest common divisor, 256 at most.</summary>
    public int? BlockSize { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (BlockSize < 1) yield return $"block_size {BlockSize} is not 1 or more";
    }
}
