namespace Lowrank.Adapters;

/// <summary>Every name that <c>train --method</c> takes.</summary>
public static class MethodNames
{
    // Another name, the method's own, what it means, and what it sets.
    static readonly (string Name, string Method, string Meaning, Func<MethodOptions, MethodOptions>? Set, bool Convolutions)[] others =
    [
        ("locon", "lora", "LoRA on convolutions too", null, true),
        ("dora", "lora", "LoRA with DoRA's magnitudes", o => o with { Dora = o.Dora ?? DoraAxis.Output }, false),
        ("rslora", "lora", "LoRA scaled by alpha/sqrt(rank)", o => o with { RankStabilized = true }, false),
        ("lora-fa", "lora", "LoRA whose down is frozen", Begin("lora_fa"), false),
        ("pissa", "lora", "LoRA that begins with the weight's largest singular vectors", Begin("pissa"), false),
        ("olora", "lora", "LoRA that begins with the weight's QR", Begin("olora"), false),
        ("mica", "lora", "LoRA whose up is frozen at the weight's smallest singular vectors", Begin("mica"), false),
        ("eva", "lora", "LoRA that begins with the main directions of the inputs", Begin("eva"), false),
        ("corda", "lora", "LoRA that begins with the weight seen through its inputs", Begin("corda"), false),
        ("(ia)3", "ia3", "learned factors for channels", null, false),
        ("diff", "full", "the whole difference", null, true),
    ];

    static Func<MethodOptions, MethodOptions> Begin(string way) => options => (LoraOptions)options with { Init = way };

    // Made when it is first asked for, so that added methods are in it.
    static readonly Lazy<NamedList<MethodName>> list = new(() => new("method", name => [name.Name], [.. Own, .. Other]));

    static IEnumerable<MethodName> Own => Methods.All.Select(method => new MethodName(method.Name, method, method.Paper));

    static IEnumerable<MethodName> Other =>
        from other in others
        where !Methods.TryNamed(other.Name, out _)
        select new MethodName(other.Name, Methods.Named(other.Method), other.Meaning)
        {
            Set = other.Set ?? (options => options),
            Convolutions = other.Convolutions,
        };

    /// <summary>The methods under their own names, then the other names.</summary>
    public static IReadOnlyList<MethodName> All => list.Value.All;

    /// <summary>The method of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static MethodName Named(string name) => list.Value.Named(name);

    static LowrankException NoArgument(MethodName method, string name, IEnumerable<MethodArgument> known)
    {
        return new($"method {method.Name} has no argument \"{name}\" ({NearestNames.Told(name, known.Select(a => a.Name))})");
    }

    /// <summary>The options of that name: the method's own record with what the name and the arguments set.</summary>
    /// <param name="name">The method.</param>
    /// <param name="shared">What every method is asked for.</param>
    /// <param name="arguments">By the argument's name, as text: the method's own and <see cref="SharedArguments"/>.</param>
    /// <exception cref="LowrankException">An argument that the method does not have, or a value of the wrong kind.</exception>
    public static MethodOptions Options(this MethodName name, MethodOptions shared, IEnumerable<KeyValuePair<string, string>> arguments)
    {
        var options = name.Set(name.Method.OwnOptions(shared));
        IReadOnlyList<MethodArgument> known = [.. name.Method.Arguments, .. SharedArguments.All];
        foreach (var (key, text) in arguments)
        {
            var argument = known.FirstOrDefault(a => a.Name == key) ?? throw NoArgument(name, key, known);
            options = argument.Set(options, text);
        }
        return options;
    }
}
