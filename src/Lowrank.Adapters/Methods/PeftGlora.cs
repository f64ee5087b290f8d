namespace Lowrank.Adapters;

/// <summary>GLoRA as PEFT has it: W' = W + W⊙A + B, b' = b + b⊙D + E + W·C; each of A to E low-rank, a vector, a number or none.</summary>
/// <remarks>
/// ⊙ is entry by entry, where LyCORIS's GLoRA multiplies matrices. A and B are alike, and so are D and E; C to E are
/// there only where the layer has a bias. All is 0 at first.
/// Source: Chavan et al. 2023, arXiv 2306.07967, eq. 10; PEFT 0.21.2.
/// </remarks>
sealed class PeftGlora : AdditiveReparameterization
{
    static readonly string[] paths = ["A", "B", "C", "D", "E"];

    readonly Dictionary<string, Parameter> held = [];

    /// <summary>A GLoRA of given parts.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="parts">By name: A.Xd and A.Xu (low-rank), or A.X (a vector or a number), and so for B to E; what lacks is none.</param>
    /// <exception cref="LowrankException">A part does not fit the target.</exception>
    public PeftGlora(Target target, IReadOnlyDictionary<string, Tensor> parts) : base(Descriptor, target)
    {
        foreach (string path in paths)
            if (!Fits(target, parts, path)) throw new LowrankException($"GLoRA's {path} does not fit {target}");
        foreach (string name in Names)
            if (parts.TryGetValue(name, out var value)) held[name] = Train(name.Replace('.', '_'), value, value.shape);
        long rank = (held.GetValueOrDefault("A.Xd") ?? held.GetValueOrDefault("C.Xd"))?.shape[1] ?? 1;
        Settings = new PeftGloraOptions(new MethodOptions((int)rank))
        {
            WeightForm = FormOf("A"),
            ProductForm = FormOf("C"),
            BiasForm = FormOf("D"),
        };
    }

    // Whether a path is none, low-rank of its size, a vector of its side, or a number.
    static bool Fits(Target target, IReadOnlyDictionary<string, Tensor> parts, string path)
    {
        var (rows, columns) = path switch { "A" or "B" => (target.Out, target.In), "C" => (target.In, 1), _ => (1, target.Out) };
        return (parts.GetValueOrDefault(path + ".Xd"), parts.GetValueOrDefault(path + ".Xu"), parts.GetValueOrDefault(path + ".X")) switch
        {
            (null, null, null) => true,
            ({ } down, { } up, null) => IsProduct(down.shape, up.shape, rows, columns),
            (null, null, { } x) => x.numel() == 1 || x.numel() == (path == "C" ? target.In : target.Out),
            _ => false,
        };
    }

    static bool IsProduct(long[] down, long[] up, long rows, long columns) =>
        down is [var first, var rank] && up is [var same, var last] && rank == same && first == rows && last == columns;

    static IEnumerable<string> Names => paths.SelectMany(path => new[] { path + ".Xd", path + ".Xu", path + ".X" });

    string FormOf(string path)
    {
        if (held.ContainsKey(path + ".Xd")) return "lora";
        if (!held.TryGetValue(path + ".X", out var x)) return "none";
        return x.numel() == 1 ? "constant" : "vector";
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts =>
        [.. Names.Where(held.ContainsKey).Select(name => (name, (Tensor)held[name]))];

    /// <inheritdoc/>
    public override bool NeedsWeight => true;

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var (a, b) = (Path("A", weight.dtype), Path("B", weight.dtype));
        var change = a is null ? zeros_like(weight) : weight * a;
        return b is null ? change : change + b;
    }

    /// <inheritdoc/>
    public override bool AdaptsBias => Names.Any(name => name[0] is 'C' or 'D' or 'E' && held.ContainsKey(name));

