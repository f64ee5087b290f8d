namespace Lowrank.Adapters;

/// <summary>DEFT: Δ = Q·(scale·R − Gᵀ·W): what W has along P is taken out and a trained R put in its place.</summary>
/// <remarks>
/// "relu": Q = P and G = relu(P); "qr": Q = G, P's orthonormal basis. Without R (PaRa) it only takes out. P is normal
/// with deviation 0.02 and R is GᵀW/scale at first, so that nothing changes; PaRa changes a little. scale is
/// alpha/rank where an alpha is given, else 1. Source: PEFT 0.21.2.
/// </remarks>
sealed class Deft : AdditiveReparameterization
{
    readonly Parameter p;
    readonly Parameter? r;

    /// <summary>A DEFT of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="p">(out, rank).</param>
    /// <param name="r">(rank, in), or null for PaRa.</param>
    /// <param name="options">How P projects, and alpha.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public Deft(Target target, Tensor p, Tensor? r, DeftOptions options) : base(Descriptor, target)
    {
        long rank = p.dim() == 2 ? p.shape[1] : 0;
        bool fits = p.shape.AsSpan().SequenceEqual([target.Out, rank])
            && (r is null || r.shape.AsSpan().SequenceEqual([rank, target.In]));
        if (!fits)
            throw new LowrankException($"DEFT's parts P {p.shape.Text()} and R {(r?.shape ?? []).Text()} do not fit {target}");
        Options = options with { Rank = (int)rank, OnlyTakes = r is null };
        this.p = Train("P", p, p.shape);
        if (r is not null) this.r = Train("R", r, r.shape);
    }

    /// <summary>How it was made.</summary>
    public DeftOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => r is null ? [("P", p)] : [("P", p), ("R", r)];

    /// <inheritdoc/>
    public override bool NeedsWeight => true;

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var (q, g) = Projected(p.to(weight.dtype), Options.Orthogonal);
        var taken = g.t().Multiply(weight);
        return q.Multiply(r is null ? -taken : r.to(weight.dtype) * Scale(Options) - taken);
    }

    static double Scale(DeftOptions options) => options.Alpha is { } alpha and not 0 ? alpha / options.Rank : 1;

    static (Tensor Q, Tensor G) Projected(Tensor p, bool orthogonal)
    {
        if (!orthogonal) return (p, p.relu());
        var q = linalg.qr(p).Q;
        return (q, q);
    }

    static Deft Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (DeftOptions)given with { Rank = (int)Math.Min(given.Rank, target.Out) };
        var p = begin.Normal(0.02, target.Out, options.Rank);
        if (options.OnlyTakes) return new Deft(target, p, null, options);
        var r = Projected(p, options.Orthogonal).G.t().Multiply(begin.Weight) / Scale(options);
        return new Deft(target, p, r, options);
    }

    static Deft Stored(Target target, StoredParts parts)
    {
        var options = parts.Options<DeftOptions>(Descriptor);
        double alpha = parts.Setting("alpha", 0.0);
        return new Deft(target, parts["P"], parts.Find("R"), alpha == 0 ? options : options with { Alpha = alpha });
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["P"] is not [var outputs, var rank]) return null;
        long? inputs = shapes.GetValueOrDefault("R") is [_, var columns] ? columns : null;
        return new PartFacts(rank, outputs, inputs, []);
    }

    /// <summary>DEFT in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "deft", "PEFT 0.21.2", [new("P", "(out, rank)"), new("R", "(rank, in)", Required: false)], Fresh, Stored)
    {
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as DeftOptions ?? new DeftOptions(shared),
        Arguments =
        [
            MethodArgument.Word<DeftOptions>(
                "decomposition_method", "relu or qr (relu)", ["relu", "qr"],
                (o, word) => o with { Orthogonal = word == "qr" }, o => o.Orthogonal ? "qr" : "relu"),
            MethodArgument.Switch<DeftOptions>(
                "para", "only take out, put nothing in (false)", (o, on) => o with { OnlyTakes = on }, o => o.OnlyTakes),
        ],
        Facts = Facts,
    };
}

/// <summary>How a DEFT is made.</summary>
public sealed record DeftOptions : MethodOptions
{
    /// <summary>With what every method is asked for; no alpha means a scale of 1.</summary>
    public DeftOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Whether P's orthonormal basis projects, rather than P and relu(P).</summary>
    public bool Orthogonal { get; init; }

    /// <summary>Whether there is no R: what lies along P is taken out (PaRa).</summary>
    public bool OnlyTakes { get; init; }
}
