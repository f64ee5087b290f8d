namespace Lowrank.Adapters;

/// <summary>GLoRA as PEFT has it: W' = W + W⊙A + B, b' = b + b⊙D + E + W·C; each of A to E low-rank, a vector, a number or none.</summary>
/// <remarks>
/// ⊙ is entry by entry, where LyCORIS's GLoRA multiplies matrices. A and B are alike, and so are D and E; C to E are
/// there only where the layer has a bias. All is 0 at first.
/// Source: Chavan et al. 2023, arXiv 2306.07967, eq. 10; PEFT 0.21.2.
/// </remarks>
public sealed class PeftGlora : AdditiveReparameterization
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
        {
            var (rows, columns) = path switch { "A" or "B" => (target.Out, target.In), "C" => (target.In, 1), _ => (1, target.Out) };
            bool fits = (parts.GetValueOrDefault(path + ".Xd"), parts.GetValueOrDefault(path + ".Xu"), parts.GetValueOrDefault(path + ".X")) switch
            {
                (null, null, null) => true,
                ({ } d, { } u, null) => d.dim() == 2 && u.dim() == 2 && d.shape[1] == u.shape[0] && d.shape[0] == rows && u.shape[1] == columns,
                (null, null, { } x) => x.numel() == 1 || x.numel() == (path is "A" or "B" or "D" or "E" ? target.Out : target.In),
                _ => false,
            };
            if (!fits) throw new LowrankException($"GLoRA's {path} does not fit {target}");
        }
        foreach (string name in Names)
            if (parts.TryGetValue(name, out var value)) held[name] = Train(name.Replace('.', '_'), value, value.shape);
        Settings = new PeftGloraOptions(new MethodOptions((int)(held.GetValueOrDefault("A.Xd")?.shape[1] ?? held.GetValueOrDefault("C.Xd")?.shape[1] ?? 1)))
        {
            WeightForm = FormOf("A"), ProductForm = FormOf("C"), BiasForm = FormOf("D"),
        };
    }

    static IEnumerable<string> Names => paths.SelectMany(path => new[] { path + ".Xd", path + ".Xu", path + ".X" });

    string FormOf(string path) => held.ContainsKey(path + ".Xd") ? "lora" : held.GetValueOrDefault(path + ".X") is { } x ? x.numel() == 1 ? "constant" : "vector" : "none";

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [.. Names.Where(held.ContainsKey).Select(name => (name, (Tensor)held[name]))];

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
        return (x.numel() == 1 ? x.reshape([]) : path is "A" or "B" ? x.reshape(-1, 1) : x.reshape(-1)).to(dtype);
    }

    static PeftGlora Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (PeftGloraOptions)given;
        bool bias = !begin.HasWeight || begin.Bias is not null;
        var parts = new Dictionary<string, Tensor>();
        void Make(string path, string form, long rows, long columns, long[] vector)
        {
            if (form == "lora") (parts[path + ".Xu"], parts[path + ".Xd"]) = (begin.Kaiming(options.Rank, columns), zeros(rows, options.Rank));
            if (form == "vector") parts[path + ".X"] = zeros(vector);
            if (form == "constant") parts[path + ".X"] = zeros(1);
        }
        foreach (string path in new[] { "A", "B" }) Make(path, options.WeightForm, target.Out, target.In, [target.Out, 1]);
        if (bias) Make("C", options.ProductForm, target.In, 1, [target.In, 1]);
        if (bias) foreach (string path in new[] { "D", "E" }) Make(path, options.BiasForm, 0, 0, [target.Out]);
        return new PeftGlora(target, parts);
    }

    static readonly string[] weightForms = ["lora", "vector", "constant", "none"], productForms = ["lora", "vector", "none"], biasForms = ["vector", "constant", "none"];

    /// <summary>PEFT's GLoRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "peft-glora", "Chavan et al. 2023, arXiv 2306.07967",
        [
            .. new[] { "A", "B" }.SelectMany(p => new PartDescriptor[] { new(p + ".Xd", "(out, rank)", false), new(p + ".Xu", "(rank, in)", false), new(p + ".X", "(out, 1) or (1)", false) }),
            new("C.Xd", "(in, rank)", false), new("C.Xu", "(rank, 1)", false), new("C.X", "(in, 1)", false), new("D.X", "(out) or (1)", false), new("E.X", "(out) or (1)", false),
        ],
        Fresh, (target, parts) => new PeftGlora(target, parts.Values))
    {
        Refuses = (target, _) => MethodDescriptor.LinearOnly(target),
        OwnOptions = shared => shared as PeftGloraOptions ?? new PeftGloraOptions(shared),
        Arguments =
        [
            MethodArgument.Word<PeftGloraOptions>("config_A_B", "form of A and B (lora)", weightForms, (o, word) => o with { WeightForm = word }, o => o.WeightForm),
            MethodArgument.Word<PeftGloraOptions>("config_C", "form of C (lora)", productForms, (o, word) => o with { ProductForm = word }, o => o.ProductForm),
            MethodArgument.Word<PeftGloraOptions>("config_D_E", "form of D and E (constant)", biasForms, (o, word) => o with { BiasForm = word }, o => o.BiasForm),
        ],
        Facts = shapes => shapes.GetValueOrDefault("A.Xd") is [var outputs, var rank] ? new PartFacts(rank, outputs, shapes.GetValueOrDefault("A.Xu") is [_, var inputs] ? inputs : null, []) : null,
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
