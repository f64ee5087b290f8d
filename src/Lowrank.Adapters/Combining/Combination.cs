namespace Lowrank.Adapters;

/// <summary>A way to make one adapter of several.</summary>
/// <param name="Name">As users, and PEFT, write it.</param>
/// <param name="Space">What is combined.</param>
/// <param name="Mix">How.</param>
public sealed record Combination(string Name, CombinationSpace Space, Mix Mix)
{
    static readonly Mix sum = new(Pruning.None, ElectsSigns: false);

    static readonly (string Name, Mix Mix)[] mixes =
    [
        ("linear", sum),
        ("magnitude_prune", new(Pruning.Magnitude, ElectsSigns: false)),
        ("ties", new(Pruning.Magnitude, ElectsSigns: true)),
        ("dare_linear", new(Pruning.Random, ElectsSigns: false)),
        ("dare_ties", new(Pruning.Random, ElectsSigns: true)),
    ];

    /// <summary>The exact sum: factors side by side.</summary>
    public static Combination Concatenated { get; } = new("cat", CombinationSpace.Stacked, sum);

    /// <summary>The sum, decomposed to a rank.</summary>
    public static Combination Svd { get; } = new("svd", CombinationSpace.Changes, sum);

    static readonly NamedList<Combination> list = new("combination", combination => [combination.Name],
    [
        Concatenated, Svd,
        .. mixes.Select(m => new Combination(m.Name, CombinationSpace.Factors, m.Mix)),
        .. mixes.Skip(1).Select(m => new Combination(m.Name + "_svd", CombinationSpace.Changes, m.Mix)),
    ]);

    /// <summary>Every way there is.</summary>
    public static IReadOnlyList<Combination> All => list.All;

    /// <summary>Adds a way, where the program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or the name is taken.</exception>
    public static void Add(Combination combination) => list.Add(combination);

    /// <summary>The way of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static Combination Named(string name) => list.Named(name);
}
