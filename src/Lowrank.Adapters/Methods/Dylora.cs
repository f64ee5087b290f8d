namespace Lowrank.Adapters;

/// <summary>
/// DyLoRA: a LoRA that is good at every rank up to its own, since each training step uses only the first ranks, as many as chance says.
/// </summary>
/// <remarks>
/// Ranks come in blocks. A step draws a block, runs with the ranks up to its end, and trains that block alone. The scale at n ranks is
/// alpha/rank·√(rank/n), as kohya has it, so that the whole is read as a LoRA by everybody; LyCORIS divides alpha by the number of blocks
/// in use. Files hold a LoRA; <see cref="Truncated"/> gives one of fewer ranks.
/// Source: Valipour et al. 2022, arXiv 2210.07558; kohya-ss/sd-scripts networks/dylora.py at 48d368f; LyCORIS 4.1.3.
/// </remarks>
sealed class Dylora : FactoredReparameterization
{
    readonly Parameter down, up;
    readonly Tensor alpha;

    /// <summary>A DyLoRA of given factors.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="down">(rank, in, kernel...).</param>
    /// <param name="up">(out, rank, 1...).</param>
    /// <param name="options">Alpha, block size and rule of the scale; the rank is the factors'.</param>
    /// <exception cref="LowrankException">The factors do not fit the target, or the rank is no whole number of blocks.</exception>
    public Dylora(Target target, Tensor down, Tensor up, DyloraOptions options) : base(Descriptor, target)
    {
        long rank = down.dim() > 1 ? down.shape[0] : 0;
        bool fits = rank > 0 && down.numel() == rank * target.Columns && up.numel() == target.Out * rank;
        if (!fits)
            throw new LowrankException(
                $"DyLoRA's factors down {down.shape.Text()} and up {up.shape.Text()} do not make a weight of {target}");
        Options = options with { Rank = (int)rank };
        if (Options.Faults().FirstOrDefault() is { } fault) throw new LowrankException($"{fault}, at {target}");
        long[] ones = [.. target.Kernel.Select(_ => 1L)];
        this.down = Train("down", down, [rank, target.In, .. target.Kernel]);
        this.up = Train("up", up, [target.Out, rank, .. ones]);
        ActiveRank = Options.Rank;
        alpha = Keep("alpha", tensor((float)(Scale(Options.Rank) * rank), device: CPU));
    }

    /// <summary>How it was made.</summary>
    public DyloraOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <summary>How many ranks are used while not training: whole blocks, all of them at first.</summary>
    public int ActiveRank { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("down", down), ("up", up), ("alpha", alpha)];

    /// <summary>The scale when the first <paramref name="ranks"/> are used.</summary>
    public double Scale(int ranks)
    {
        if (Options.IsSwitchedOff) return 0;
        double alpha = Options.Alpha is null or 0 ? Options.Rank : Options.Alpha.Value;
        if (Options.LycorisScale) return alpha / ((double)ranks / Options.BlockSize);
        return alpha / Options.Rank * Math.Sqrt((double)Options.Rank / ranks);
    }

    /// <summary>The LoRA of its first ranks.</summary>
    /// <exception cref="LowrankException">Not 1 to the rank.</exception>
    public Lora Truncated(int ranks)
    {
        if (ranks < 1 || ranks > Options.Rank)
            throw new LowrankException($"a DyLoRA of rank {Options.Rank} has no first {ranks} ranks, at {Target}");
        using var scope = NewDisposeScope();
        return new Lora(Target, down.narrow(0, 0, ranks), up.narrow(1, 0, ranks), alpha: Scale(ranks) * ranks);
    }

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors()
    {
        var (left, right) = (up.reshape(Target.Out, -1), down.reshape(Options.Rank, -1));
        int used = training ? DrawnRanks() : ActiveRank;
        double scale = Scale(used);
        if (training) (left, right) = (Trained(left, 1, used), Trained(right, 0, used));
        return Options.AllRanks ? (left * scale, right) : (left.narrow(1, 0, used) * scale, right.narrow(0, 0, used));
    }

