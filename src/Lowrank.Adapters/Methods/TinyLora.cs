namespace Lowrank.Adapters;

/// <summary>
/// TinyLoRA: Δ = B·(Σᵢ vᵢ·Pᵢ)·A with A and B the weight's largest singular directions and Pᵢ random, all
/// frozen; only v is trained, and groups of layers share it.
/// </summary>
/// <remarks>
/// A holds √S with V, B U with √S. P is normal with deviation 1/√rank, from a seed and the layer's
/// number. v is 0 at first. Source: arXiv 2602.04118; PEFT 0.21.2.
/// </remarks>
sealed class TinyLora : FactoredReparameterization
{
    readonly Tensor a, b, p;
    readonly SharedPart v;
    readonly string vName;

    /// <summary>A TinyLoRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="a">(rank, in); of an embedding (rank, width).</param>
    /// <param name="b">(out, rank); of an embedding (vocabulary, rank).</param>
    /// <param name="p">(count, rank, rank).</param>
    /// <param name="v">The group's trained vector, (count).</param>
    /// <param name="group">The group's number.</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public TinyLora(Target target, Tensor a, Tensor b, Tensor p, SharedPart v, int group, TinyLoraOptions options)
        : base(Descriptor, target)
    {
        var (rows, columns) = target.Kind == LayerKind.Embedding ? (target.In, target.Out) : (target.Out, target.In);
        var (count, rank) = p.dim() == 3 ? (p.shape[0], p.shape[1]) : (0, 0);
        bool fits = p.dim() == 3 && p.shape[2] == rank && v.Value.numel() == count
            && a.shape.AsSpan().SequenceEqual([rank, columns])
            && b.shape.AsSpan().SequenceEqual([rows, rank]);
        if (!fits)
            throw new LowrankException(
                $"TinyLoRA's parts A {a.shape.Text()}, B {b.shape.Text()}, " +
                $"P {p.shape.Text()} and v ({v.Value.numel()}) do not fit {target}");
        Settings = options with { Rank = (int)rank, Count = (int)count };
        this.a = Keep("A", a.to(ScalarType.Float32));
        this.b = Keep("B", b.to(ScalarType.Float32));
        this.p = Keep("P", p.to(ScalarType.Float32));
        vName = $"v.{group}";
        this.v = Hold($"v_{group}", v);
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("A", a), ("B", b), ("P", p), (vName, v.Value)];

    /// <inheritdoc/>
    protected override (Tensor Up, Tensor Down) Factors()
    {
        var r = (v.Value.reshape(-1, 1, 1) * p).sum([0]);
        return Target.Kind == LayerKind.Embedding ? (a.t().Multiply(r.t()), b.t()) : (b.Multiply(r), a);
    }

    static TinyLora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (TinyLoraOptions)given;
        var weight = target.Kind == LayerKind.Embedding ? begin.Weight.t() : begin.Weight;
        var (u, s, vh) = linalg.svd(weight, fullMatrices: false);
        long rank = Math.Min(options.Rank, s.numel());
        var root = s.narrow(0, 0, rank).sqrt();
        var (index, group) = Place(target, begin.Shared, options);
        var v = begin.Shared.Get($"v.{group}", () => begin.Zeros(options.Count), trained: true);
        var (a, b) = (vh.narrow(0, 0, rank) * root.unsqueeze(1), u.narrow(1, 0, rank) * root);
        return new TinyLora(target, a, b, Drawn(options, index, rank), v, group, options);
    }

    static Tensor Drawn(TinyLoraOptions options, int index, long rank)
    {
        using var generator = new Generator((ulong)(options.ProjectionSeed + index));
        return randn([options.Count, rank, rank], generator: generator, device: CPU) / Math.Sqrt(rank);
    }

    // The layer's number among the adapter's targets, and its group's.
    static (int Index, int Group) Place(Target target, SharedParts shared, TinyLoraOptions options)
    {
        int count = Math.Max(shared.Targets.Count, 1);
        int index = Math.Max(shared.Targets.ToList().FindIndex(t => t.Path == target.Path), 0);
        int groups = Math.Max(1, (int)Math.Round(count * (1 - options.WeightTying), MidpointRounding.ToEven));
        int size = Math.Max(1, count / groups);
        return (index, Math.Min(index / size, groups - 1));
    }

    static TinyLora Stored(Target target, StoredParts parts)
    {
        var options = parts.Options<TinyLoraOptions>(Descriptor);
        var (index, group) = Place(target, parts.Begin.Shared, options);
        var given = parts[$"v.{group}"];
        var (a, b) = (parts["A"], parts["B"]);
        options = options with { Count = (int)given.numel() };
        var p = parts.Find("P") ?? Drawn(options, index, a.shape[0]);
        var v = parts.Begin.Shared.Get($"v.{group}", () => given, trained: true);
        return new TinyLora(target, a, b, p, v, group, options);
    }

    /// <summary>TinyLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "tinylora", "arXiv 2602.04118",
        [
            new("A", "(rank, in)"),
            new("B", "(out, rank)"),
            new("P", "(count, rank, rank)", Required: false),
            new("v.{}", "(count)", Required: false, IsShared: true),
        ],
        Fresh, Stored)
    {
        HasAlpha = false,
        Dropouts = new(DropoutStyle.Peft),
        Refuses = (target, _) => target.Kind == LayerKind.Embedding ? null : MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as TinyLoraOptions ?? new TinyLoraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<TinyLoraOptions>(
                "u", "trained numbers of a group (64)", (o, n) => o with { Count = n }, o => o.Count),
            MethodArgument.Number<TinyLoraOptions>(
                "weight_tying", "0: each layer has its own; 1: all share one (0)",
                (o, share) => o with { WeightTying = share }, o => o.WeightTying),
            MethodArgument.Whole<TinyLoraOptions>(
                "projection_seed", "seed of P (42)", (o, n) => o with { ProjectionSeed = n }, o => o.ProjectionSeed),
        ],
        Facts = shapes => PartFacts.OfFactors(shapes, "A", "B"),
    };
}

/// <summary>How a TinyLoRA is made.</summary>
public sealed record TinyLoraOptions : MethodOptions
{
    /// <summary>With what every method is asked for; PEFT's rank is 2, and alpha plays no part.</summary>
    public TinyLoraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Trained numbers of a group.</summary>
    public int Count { get; init; } = 64;

    /// <summary>0: each layer has its own v; 1: all share one.</summary>
    public double WeightTying { get; init; }

    /// <summary>Seed of P, to which the layer's number is added.</summary>
    public int ProjectionSeed { get; init; } = 42;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Count < 1) yield return $"u {Count} is not 1 or more";
        if (!(WeightTying is >= 0 and <= 1)) yield return $"weight_tying {PlainValue.Text(WeightTying)} is not 0 to 1";
    }
}
