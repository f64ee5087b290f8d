using System.Security.Cryptography;

namespace Lowrank.Adapters;

/// <summary>
/// Lily: y += scale·(x·Aᵀ)·Σₑ pₑ·Bₑ, where a router on the rank activations, averaged
/// over all tokens of a call, weighs several up-projections.
/// </summary>
/// <remarks>
/// What is added depends on the input, so nothing can be merged. Layers of one name and shape share their Bs, and runs
/// of them (stride) their A; equal tensors of a file are one.
/// A is uniform in ±1/√fan_in, B 0, the router uniform too. Source: arXiv 2407.09946; PEFT 0.21.2.
/// </remarks>
sealed class Lily : Reparameterization
{
    readonly SharedPart a, b;
    readonly Parameter router;

    /// <summary>A Lily of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="a">(rank, in).</param>
    /// <param name="b">(experts·rank, out).</param>
    /// <param name="router">(experts, rank).</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">The parts do not fit the target or each other.</exception>
    public Lily(Target target, SharedPart a, SharedPart b, Tensor router, LilyOptions options) : base(Descriptor, target)
    {
        var (rank, experts) = Check(target, a.Value, b.Value, router);
        Options = options with { Rank = (int)rank, Experts = (int)experts };
        this.a = Hold("A", a);
        this.b = Hold("B", b);
        this.router = Train("router", router, router.shape);
    }

    static (long Rank, long Experts) Check(Target target, Tensor a, Tensor b, Tensor router)
    {
        var (experts, rank) = router.dim() == 2 ? (router.shape[0], router.shape[1]) : (0, 0);
        bool fits = router.dim() == 2
            && a.shape.AsSpan().SequenceEqual([rank, target.In])
            && b.shape.AsSpan().SequenceEqual([experts * rank, target.Out]);
        if (fits) return (rank, experts);
        throw new LowrankException(
            $"Lily's parts A {a.shape.Text()}, B {b.shape.Text()} and router {router.shape.Text()} do not fit each other or {target}");
    }

    /// <summary>How it was made.</summary>
    public LilyOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("A", a.Value), ("B", b.Value), ("router", router)];

    /// <inheritdoc/>
    /// <exception cref="LowrankException">Always but at strength 0: there is no such weight.</exception>
    public override Tensor Apply(Tensor weight, double strength) => strength == 0 ? weight : throw new LowrankException(
        $"Lily's change depends on the input, so that no adapted weight of {Target} exists: attach it, alone or beside methods that add; " +
        "it cannot be merged");

    /// <inheritdoc/>
    public override bool HasBranch => true;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength) => layer.Run(x).add_(Branch(x, layer, strength));

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        var (experts, rank) = (Options.Experts, Options.Rank);
        var hidden = nn.functional.linear(x, a.Value.to(x.dtype));   // (..., rank)
        var routed = nn.functional.linear(hidden, router.to(x.dtype)).softmax(-1);   // (..., experts)
        var shares = routed.reshape(-1, experts).mean([0]);
        var combined = (b.Value.to(x.dtype).reshape(experts, rank, Target.Out) * shares.reshape(-1, 1, 1)).sum([0]);
        return nn.functional.linear(hidden, combined.t() * (strength * Options.Scaling));
    }

    static Lily Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (LilyOptions)given;
        // Layers of one name and shape, in the model's order.
        string kind = Kind(target);
        var alike = begin.Shared.Targets.Where(t => Kind(t) == kind).ToList();
        int run = Math.Max(alike.FindIndex(t => t.Path == target.Path), 0) / options.Stride;
        var a = begin.Shared.Get($"A {kind} {run}", () => begin.Kaiming(options.Rank, target.In), trained: true);
        var b = begin.Shared.Get($"B {kind}", () => begin.Zeros(options.Experts * options.Rank, target.Out), trained: true);
        return new Lily(target, a, b, begin.Kaiming(options.Experts, options.Rank), options);
    }

    static string Kind(Target target) => $"{target.Path[(target.Path.LastIndexOf('.') + 1)..]} {target.Out}x{target.In}";

    static Lily Stored(Target target, StoredParts parts)
    {
        // What may fail comes before anything is held.
        Check(target, parts["A"], parts["B"], parts["router"]);
        var options = parts.Options<LilyOptions>(Descriptor);
        // Every layer has its copy in a file; equal ones are the same part.
        SharedPart Held(string part)
        {
            var value = parts[part];
            string content = Convert.ToHexString(SHA256.HashData(value.to(ScalarType.Float32).contiguous().bytes));
            return parts.Begin.Shared.Get($"{part} {string.Join("x", value.shape)} {content}", () => value, trained: true);
        }
        return new Lily(target, Held("A"), Held("B"), parts["router"], options);
    }

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes["A"] is not [var rank, var inputs]) return null;
        long? outputs = shapes.GetValueOrDefault("B") is [_, var columns] ? columns : null;
        return new PartFacts(rank, outputs, inputs, []);
    }

    /// <summary>Lily in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "lily", "arXiv 2407.09946",
        [new("A", "(rank, in)"), new("B", "(experts·rank, out)"), new("router", "(experts, rank)")],
        Fresh, Stored)
    {
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        DependsOnInput = true,
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as LilyOptions ?? new LilyOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<LilyOptions>(
                "num_B", "up-projections that the router weighs (2)", (o, n) => o with { Experts = n }, o => o.Experts),
            MethodArgument.Whole<LilyOptions>(
                "stride_A", "consecutive layers that share one A (1)", (o, n) => o with { Stride = n }, o => o.Stride),
            MethodArgument.Number<LilyOptions>(
                "scaling", "factor of what is added (1)", (o, n) => o with { Scaling = n }, o => o.Scaling),
        ],
        Facts = Facts,
    };
}

/// <summary>How a Lily is made.</summary>
public sealed record LilyOptions : MethodOptions
{
    /// <summary>With what every method is asked for; alpha plays no part.</summary>
    public LilyOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Up-projections that the router weighs.</summary>
    public int Experts { get; init; } = 2;

    /// <summary>Consecutive layers of one name that share one A.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Factor of what is added.</summary>
    public double Scaling { get; init; } = 1;

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Experts < 1 || Stride < 1) yield return $"num_B {Experts} or stride_A {Stride} is not 1 or more";
        if (!double.IsFinite(Scaling)) yield return $"scaling {PlainValue.Text(Scaling)} is not a finite number";
    }
}