    // The ranks up to the end of a block that chance says.
    int DrawnRanks()
    {
        int block = (int)(rand(1, device: CPU).ToDouble() * (Options.Rank / Options.BlockSize));
        return Options.BlockSize * (1 + block);
    }

    // Only the block that ends at a rank gets a gradient; what stands before it is used and not trained.
    Tensor Trained(Tensor factor, int axis, int end)
    {
        int size = Options.BlockSize;
        var before = factor.narrow(axis, 0, end - size).detach();
        var after = factor.narrow(axis, end, Options.Rank - end).detach();
        return cat([before, factor.narrow(axis, end - size, size), after], axis);
    }

    static Dylora Fresh(Target target, MethodOptions options, Initialization begin)
    {
        var down = begin.Kaiming([options.Rank, target.In, .. target.Kernel]);
        return new Dylora(target, down, begin.Zeros(target.Out, options.Rank), (DyloraOptions)options);
    }

    // A file does not tell the blocks.
    static Dylora Stored(Target target, StoredParts parts)
    {
        var options = new DyloraOptions((int)parts["down"].shape[0]) { BlockSize = 1 }.OfFile(parts.Number("alpha"));
        return new Dylora(target, parts["down"], parts["up"], (DyloraOptions)options);
    }

    /// <summary>DyLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "dylora", "Valipour et al. 2022, arXiv 2210.07558",
        [new("down", "(rank, in, kernel...)"), new("up", "(out, rank, 1...)"), new("alpha", "()", Required: false)],
        Fresh,
        Stored)
    {
        Module = new("dylora"),
        OwnOptions = shared => shared as DyloraOptions ?? new DyloraOptions(shared),
        StoredAs = Lora.Descriptor,
        Arguments =
        [
            MethodArgument.Whole<DyloraOptions>(
                "block_size", "ranks that are trained together, a divisor of the rank (the largest up to 4)",
                (o, size) => o with { BlockSize = size }, o => o.BlockSize),
            MethodArgument.Whole<DyloraOptions>("unit", "kohya's name of block_size", (o, size) => o with { BlockSize = size }),
            MethodArgument.Switch<DyloraOptions>(
                "all_ranks", "run all ranks and train the drawn block alone, as kohya does (false)",
                (o, on) => o with { AllRanks = on }, o => o.AllRanks),
            MethodArgument.Switch<DyloraOptions>(
                "lycoris_scale", "alpha over the number of blocks in use, as LyCORIS has it (false)",
                (o, on) => o with { LycorisScale = on }, o => o.LycorisScale),
        ],
    };
}

/// <summary>How a DyLoRA is made.</summary>
public sealed record DyloraOptions : MethodOptions
{
    /// <summary>Of a rank, 1 or more, and an alpha; null or 0 means the rank.</summary>
    public DyloraOptions(int rank, double? alpha = null) : base(rank, alpha) => BlockSize = LargestBlock(rank);

    /// <summary>With what every method is asked for.</summary>
    public DyloraOptions(MethodOptions shared) : base(shared) => BlockSize = LargestBlock(shared.Rank);

    /// <summary>Ranks that are trained together; a divisor of the rank, the largest up to 4 unless said otherwise.</summary>
    public int BlockSize { get; init; }

    /// <summary>Whether the scale is alpha over the number of blocks in use.</summary>
    public bool LycorisScale { get; init; }

    /// <summary>Whether a training step runs with all ranks and trains the drawn block alone, as kohya's does.</summary>
    public bool AllRanks { get; init; }

    static int LargestBlock(int rank) => Enumerable.Range(1, 4).LastOrDefault(size => rank % size == 0);

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults()) yield return fault;
        if (BlockSize < 1 || Rank % BlockSize != 0) yield return $"block_size {BlockSize} does not divide the rank {Rank}";
    }
}
