namespace Lowrank.Adapters.Tests;

/// <summary>A method with options: each method of the list with alpha ≠ rank, its own switches, and the wrappers it allows.</summary>
public sealed record MethodVariant(string Name, MethodDescriptor Method, MethodOptions Options)
{
    static readonly MethodOptions shared = new(3, 2);

    public static IReadOnlyList<MethodVariant> All { get; } = [.. Plain, .. Wrapped];

    /// <summary>Whether what it makes begins at the base's very bits; DoRA divides by a norm and multiplies by it, PiSSA takes off what it adds, a product with the
    /// identity comes in another memory order.</summary>
    public bool BeginsExactly => Options.Dora is null && Adds(Method);

    /// <summary>Whether it can adapt a target.</summary>
    public bool Fits(Target target) => Method.Refuses(target, Method.OwnOptions(Options)) is null;

    static IEnumerable<MethodVariant> Plain =>
    [
        .. Methods.All.Select(method => new MethodVariant(method.Name, method, shared)),
        new("lora rs", Lora.Descriptor, shared with { RankStabilized = true }),
        new("lora core", Lora.Descriptor, new LoraOptions(shared) { Tucker = true }),
        new("lora bias", Lora.Descriptor, new LoraOptions(shared) { Bias = true }),
        new("lora whole bias", Lora.Descriptor, shared with { TrainBias = true }),
        new("oft by blocks, shared", Oft.Descriptor, new OftOptions(shared) { Blocks = 3, BlockShare = true }),
        new("oft exact", Oft.Descriptor, new OftOptions(shared) { BlockSize = 4, Series = false }),
        new("oft constrained", Oft.Descriptor, new OftOptions(shared) { Constrained = true, Epsilon = 0.3, Terms = 7 }),
        new("lora alpha 0", Lora.Descriptor, new LoraOptions(2, 0)),
    ];

    // Wrappers are asked of every method that adds, over a linear layer as the example.
    static IEnumerable<MethodVariant> Wrapped =>
        from method in Methods.All
        where Adds(method)
        from wrapper in new (string Name, Func<MethodOptions, MethodOptions> With)[]
        {
            ("DoRA out", o => o with { Dora = DoraAxis.Output }),
            ("DoRA in", o => o with { Dora = DoraAxis.Input, DetachDoraNorm = true }),
            ("scalar", o => o with { LearnedScalar = true }),
            ("DoRA over a scalar", o => o with { Dora = DoraAxis.Output, LearnedScalar = true }),
        }
        let options = wrapper.With(shared)
        where !options.LearnedScalar || TakesScalar(method)
        select new MethodVariant($"{method.Name}, {wrapper.Name}", method, options);

    static bool Adds(MethodDescriptor method) => Try(method, shared) is AdditiveReparameterization;

    static bool TakesScalar(MethodDescriptor method) => method.ScalarParts(method.Parts.Select(p => p.Name).ToHashSet()).Count > 0;

    static Reparameterization? Try(MethodDescriptor method, MethodOptions options)
    {
        var target = new Target("example", LayerKind.Linear, [8, 8]);
        if (method.Refuses(target, method.OwnOptions(options)) is not null) return null;
        return method.Create(target, method.OwnOptions(options), new Initialization(new Generator(1), () => ones(8, 8)));
    }
}
