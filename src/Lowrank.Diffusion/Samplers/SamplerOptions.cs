namespace Lowrank.Diffusion;

/// <summary>
/// What a user may set on a sampler; each takes what it knows, and <see cref="SamplerDescriptor.NotHeeded"/> names the rest.
/// </summary>
public sealed record SamplerOptions
{
    /// <summary>Share of fresh noise in DDIM, the ancestral and the stochastic samplers; null means the sampler's own default.</summary>
    public double? Eta { get; init; }

    /// <summary>Churn of Euler, Heun and DPM2.</summary>
    public Churn Churn { get; init; } = new();

    /// <summary>Multiplies the fresh noise of the ancestral and stochastic samplers, and of churn; default 1.</summary>
    public double NoiseScale { get; init; } = 1;

    /// <summary>
    /// r: where the first stage of DPM++ SDE and SEEDS-2 ends, as a share of the step, above 0, up to 1; null means a half.
    /// </summary>
    public double? Midpoint { get; init; }

    /// <summary>
    /// Number of past answers that LMS (1 to 4), iPNDM (1 to 4), DEIS (1 to 4) and ER-SDE (1 to 3) look at; null means all they can.
    /// </summary>
    public int? Order { get; init; }

    /// <summary>How far gradient estimation carries the direction on; null means 2.</summary>
    public double? Gamma { get; init; }

    /// <summary>Tolerances of DPM adaptive.</summary>
    public DpmAdaptiveOptions Adaptive { get; init; } = new();

    /// <summary>What AUTOMATIC1111 sets of UniPC.</summary>
    public UniPcOptions UniPc { get; init; } = new();

    /// <summary>Whose way is gone in the details in which programs differ.</summary>
    public SamplerManner Manner { get; init; }

    /// <summary>Every option at its default.</summary>
    public static SamplerOptions Default { get; } = new();

    /// <summary>Churn in the manner and with the noise that is asked for.</summary>
    internal Churn OwnChurn => Churn with
    {
        NoiseScale = Churn.NoiseScale * NoiseScale,
        DrawsOnlyWhatItUses = Churn.DrawsOnlyWhatItUses || Manner == SamplerManner.ComfyUi,
    };

    /// <summary>The order that is asked for, or the usual one: the highest unless told.</summary>
    /// <exception cref="LowrankException">It is out of range.</exception>
    internal int OrderUpTo(int highest, int? usual = null)
    {
        int order = Order ?? usual ?? highest;
        return order >= 1 && order <= highest
            ? order
            : throw new LowrankException($"order {order} is not possible: this sampler takes 1 to {highest}.");
    }

    /// <summary>The midpoint that is asked for, or a half.</summary>
    /// <exception cref="LowrankException">It is out of range.</exception>
    internal double MidpointOrHalf => Midpoint is null or > 0 and <= 1
        ? Midpoint ?? 0.5
        : throw new LowrankException(FormattableString.Invariant(
            $"a midpoint of {Midpoint} is not possible: it is a share of the step, above 0 and up to 1."));
}
