namespace Lowrank.Adapters.Tests;

/// <summary>A method with options: each method of the list with alpha ≠ rank, its own switches, and the wrappers it allows.</summary>
public sealed record MethodVariant(string Name, MethodDescriptor Method, MethodOptions Options)
{
    static readonly MethodOptions shared = new(3, 2);

    public static IReadOnlyList<MethodVariant> All { get; } = [.. Plain, .. Wrapped];

    /// <summary>Whether what it makes begins at the base's very bits; DoRA divides by a norm and multiplies by it, PiSSA takes off what it adds, a product with the
    /// identity comes in another memory order, and DEFT and OSF take off what they computed of the weight.</summary>
    public bool BeginsExactly => Options is { Dora: null } and not LoraOptions { Init: "orthogonal" } && Adds(Method) && Method != Deft.Descriptor && Method != Osf.Descriptor;

    /// <summary>Whether a fresh one changes nothing.</summary>
    public bool BeginsAtBase => !Method.BeginsElsewhere;

    /// <summary>Whether it can adapt a target.</summary>
    public bool Fits(Target target) => Method.Refuses(target, Method.OwnOptions(Options)) is null;

    static IEnumerable<MethodVariant> Plain =>
    [
        .. Methods.All.Select(method => new MethodVariant(method.Name, method, Example(method))),
        new("lora rs", Lora.Descriptor, shared with { RankStabilized = true }),
        new("lora core", Lora.Descriptor, new LoraOptions(shared) { Tucker = true }),
        new("lora pissa", Lora.Descriptor, new LoraOptions(shared) { Init = "pissa" }),
        new("lora pissa by iteration", Lora.Descriptor, new LoraOptions(shared) { Init = "pissa_niter_4", RankStabilized = true }),
        new("lora olora", Lora.Descriptor, new LoraOptions(shared) { Init = "olora", Dora = DoraAxis.Output }),
        new("lora mica", Lora.Descriptor, new LoraOptions(shared) { Init = "mica" }),
        new("lora-fa", Lora.Descriptor, new LoraOptions(shared) { Init = "lora_fa" }),
        new("lora orthogonal", Lora.Descriptor, new LoraOptions(shared with { Rank = 2 }) { Init = "orthogonal" }),
        new("lora bias", Lora.Descriptor, new LoraOptions(shared) { Bias = true }),
        new("lora whole bias", Lora.Descriptor, shared with { TrainBias = true }),
        new("loha core", Loha.Descriptor, new LohaOptions(shared) { Tucker = true }),
        new("loha of rank 1", Loha.Descriptor, new MethodOptions(1, 2)),
        new("loha rs", Loha.Descriptor, shared with { RankStabilized = true }),
        new("lokr by 2", Lokr.Descriptor, new LokrOptions(1, 2) { Factor = 2 }),
        new("lokr whole", Lokr.Descriptor, new LokrOptions(shared) { FullMatrix = true }),
        new("lokr both", Lokr.Descriptor, new LokrOptions(1, 2) { DecomposeBoth = true, Factor = 4 }),
        new("lokr unbalanced", Lokr.Descriptor, new LokrOptions(1, 2) { UnbalancedFactorization = true }),
        new("lokr core", Lokr.Descriptor, new LokrOptions(1, 2) { Tucker = true }),
        new("ia3 on input", Ia3.Descriptor, new Ia3Options(shared) { TrainOnInput = true }),
        new("diag-oft constrained", DiagOft.Descriptor, new OutputRotationOptions(shared) { Constraint = 0.05 }),
        new("diag-oft rescaled", DiagOft.Descriptor, new OutputRotationOptions(shared) { Rescaled = true }),
        new("boft by 4", Boft.Descriptor, new MethodOptions(4)),
        new("boft by 4, constrained", Boft.Descriptor, new OutputRotationOptions(4) { Constraint = 0.05 }),
        new("boft by 6, constrained and rescaled", Boft.Descriptor, new OutputRotationOptions(6) { Constraint = 0.05, Rescaled = true }),
        new("merged-lora of a fused layer", MergedLora.Descriptor, new MergedLoraOptions(2, 1) { Slices = [true, false, true] }),
        new("tlora by chance", Tlora.Descriptor, new TloraOptions(shared) { FromWeight = false, Vectors = "last" }),
        new("dylora in blocks", Dylora.Descriptor, new DyloraOptions(4, 2) { BlockSize = 2 }),
        new("dylora, LyCORIS's scale", Dylora.Descriptor, new DyloraOptions(4, 2) { BlockSize = 2, LycorisScale = true }),
        new("oft by blocks, shared", Oft.Descriptor, new OftOptions(shared) { Blocks = 3, BlockShare = true }),
        new("oft exact", Oft.Descriptor, new OftOptions(shared) { BlockSize = 4, Series = false }),
        new("oft constrained", Oft.Descriptor, new OftOptions(shared) { Constrained = true, Epsilon = 0.3, Terms = 7 }),
        new("peft-boft of two factors", PeftBoft.Descriptor, new PeftBoftOptions(shared) { Factors = 2 }),
        new("peft-boft of small blocks", PeftBoft.Descriptor, new PeftBoftOptions(shared) { BlockSize = 2, Factors = 2 }),
        new("miss bat", Miss.Descriptor, new MissOptions(shared with { Rank = 2 }) { Form = MissForm.Bat }),
        new("miss mini", Miss.Descriptor, new MissOptions(shared) { Form = MissForm.Mini, MiniWidth = 4 }),
        new("vblora of short vectors", VbLora.Descriptor, new VbLoraOptions(shared) { Vectors = 7, VectorLength = 2, TopK = 3 }),
        new("randlora sparse", RandLora.Descriptor, new RandLoraOptions(shared) { Sparse = true }),
        new("peft-glora of vectors", PeftGlora.Descriptor, new PeftGloraOptions(shared) { WeightForm = "vector", ProductForm = "vector", BiasForm = "vector" }),
        new("peft-glora of numbers", PeftGlora.Descriptor, new PeftGloraOptions(shared) { WeightForm = "constant", ProductForm = "none", BiasForm = "constant" }),
        new("shira by seed", Shira.Descriptor, new ShiraOptions(shared with { Rank = 1 }) { Seed = 42 }),
        new("road 2", Road.Descriptor, new RoadOptions(shared) { Variant = 2, GroupSize = 4 }),
        new("road 4", Road.Descriptor, new RoadOptions(shared) { Variant = 4 }),
        new("gralora hybrid", GraLora.Descriptor, new GraLoraOptions(shared with { Rank = 4 }) { Blocks = 4, Hybrid = 3 }),
        new("psoft by series", Psoft.Descriptor, new PsoftOptions(shared) { Series = true, Epsilon = 0.9, Halved = true, Left = false }),
        new("psoft of any matrix", Psoft.Descriptor, new PsoftOptions(shared) { Orthogonal = false, Right = false }),
        new("tinylora tied", TinyLora.Descriptor, new TinyLoraOptions(shared) { Count = 5, WeightTying = 0.5 }),
        new("deft by qr", Deft.Descriptor, new DeftOptions(shared) { Orthogonal = true }),
        new("osf of few", Osf.Descriptor, new OsfOptions(shared) { Kept = 4 }),
        new("waveft of entries", WaveFt.Descriptor, new WaveFtOptions(shared) { Count = 1000, Synthesis = false }),
        new("waveft of Haar's", WaveFt.Descriptor, new WaveFtOptions(shared) { Count = 20 }),
        new("lora alpha 0", Lora.Descriptor, new LoraOptions(2, 0)),
    ];

