using System.Numerics;

namespace Lowrank.Adapters;

/// <summary>RoAd: pairs of outputs are turned by θ and scaled by α, W' = R·W and b' = R·b.</summary>
/// <remarks>
/// Outputs stand in groups, whose first half pairs with the second: y₁' = c·y₁ − s·y₂, y₂' = c·y₂ + s·y₁ with c = α·cos θ and s = α·sin θ.
/// road_1 has one θ and α for a pair, road_2 one for each output, road_4 two (one for c and one for s). θ is 0 and α 1 at first. Strength
/// gives W + m·(W' − W). Source: Liao and Monz 2024, arXiv 2409.00119; PEFT 0.21.2.
/// </remarks>
sealed class Road : Reparameterization
{
    readonly Parameter theta, alpha;

    /// <summary>A RoAd of given angles and scales.</summary>
    /// <param name="target">What is adapted.</param>
    /// <param name="theta">(out/2), (out) or (2·out).</param>
    /// <param name="alpha">As many.</param>
    /// <param name="options">Size of a group.</param>
    /// <exception cref="LowrankException">The parts do not fit the target.</exception>
    public Road(Target target, Tensor theta, Tensor alpha, RoadOptions options) : base(Descriptor, target)
    {
        int variant = Variant(theta.numel(), target.Out);
        long group = options.GroupSize ?? DefaultGroup(target.Out);
        bool fits = variant > 0 && alpha.numel() == theta.numel() && group >= 2 && group % 2 == 0 && target.Out % group == 0;
        if (!fits)
            throw new LowrankException(
                $"RoAd's {theta.numel()} angles and {alpha.numel()} scales in groups of {group} do not fit {target}");
        Options = options with { Variant = variant, GroupSize = (int)group };
        this.theta = Train("theta", theta, theta.numel());
        this.alpha = Train("alpha_scale", alpha, theta.numel());
    }

    // How many numbers a pair of outputs has: 1, 2 or 4; else 0.
    static int Variant(long count, long outputs)
    {
        if (2 * count == outputs) return 1;
        if (count == outputs) return 2;
        return count == 2 * outputs ? 4 : 0;
    }

    /// <summary>Variant and size of a group.</summary>
    public RoadOptions Options { get; }

    /// <inheritdoc/>
    public override MethodOptions Settings => Options;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [("theta", theta), ("alpha_scale", alpha)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength) => strength == 0 ? weight : Turned(weight, strength);

    /// <inheritdoc/>
    public override bool AdaptsBias => true;

    /// <inheritdoc/>
    public override Tensor? ApplyBias(Tensor? bias, double strength) =>
        strength == 0 || bias is null ? bias : Turned(bias.unsqueeze(1), strength).squeeze(1);

    // Rows of a matrix (out, ...).
    Tensor Turned(Tensor rows, double strength)
    {
        var (cosine, sine) = Columns();
        long half = Options.GroupSize!.Value / 2;
        var pairs = rows.reshape(-1, 2, half, rows.shape[1]);
        var across = stack([-pairs.select(1, 1), pairs.select(1, 0)], 1).reshape(rows.shape);
        var turned = rows * cosine.unsqueeze(1).to(rows.dtype) + across * sine.unsqueeze(1).to(rows.dtype);
        return strength == 1 ? turned : rows + (turned - rows) * strength;
    }

    // α·cos θ and α·sin θ for each output.
    (Tensor Cosine, Tensor Sine) Columns()
    {
        long group = Options.GroupSize!.Value;
        if (Options.Variant == 4)
        {
            var (angles, scales) = (theta.reshape(-1, 2, group), alpha.reshape(-1, 2, group));
            var cosines = scales.select(1, 0) * angles.select(1, 0).cos();
            var sines = scales.select(1, 1) * angles.select(1, 1).sin();
            return (cosines.reshape(-1), sines.reshape(-1));
        }
        Tensor Each(Tensor value) => Options.Variant == 1 ? value.reshape(-1, group / 2).repeat_interleave(2, 0).reshape(-1) : value;
        var (angle, scale) = (Each(theta), Each(alpha));
        return (scale * angle.cos(), scale * angle.sin());
    }

    // The largest even divisor, 64 at most, which is PEFT's size; 0 where there is none.
    static long DefaultGroup(long outputs)
    {
        for (long size = 64; size >= 2; size -= 2)
            if (outputs % size == 0) return size;
        return 0;
    }

    static Road Fresh(Target target, MethodOptions given, Initialization begin)
    {
        var options = (RoadOptions)given;
        long count = options.Variant switch { 1 => target.Out / 2, 2 => target.Out, _ => 2 * target.Out };
        // One size for all targets, as PEFT's configuration has one.
        long common = target.Out;
        foreach (var other in begin.Shared.Targets) common = (long)BigInteger.GreatestCommonDivisor(common, other.Out);
        int group = options.GroupSize ?? (int)DefaultGroup(common);
        return new Road(target, begin.Zeros(count), begin.Ones(count), options with { GroupSize = group });
    }

    static Road Stored(Target target, StoredParts parts)
    {
        var options = parts.Options<RoadOptions>(Descriptor);
        // PEFT's configuration leaves its default out.
        if (parts.HasConfig && options.GroupSize is null) options = options with { GroupSize = 64 };
        return new Road(target, parts["theta"], parts["alpha_scale"], options);
    }

    static string? Refusal(Target target, MethodOptions given)
    {
        if (MethodDescriptor.LinearOnly(target) is { } reason) return reason;
        long group = ((RoadOptions)given).GroupSize ?? DefaultGroup(target.Out);
        if (group < 2) return $"its {target.Out} outputs do not pair";
        bool fits = group % 2 == 0 && target.Out % group == 0;
        return fits ? null : $"groups of {group} are odd or do not fit its {target.Out} outputs";
    }

    /// <summary>RoAd in the list of methods.</summary>
    public static MethodDescriptor Descriptor { get; } = new(
        "road", "Liao and Monz 2024, arXiv 2409.00119",
        [new("theta", "(out/2), (out) or (2·out)"), new("alpha_scale", "as theta")],
        Fresh, Stored)
    {
        HasRank = false,
        HasAlpha = false,
        Dropouts = MethodDropouts.OfModules,
        Refuses = Refusal,
        OwnOptions = shared => shared as RoadOptions ?? new RoadOptions(shared),
        Arguments =
        [
            MethodArgument.Word<RoadOptions>(
                "variant", "road_1, road_2 or road_4 (road_1)", ["road_1", "road_2", "road_4"],
                (o, word) => o with { Variant = word[^1] - '0' }, o => $"road_{o.Variant}"),
            MethodArgument.Whole<RoadOptions>(
                "group_size", "outputs in a group, even, a divisor of every layer's (the largest, 64 at most)",
                (o, n) => o with { GroupSize = n }, o => o.GroupSize ?? 64),
        ],
    };
}

/// <summary>How a RoAd is made.</summary>
public sealed record RoadOptions : MethodOptions
{
    /// <summary>With what every method is asked for; rank and alpha play no part.</summary>
    public RoadOptions(MethodOptions shared) : base(shared) { }

    /// <summary>1, 2 or 4: how many numbers a pair of outputs has.</summary>
    public int Variant { get; init; } = 1;

    /// <summary>Outputs in a group, even; null takes the largest that divides every target's, 64 at most.</summary>
    public int? GroupSize { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<string> Faults()
    {
        foreach (string fault in base.Faults()) yield return fault;
        if (Variant is not (1 or 2 or 4)) yield return $"variant road_{Variant} is none of road_1, road_2, road_4";
    }
}
