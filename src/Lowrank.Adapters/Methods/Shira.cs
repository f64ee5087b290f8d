namespace Lowrank.Adapters;

/// <summary>SHiRA: Δ is sparse, trained at rank·(in + out) random places and 0 everywhere else.</summary>
/// <remarks>
/// As many numbers as a LoRA of that rank, of full rank as a matrix. All is 0 at first. Source: Bhardwaj et
/// al. 2024, arXiv 2406.13175; PEFT 0.21.2 (mask "random").
/// </remarks>
sealed class Shira : AdditiveReparameterization
{
    readonly Parameter values;
    readonly Tensor indices, flat;

    /// <summary>A SHiRA of given values and places.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="values">(count).</param>
    /// <param name="indices">Rows and columns, (2, count), whole.</param>
    /// <param name="options">How it was made.</param>
    /// <exception cref="LowrankException">Values and places are not as many, or places lie outside.</exception>
    public Shira(Target target, Tensor values, Tensor indices, ShiraOptions options) : base(Descriptor, target)
    {
        if (indices.shape is not [2, var count] || values.numel() != count)
            throw new LowrankException($"SHiRA's {values.numel()} values have places {indices.shape.Text()}, at {target}");
        using var scope = NewDisposeScope();
        var places = indices.to(ScalarType.Int64);
        if (count > 0 && !LieInside(target, places)) throw new LowrankException($"SHiRA's places lie outside {target}");
        Settings = options with { Rank = (int)Math.Max(count / (target.In + target.Out), 1) };
        this.values = Train("weight", values, count);
        this.indices = Keep("indices", indices);
        flat = Keep("flat", places[0] * target.In + places[1]);
    }

    /// <inheritdoc/>
    public override MethodOptions Settings { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("weight", values), ("indices", indices)];

    /// <inheritdoc/>
    public override Tensor Delta(Tensor weight)
    {
        var empty = zeros(Target.Out * Target.In, dtype: weight.dtype, device: weight.device);
        return empty.index_copy(0, flat, values.to(weight.dtype)).reshape(Target.Out, Target.In);
    }

    static bool LieInside(Target target, Tensor places) =>
        places.min().ToInt64() >= 0 && places[0].max().ToInt64() < target.Out && places[1].max().ToInt64() < target.In;

    static Shira Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (ShiraOptions)given;
        long count = options.Rank * (target.In + target.Out);
        var drawn = options.Seed is { } seed
            ? Places.Drawn(target, count, seed)
            : randperm(target.Out * target.In, generator: begin.Generator, device: begin.Device).narrow(0, 0, count);
        var sorted = drawn.sort().Values;
        var places = stack([sorted.div(target.In, RoundingMode.floor), sorted.remainder(target.In)]);
        return new Shira(target, begin.Zeros(count), places.to(ScalarType.Int32), options);
    }

    static Shira Stored(Target target, StoredParts parts) =>
        new(target, parts["weight"], parts["indices"], parts.Options<ShiraOptions>(Descriptor));

    static string? Refusal(Target target, MethodOptions options)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        long entries = target.In * target.Out;
        bool fits = options.Rank * (target.In + target.Out) <= entries;
        return fits ? null : $"rank {options.Rank} asks for more entries than the {entries} there are";
    }

    /// <summary>SHiRA in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "shira", "Bhardwaj et al. 2024, arXiv 2406.13175",
        [new("weight", "(count)"), new("indices", "(2, count)", IsWhole: true)],
        Fresh, Stored)
    {
        HasAlpha = false,
        Refuses = Refusal,
        OwnOptions = shared => shared as ShiraOptions ?? new ShiraOptions(shared),
        Arguments =
        [
            MethodArgument.Whole<ShiraOptions>("random_seed", "seed of the places (drawn as all else)", (o, n) => o with { Seed = n }) with
            {
                Get = o => ((ShiraOptions)o).Seed,
            },
        ],
    };
}

/// <summary>How a SHiRA is made.</summary>
public sealed record ShiraOptions : MethodOptions
{
    /// <summary>With what every method is asked for; alpha plays no part.</summary>
    public ShiraOptions(MethodOptions shared) : base(shared) { }

    /// <summary>Seed of the places; null draws them as all else.</summary>
    public int? Seed { get; init; }
}
