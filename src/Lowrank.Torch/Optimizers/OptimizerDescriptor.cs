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

    /// <summary>What others call an argument, and its name here; beside <c>betas</c> and <c>eps</c>, which all understand.</summary>
    public IReadOnlyDictionary<string, string> Spellings { get; init; } = new Dictionary<string, string>();

    /// <summary>The learning rate that is usual with it, where that is not AdamW's; null where it is.</summary>
    public double? UsualRate { get; init; }

    /// <summary>Why it heeds no learning rate and no schedule with these arguments; null where it does.</summary>
    public Func<IReadOnlyDictionary<string, string>, string?> OwnRate { get; init; } = static _ => null;

    /// <summary>Whether it is meant to be used at a constant rate.</summary>
    public bool NeedsNoSchedule { get; init; }

    /// <summary>Its class where kohya's trainer finds it, as in <c>torch.optim.adam.Adam</c>.</summary>
    public string? PythonName { get; init; }

    /// <summary>
    /// How kohya's trainer writes it into a file's <c>ss_optimizer</c>, as in <c>torch.optim.adamw.AdamW(weight_decay=0.01)</c>.
    /// </summary>
    public Func<IReadOnlyDictionary<string, string>, string>? Written { get; init; }

    /// <summary>Arguments written as <c>name=value</c>, in these words or in those of Python's libraries, by their names here.</summary>
    /// <exception cref="LowrankException">One is not known (the nearest are told), is given twice, or has a value that cannot
    /// be.</exception>
    public IReadOnlyDictionary<string, string> Read(IEnumerable<string> pairs) =>
        SpelledArguments.Read($"the optimizer {Name}", Arguments, Spellings, pairs);

    /// <summary>It with its arguments, as a file's metadata tell it.</summary>
    public string Text(IReadOnlyDictionary<string, string> given)
    {
        if (Written is { } written) return written(given);
        var arguments = Arguments.Select(argument => $"{argument.Name}={argument.TextIn(given)}");
        return $"{PythonName ?? $"lowrank.{Name}"}({string.Join(",", arguments)})";
    }
}
