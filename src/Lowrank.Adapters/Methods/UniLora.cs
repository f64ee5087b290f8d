namespace Lowrank.Adapters;

/// <summary>
/// Uni-LoRA: every entry of every A and B is one of a few trained numbers θ, which all targets share, times a fixed scale: Δ = B·A.
/// </summary>
/// <remarks>
/// Each number is used about as often, and its scale is 1/√(uses), so that the projection keeps lengths. θ is uniform in
/// ±0.02 at first, so a fresh one changes the model a little.
/// PEFT allots entries by numpy's generator and by default does not store them; here they are allotted by torch's and always
/// stored (save_indices). Source: arXiv 2506.00799; PEFT 0.21.2.
/// </remarks>
sealed class UniLora : FactoredReparameterization
{
    readonly Tensor indicesA, indicesB, scalesA, scalesB;
    readonly SharedPart theta;

    /// <summary>A Uni-LoRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="indicesA">Which number each entry of A is, (rank, in), whole.</param>
    /// <param name="indicesB">And of B, (out, rank).</param>
    /// <param name="scalesA">What it is multiplied by, (rank, in).</param>
    /// <param name="scalesB">And in B, (out, rank).</param>
    /// <param name="theta">The shared numbers, (count).</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public UniLora(
        Target target, Tensor indicesA, Tensor indicesB, Tensor scalesA, Tensor scalesB, SharedPart theta, UniLoraOptions options)
        : base(Descriptor, target)
    {
        long rank = indicesA.dim() == 2 ? indicesA.shape[0] : 0, count = theta.Value.numel();
        bool indicesFit = indicesA.shape.AsSpan().SequenceEqual([rank, target.In])
            && indicesB.shape.AsSpan().SequenceEqual([target.Out, rank]);
        bool scalesFit = scalesA.shape.SequenceEqual(indicesA.shape) && scalesB.shape.SequenceEqual(indicesB.shape);
        if (!indicesFit || !scalesFit)
            throw new LowrankException($"Uni-LoRA's indices {indicesA.shape.Text()} and {indicesB.shape.Text()} do not fit {target}");
        foreach (var indices in new[] { indicesA, indicesB })
            if (indices.min().ToInt64() < 0 || indices.max().ToInt64() >= count)
                throw new LowrankException($"Uni-LoRA's indices lie outside its {count} numbers, at {target}");
        Settings = options with { Rank = (int)rank, Count = (int)count };
        this.indicesA = Keep("indices_A", indicesA.to(ScalarType.Int64));
        this.indicesB = Keep("indices_B", indicesB.to(ScalarType.Int64));
        this.scalesA = Keep("scales_A", scalesA.to(ScalarType.Float32));
        this.scalesB = Keep("scales_B", scalesB.to(ScalarType.Float32));
        this.theta = Hold("theta", theta);
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        [("indices_A", indicesA), ("indices_B", indicesB), ("scales_A", scalesA), ("scales_B", scalesB), ("theta", theta.Value)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors()
    {
        Tensor Of(Tensor indices, Tensor scales) => theta.Value.index_select(0, indices.reshape(-1)).reshape(indices.shape) * scales;
        return (Of(indicesB, scalesB), Of(indicesA, scalesA));
    }

    static UniLora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (UniLoraOptions)given;
        var targets = begin.Shared.Targets.Count > 0 ? begin.Shared.Targets : [target];
        long Entries(Target t) => options.Rank * (t.In + t.Out);
        var theta = begin.Shared.Get("theta", () => begin.Uniform(options.Bound, options.Count), trained: true);
        var (allotted, uses) = begin.Shared.Agreed("places", () => Allot(targets.Sum(Entries), options));
        long start = targets.TakeWhile(t => t.Path != target.Path).Sum(Entries);
        long ofA = options.Rank * target.In, ofB = options.Rank * target.Out;
        var a = Indices(start, ofA, options.Rank, target.In);
        var b = Indices(start + ofA, ofB, target.Out, options.Rank);
        return new UniLora(target, a, b, Scales(a), Scales(b), theta, options);

        Tensor Indices(long from, long count, params long[] shape) =>
            tensor(allotted.AsSpan((int)from, (int)count).ToArray(), device: begin.Device).reshape(shape);

        Tensor Scales(Tensor indices)
        {
            float[] scales = [.. indices.data<long>().Select(i => (float)(1 / Math.Sqrt(uses[i])))];
            return tensor(scales, device: begin.Device).reshape(indices.shape);
        }
    }

    // Every number as often as the others, or once more, in random order; and how often each is used.
    static (long[] Places, long[] Uses) Allot(long entries, UniLoraOptions options)
    {
        using var generator = new Generator((ulong)options.ProjectionSeed);
        long whole = entries / options.Count, rest = entries % options.Count;
        var extra = randperm(options.Count, generator: generator, device: CPU).narrow(0, 0, rest);
        var pool = cat([arange(options.Count, device: CPU).repeat_interleave(whole), extra]);
        var order = randperm(entries, generator: generator, device: CPU);
        long[] places = pool.index_select(0, order).data<long>().ToArray();
        var uses = new long[options.Count];
        foreach (long place in places) uses[place]++;
        return (places, uses);
    }

    static UniLora Stored(Target target, StoredParts parts)
    {
        string[] fixedParts = ["indices_A", "indices_B", "scales_A", "scales_B"];
        if (fixedParts.Any(part => parts.Find(part) is null))
            throw new LowrankException(
                "Uni-LoRA's indices are not in the file, and PEFT allots them by numpy's generator: save the adapter with save_indices");
        var given = parts["theta"];
        var theta = parts.Begin.Shared.Get("theta", () => given, trained: true);
        return new UniLora(
            target, parts["indices_A"], parts["indices_B"], parts["scales_A"], parts["scales_B"], theta,
            parts.Options<UniLoraOptions>(Descriptor));
    }

    /// <summary>Uni-LoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "unilora", "arXiv 2506.00799",
        [
            new("indices_A", "(rank, in)", Required: false, IsWhole: true),
            new("indices_B", "(out, rank)", Required: false, IsWhole: true),
            new("scales_A", "(rank, in)", Required: false),
            new("scales_B", "(out, rank)", Required: false),
            new("theta", "(count)", IsShared: true),
        ],
        Fresh, Stored)
    {
        HasAlpha = false,
        BeginsElsewhere = true,
        Dropouts = new(DropoutStyle.Peft),
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as UniLoraOptions ?? new UniLoraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<UniLoraOptions>(
                "theta_d_length", "trained numbers of the whole adapter (256)", (o, n) => o with { Count = n }, o => o.Count),
            MethodArgument.Whole<UniLoraOptions>(
                "proj_seed", "seed of the allotment (42)", (o, n) => o with { ProjectionSeed = n }, o => o.ProjectionSeed),
            MethodArgument.Number<UniLoraOptions>(
                "init_theta_d_bound", "bound of the numbers at first (0.02)", (o, n) => o with { Bound = n }, o => o.Bound),
            new("save_indices", "always true here", (o, _) => o, _ => true),
        ],
        Facts = shapes => PartFacts.OfFactors(shapes, "indices_A", "indices_B"),
    };
}

/// <summary>How a Uni-LoRA is made.</summary>
public sealed record UniLoraOptions : MethodOptions
{
    /// <summary>With what every method is asked for; PEFT's rank is 4, and alpha plays no part.</summary>
    public UniLoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Trained numbers of the whole adapter.</summary>
    public int Count { get; init; } = 256;

    /// <summary>Seed of the allotment.</summary>
    public int ProjectionSeed { get; init; } = 42;

    /// <summary>The numbers are uniform in ± this at first.</summary>
    public double Bound { get; init; } = 0.02;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Count < 1) yield return $"theta_d_length {Count} is not 1 or more";
        if (!(Bound > 0)) yield return $"init_theta_d_bound {PlainValue.Text(Bound)} is not above 0";
    }
}
