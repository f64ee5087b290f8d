namespace Lowrank.Adapters;

/// <summary>
/// LoRA on a fused layer, as loralib's MergedLinear has it: the outputs fall into equal slices (q, k, v),
/// and each slice that is switched on has a LoRA of its own.
/// </summary>
/// <remarks>
/// Slice i of the change is B_i·A_i; slices that are off stay the base's. It is a LoRA of all slices' ranks whose up is zero
/// outside each slice's own, and is written as that, which every reader gets right. loralib's own files do not tell which slices
/// are on; where not all are, the options or a configuration must.
/// Source: Hu et al. 2021, arXiv 2106.09685; microsoft/LoRA loralib 0.1.2, layers.py.
/// </remarks>
sealed class MergedLora : FactoredReparameterization
{
    readonly Parameter down, up;
    readonly Tensor alpha;

    /// <summary>A merged LoRA of given factors.</summary>
    /// <param name="target">A linear layer.</param>
    /// <param name="down">A of every slice that is on, (rank·slices on, in).</param>
    /// <param name="up">B of every slice that is on, (out/slices·slices on, rank).</param>
    /// <param name="options">Which slices are on, and alpha; the rank is the factors'.</param>
    /// <exception cref="LowrankException">The factors do not fit the target or the slices.</exception>
    public MergedLora(Target target, Tensor down, Tensor up, MergedLoraOptions options) : base(Descriptor, target)
    {
        long rank = up.dim() == 2 ? up.shape[1] : 0, slices = options.Slices.Count, on = options.Slices.Count(s => s);
        long width = target.Out / Math.Max(1, slices);
        bool fits = rank > 0 && on > 0 && width * slices == target.Out
            && down.shape.AsSpan().SequenceEqual([rank * on, target.In])
            && up.shape[0] == width * on;
        if (!fits)
            throw new LowrankException(
                $"the factors down {down.shape.Text()} and up {up.shape.Text()} do not make slices {options.Written} of {target}");
        Options = options with { Rank = (int)rank };
        this.down = Train("down", down, down.shape);
        this.up = Train("up", up, up.shape);
        alpha = Keep("alpha", tensor((float)(Options.StoredAlpha(rank) * on), device: CPU));
    }

    /// <summary>How it was made.</summary>
    public MergedLoraOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("down", down), ("up", Whole()), ("alpha", alpha)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors() => (Whole() * (Options.StoredAlpha(Options.Rank) / Options.Rank), down);

    Tensor Whole()
    {
        long rank = Options.Rank, width = Target.Out / Options.Slices.Count;
        int on = Options.Slices.Count(s => s), next = 0;
        // One factor of rank·slices, in which each slice sees its own ranks alone.
        var rows = Options.Slices.Select(isOn =>
        {
            if (!isOn) return zeros(width, rank * on, dtype: up.dtype, device: up.device);
            int place = next++;
            return nn.functional.pad(up.narrow(0, width * place, width), [rank * place, rank * (on - 1 - place)]);
        });
        return cat([.. rows], 0);
    }

    static string? Refusal(Target target, MethodOptions given)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        var options = (MergedLoraOptions)given;
        bool fits = options.Rank <= 0 || target.Out % options.Slices.Count == 0;
        return fits ? null : $"its {target.Out} outputs do not fall into {options.Slices.Count} equal slices ({options.Written})";
    }

    static MergedLora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (MergedLoraOptions)given;
        long on = options.Slices.Count(s => s), width = target.Out / options.Slices.Count;
        return new MergedLora(target, begin.Kaiming(options.Rank * on, target.In), begin.Zeros(width * on, options.Rank), options);
    }

    // All slices are on where the shapes say as many as there can be of a width; else a configuration tells.
    static MergedLora Read(Target target, StoredParts parts)
    {
        var (down, up) = (parts["down"], parts["up"]);
        long rank = up.shape[^1], on = down.shape[0] / Math.Max(1, rank);
        var options = new MergedLoraOptions((int)rank) { Slices = Slices() }.OfFile(parts.Number("alpha"));
        return new MergedLora(target, down, up, (MergedLoraOptions)options);

        IReadOnlyList<bool> Slices()
        {
            if (parts.Setting("enable_lora") is { } written) return MergedLoraOptions.Read(written);
            if (up.shape[0] == target.Out) return [.. Enumerable.Repeat(true, (int)on)];
            throw new LowrankException(
                $"a file of loralib's merged layer does not tell which slices of {target} are on; name them (enable_lora=true,false,true)");
        }
    }

    /// <summary>Merged LoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "merged-lora", "Hu et al. 2021, arXiv 2106.09685",
        [new("down", "(rank·slices on, in)"), new("up", "(out/slices·slices on, rank)"), new("alpha", "()", Required: false)],
        Fresh, Read)
    {
        OwnOptions = shared => shared as MergedLoraOptions ?? new MergedLoraOptions(shared),
        StoredAs = Lora.Descriptor,
        Refuses = Refusal,
        Arguments =
        [
            new(
                "enable_lora", "which equal slices of the outputs are adapted (true; of a fused qkv true,false,true)",
                (o, text) => (MergedLoraOptions)o with { Slices = MergedLoraOptions.Read(text) }, o => ((MergedLoraOptions)o).Written),
        ],
    };
}

/// <summary>How a merged LoRA is made.</summary>
public sealed record MergedLoraOptions : MethodOptions
{
    /// <summary>Of a rank for each slice, 1 or more, and an alpha; null or 0 means the rank.</summary>
    public MergedLoraOptions(int rank, double? alpha = null) : base(rank, alpha) { }

    /// <summary>With what every method is asked for.</summary>
    public MergedLoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>The equal slices of the outputs, and which are adapted; one slice unless said otherwise.</summary>
    public IReadOnlyList<bool> Slices { get; init; } = [true];

    /// <summary>The slices as they are written: "true,false,true".</summary>
    public string Written => string.Join(",", Slices.Select(s => s ? "true" : "false"));

    internal static IReadOnlyList<bool> Read(string text)
    {
        bool IsOn(string word) => bool.TryParse(word.Trim(), out bool on) ? on : throw new LowrankException(
            $"enable_lora is \"{text}\", which is not a list like true,false,true");
        return [.. text.Split(',').Select(IsOn)];
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (var fault in base.Faults()) yield return fault;
        if (!Slices.Contains(true)) yield return $"enable_lora {Written} adapts no slice";
    }
}
