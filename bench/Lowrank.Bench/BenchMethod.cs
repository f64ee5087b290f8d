namespace Lowrank.Bench;

/// <summary>A method with the options under which its cost is measured: rank 8, alpha 8.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Method">The method.</param>
/// <param name="With">Other options.</param>
/// <param name="Arguments">Arguments of the method.</param>
/// <param name="Aim">The share of LoRA's time that is aimed at; null where none is.</param>
sealed record BenchMethod(
    string Name, string Method, Func<MethodOptions, MethodOptions>? With = null, IReadOnlyDictionary<string, string>? Arguments = null,
    double? Aim = null)
{
    public const string Lora = "lora";

    public static IReadOnlyList<BenchMethod> All { get; } = [.. Listed.Where(m => Methods.All.Any(known => known.Name == m.Method))];

    static IEnumerable<BenchMethod> Listed =>
    [
        new(Lora, "lora"),
        new("dora", "lora", o => o with { Dora = DoraAxis.Output }),
        new("dora, input axis", "lora", o => o with { Dora = DoraAxis.Input }),
        new("loha", "loha"),
        new("lokr", "lokr", Arguments: new Dictionary<string, string> { ["factor"] = "8" }),
        new("lokr, factor -1", "lokr"),
        new("ia3", "ia3"),
        new("diag-oft", "diag-oft"),
        // 320 channels fall into no butterfly of smaller blocks.
        new("boft, rank 16", "boft", o => o with { Rank = 16 }, Aim: Aims.Method),
        new("oft", "oft", Aim: Aims.Method),
        new("glora", "glora"),
        new("dylora", "dylora"),
        new("full", "full"),
    ];

    public Reparameterization Create(Target target, IAdaptable layer)
    {
        var descriptor = Methods.Named(Method);
        var shared = new MethodOptions(8, 8);
        var options = descriptor.OwnOptions(With is null ? shared : With(shared));
        foreach (var (name, value) in Arguments ?? new Dictionary<string, string>())
            options = descriptor.Arguments.Single(a => a.Name == name).Set(options, value);
        var begin = new Initialization(null, () => target.ToMatrix(layer.Weight.Dense().detach()).to(ScalarType.Float32));
        using var scope = NewDisposeScope();
        return Wrappers.Around(descriptor.Create(target, options, begin), options, begin);
    }
}