    /// <inheritdoc/>
    public override bool BiasTakesWeight => AdaptsBias;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, Tensor weight, double strength)
    {
        // PEFT leaves these paths out where there is no bias.
        if (strength == 0 || bias is null) return bias;
        var change = zeros_like(bias);
        if (Path("D", bias.dtype) is { } d) change = change + bias * d;
        if (Path("E", bias.dtype) is { } e) change = change + e;
        if (Path("C", bias.dtype) is { } c) change = change + weight.Multiply(c.reshape(-1, 1)).reshape(-1).to(bias.dtype);
        return bias + change * strength;
    }

    Tensor? Path(string path, ScalarType dtype)
    {
        if (held.GetValueOrDefault(path + ".Xd") is { } d) return d.Multiply(held[path + ".Xu"]).to(dtype);
        if (held.GetValueOrDefault(path + ".X") is not { } x) return null;
        if (x.numel() == 1) return x.reshape([]).to(dtype);
        return (path is "A" or "B" ? x.reshape(-1, 1) : x.reshape(-1)).to(dtype);
    }

    static PeftGlora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (PeftGloraOptions)given;
        var parts = new Dictionary<string, Tensor>();
        foreach (string path in new[] { "A", "B" }) Make(path, options.WeightForm, target.Out, target.In, [target.Out, 1]);
        bool hasBias = !begin.HasWeight || begin.Bias is not null;
        if (!hasBias) return new PeftGlora(target, parts);
        Make("C", options.ProductForm, target.In, 1, [target.In, 1]);
        foreach (string path in new[] { "D", "E" }) Make(path, options.BiasForm, 0, 0, [target.Out]);
        return new PeftGlora(target, parts);

        void Make(string path, string form, long rows, long columns, long[] vector)
        {
            if (form == "vector") parts[path + ".X"] = begin.Zeros(vector);
            if (form == "constant") parts[path + ".X"] = begin.Zeros(1);
            if (form != "lora") return;
            parts[path + ".Xu"] = begin.Kaiming(options.Rank, columns);
            parts[path + ".Xd"] = begin.Zeros(rows, options.Rank);
        }
    }

    static readonly string[] weightForms = ["lora", "vector", "constant", "none"];
    static readonly string[] productForms = ["lora", "vector", "none"];
    static readonly string[] biasForms = ["vector", "constant", "none"];

    static IEnumerable<PartDescriptor> OfWeight(string path) =>
    [
        new(path + ".Xd", "(out, rank)", Required: false),
        new(path + ".Xu", "(rank, in)", Required: false),
        new(path + ".X", "(out, 1) or (1)", Required: false),
    ];

    static PartFacts? Facts(IReadOnlyDictionary<string, long[]> shapes)
    {
        if (shapes.GetValueOrDefault("A.Xd") is not [var outputs, var rank]) return null;
        long? inputs = shapes.GetValueOrDefault("A.Xu") is [_, var columns] ? columns : null;
        return new PartFacts(rank, outputs, inputs, []);
    }

    /// <summary>PEFT's GLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "peft-glora", "Chavan et al. 2023, arXiv 2306.07967",
        [
            .. OfWeight("A"), .. OfWeight("B"),
            new("C.Xd", "(in, rank)", Required: false),
            new("C.Xu", "(rank, 1)", Required: false),
            new("C.X", "(in, 1)", Required: false),
            new("D.X", "(out) or (1)", Required: false),
            new("E.X", "(out) or (1)", Required: false),
        ],
        Fresh, (target, parts) => new PeftGlora(target, parts.Values))
    {
        HasAlpha = false,
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as PeftGloraOptions ?? new PeftGloraOptions(shared),
        Arguments =
        [
            MethodArgument.Word<PeftGloraOptions>(
                "config_A_B", "form of A and B (lora)", weightForms, (o, word) => o with { WeightForm = word }, o => o.WeightForm),
            MethodArgument.Word<PeftGloraOptions>(
                "config_C", "form of C (lora)", productForms, (o, word) => o with { ProductForm = word }, o => o.ProductForm),
            MethodArgument.Word<PeftGloraOptions>(
                "config_D_E", "form of D and E (constant)", biasForms, (o, word) => o with { BiasForm = word }, o => o.BiasForm),
        ],
        Facts = Facts,
    };
}

/// <summary>How PEFT's GLoRA is made.</summary>
public sealed record PeftGloraOptions : MethodOptions
{
    /// <summary>With what every method is asked for; alpha plays no part.</summary>
    public PeftGloraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Form of A and B: lora, vector, constant or none.</summary>
    public string WeightForm { get; init; } = "lora";

    /// <summary>Form of C: lora, vector or none.</summary>
    public string ProductForm { get; init; } = "lora";

    /// <summary>Form of D and E: vector, constant or none.</summary>
    public string BiasForm { get; init; } = "constant";
}
