namespace Lowrank.Torch;

/// <summary>What there is to know of an optimizer without running it.</summary>
/// <param name="Name">Its name, as recipes write it.</param>
/// <param name="Help">What it is, in a line.</param>
/// <param name="Create">One over groups of parameters, with the arguments that are given by name; those of others are passed over.</param>
public sealed record OptimizerDescriptor(
    string Name, string Help, Func<IEnumerable<ParameterGroup>, IReadOnlyDictionary<string, string>, IOptimizer> Create)
{
    /// <summary>Names that other programs have for it.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>Options of its own.</summary>
    public IReadOnlyList<NamedArgument> Arguments { get; init; } = [];

    /// <summary>
    /// How kohya's trainer writes it into a file's <c>ss_optimizer</c>, as in <c>torch.optim.adamw.AdamW(weight_decay=0.01)</c>.
    /// </summary>
    public Func<IReadOnlyDictionary<string, string>, string>? Written { get; init; }

    /// <summary>It with its arguments, as a file's metadata tell it.</summary>
    public string Text(IReadOnlyDictionary<string, string> given)
    {
        if (Written is { } written) return written(given);
        var arguments = Arguments.Select(argument => $"{argument.Name}={argument.TextIn(given)}");
        return $"lowrank.{Name}({string.Join(",", arguments)})";
    }
}