    // What a method with options of its own is asked for in place of the shared ones, whose rank is odd and whose sizes are for large layers.
    internal static MethodOptions Example(MethodDescriptor method) => method.Name switch
    {
        "vblora" => new VbLoraOptions(shared) { Vectors = 9 },
        "shira" => new ShiraOptions(shared with { Rank = 2 }),
        "gralora" => new GraLoraOptions(shared with { Rank = 4 }),
        "trainable-tokens" => new TrainableTokensOptions(shared) { Tokens = [1, 4, 0, 7, 9, 10] },
        "tinylora" => new TinyLoraOptions(shared) { Count = 7 },
        "hra" => new HraOptions(shared with { Rank = 4 }),
        "fourierft" => new FourierFtOptions(shared) { Count = 9 },
        "waveft" => new WaveFtOptions(shared) { Count = 9, Wavelet = "sym3" },
        _ => shared,
    };

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
        let options = wrapper.With(Example(method))
        where !method.DependsOnInput
        where !options.LearnedScalar || TakesScalar(method)
        select new MethodVariant($"{method.Name}, {wrapper.Name}", method, options);

    static bool Adds(MethodDescriptor method) => Try(method, Example(method)) is AdditiveReparameterization;

    static bool TakesScalar(MethodDescriptor method) => method.ScalarParts(method.Parts.Select(p => p.Name).ToHashSet()).Count > 0;

    internal static Reparameterization? Try(MethodDescriptor method, MethodOptions options)
    {
        var target = new Target("example", LayerKind.Linear, [8, 8]);
        if (method.Refuses(target, method.OwnOptions(options)) is not null) return null;
        return method.Create(target, method.OwnOptions(options), new Initialization(new Generator(1), () => ones(8, 8)));
    }
}
