using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>The noise levels that a model was trained on: β, ᾱ and σ of every timestep.</summary>
/// <remarks>
/// Ho et al. 2020 (arXiv:2006.11239) for β and ᾱ; Lin et al. 2023 (arXiv:2305.08891, algorithm 1) for the zero-terminal rescale.
/// </remarks>
public sealed class NoiseSchedule
{
    /// <summary>What AUTOMATIC1111's texts call what is changed of the table.</summary>
    public const string DowncastField = "Downcast alphas_cumprod", StretchedField = "Noise Schedule";

    /// <summary>What they say where it is stretched.</summary>
    public const string ZeroTerminalLabel = "Zero Terminal SNR";

    /// <summary>What diffusers puts for a last ᾱ of zero where σ must stay finite: the smallest float16, σ = 4096.</summary>
    public const double DiffusersFloor = 1.0 / (1 << 24);

    /// <summary>What AUTOMATIC1111 and ComfyUI put there: σ = 4518.8.</summary>
    public const double WebUiFloor = 4.8973451890853435e-08;

    readonly float[] betas;
    readonly float[] alphasCumprod;
    readonly double[] exact;   // ᾱ before it was rounded to be stored

    NoiseSchedule(SchedulerConfig config, float[] betas, double[] alphasCumprod)
    {
        (Config, this.betas, exact) = (config, betas, alphasCumprod);
        this.alphasCumprod = [.. alphasCumprod.Select(a => (float)a)];
    }

    NoiseSchedule(SchedulerConfig config, IReadOnlyList<double> alphasCumprod)
        : this(config, [.. BetaTable.OfAlphas(alphasCumprod).Select(b => (float)b)], [.. alphasCumprod])
    {
    }

    /// <summary>
    /// The table of <paramref name="config"/>: that of its β, or the one that was stored with the model where that is another.
    /// </summary>
    /// <param name="config">β, their number, and whether they are rescaled to end in pure noise.</param>
    /// <param name="doubles">
    /// Computes in float64 and rounds once, as LDM and the web UIs do; else in float32 throughout, as diffusers does. They differ by 2e-6.
    /// </param>
    public static NoiseSchedule From(SchedulerConfig config, bool doubles = false)
    {
        config.Checked();
        // Rounded after every operation where torch rounds. Computed here, since torch's linspace differs in the last digit between
        // processors, and the zero-terminal rescale makes much of that digit.
        Func<double, double> round = doubles ? value => value : value => (float)value;
        double[] betas = BetaTable.Of(config, round), alphaBar = BetaTable.CumulativeAlphas(betas, round);
        if (BetaTable.IsOther(config.StoredAlphas, alphaBar)) return new NoiseSchedule(config, config.StoredAlphas!);
        return new NoiseSchedule(config, [.. betas.Select(b => (float)b)], alphaBar);
    }

    /// <summary>
    /// The table that was stored with the model, as exact as its file's dtype, which AUTOMATIC1111 draws with; that of the β where none
    /// was.
    /// </summary>
    public static NoiseSchedule Stored(SchedulerConfig config) => config.StoredAlphas is { } stored && stored.Count == config.TrainTimesteps
        ? new NoiseSchedule(config, stored)
        : From(config, doubles: true);

    /// <summary>The table computed with in float16, as AUTOMATIC1111 does before 1.7 and where "Downcast alphas_cumprod" is set.</summary>
    public NoiseSchedule Downcast() => new(Config, [.. alphasCumprod.Select(a => (double)(Half)a)]) { IsHalf = true };

    /// <summary>
    /// The table stretched so that its last level is all but noise, as AUTOMATIC1111 ("Noise schedule for sampling: Zero Terminal SNR") and
    /// ComfyUI (zsnr) do it to the table itself: the last ᾱ is <see cref="WebUiFloor"/>.
    /// </summary>
    public NoiseSchedule ZeroTerminal()
    {
        double[] stretched = BetaTable.Stretched([.. alphasCumprod.Select(a => (double)a)], Round);
        stretched[^1] = Round(WebUiFloor);
        return new(Config, stretched) { IsHalf = IsHalf };
    }

    /// <summary>Whether the table is computed with in float16, else in float32.</summary>
    public bool IsHalf { get; private init; }

    /// <summary>The settings that this was made from.</summary>
    public SchedulerConfig Config { get; }

    /// <summary>Number of levels.</summary>
    public int Count => alphasCumprod.Length;

    /// <summary>β of every level; a fresh float32 tensor (levels) on the CPU.</summary>
    public Tensor Betas() => tensor(betas, device: CPU);

    /// <summary>ᾱ of every level; a fresh float32 tensor (levels) on the CPU.</summary>
    public Tensor AlphasCumprod => tensor(alphasCumprod, device: CPU);

    /// <summary>ᾱ of one level.</summary>
    public double AlphaBar(int timestep) => alphasCumprod[timestep];

    /// <summary>σ = √((1−ᾱ)/ᾱ) of every level, rising; in the table's own dtype, as all peers compute it.</summary>
    /// <param name="floor">Stands in for a last ᾱ of zero.</param>
    public double[] Sigmas(double floor = WebUiFloor) =>
        [.. alphasCumprod.Select(a => a == 0 ? (float)floor : a).Select(a => Round(Math.Sqrt(Round(Round(1 - a) / a))))];

    /// <summary>The same from ᾱ before it was rounded, rounded to float32 at the end: so ComfyUI computes it.</summary>
    /// <param name="floor">Stands in for a last ᾱ of zero.</param>
    public double[] ExactSigmas(double floor = WebUiFloor) =>
        [.. exact.Select(a => a == 0 ? floor : a).Select(a => (double)(float)Math.Sqrt((1 - a) / a))];

    /// <summary>A number in the table's own dtype.</summary>
    internal double Round(double value) => IsHalf ? (double)(Half)value : (float)value;

    /// <summary>√ᾱ·sample + √(1−ᾱ)·noise: what the network is shown in training.</summary>
    /// <param name="sample">Clean samples (B, ...).</param>
    /// <param name="noise">Normal noise of the same shape.</param>
    /// <param name="timesteps">A level for each, (B) of integers.</param>
    public Tensor AddNoise(Tensor sample, Tensor noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        var (signal, sigma) = Factors(sample, timesteps);
        return scope.MoveToOuter(signal * sample + sigma * noise);
    }

    /// <summary>v = √ᾱ·noise − √(1−ᾱ)·sample (Salimans and Ho 2022): what a v-prediction network is trained to say.</summary>
    /// <inheritdoc cref="AddNoise"/>
    public Tensor Velocity(Tensor sample, Tensor noise, Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        var (signal, sigma) = Factors(sample, timesteps);
        return scope.MoveToOuter(signal * noise - sigma * sample);
    }

    (Tensor Signal, Tensor Sigma) Factors(Tensor sample, Tensor timesteps)
    {
        var alphaBar = AlphasCumprod.index_select(0, timesteps.to(ScalarType.Int64).cpu());
        long[] shape = [alphaBar.shape[0], .. Enumerable.Repeat(1L, (int)sample.dim() - 1)];
        return (Like(alphaBar.sqrt()), Like((1 - alphaBar).sqrt()));

        Tensor Like(Tensor factor) => factor.reshape(shape).to(sample.dtype, sample.device);
    }
}
