using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>
/// How a network's answers are read along k-diffusion's sigmas: which noise levels it knows, by which number, and what it says.
/// </summary>
/// <remarks>ComfyUI's comfy/model_sampling.py (a125cd8).</remarks>
public sealed class ModelSampling
{
    readonly Func<double, double> timestep;
    readonly Func<double, double> sigmaOfShare;
    readonly Func<Tensor, Tensor, double, Tensor> clean;
    readonly double deviation;

    ModelSampling(
        SigmaTable table,
        Func<double, double> timestep,
        Func<double, double> sigmaOfShare,
        Func<Tensor, Tensor, double, Tensor> clean,
        double deviation = 1)
    {
        (Table, this.timestep, this.sigmaOfShare, this.clean) = (table, timestep, sigmaOfShare, clean);
        this.deviation = deviation;
    }

    /// <summary>The levels that schedules choose from.</summary>
    public SigmaTable Table { get; }

    /// <summary>What the network is told at <paramref name="sigma"/>.</summary>
    public double Timestep(double sigma) => timestep(sigma);

    /// <summary>
    /// Brings a noisy sample of data of the network's deviation (1, or ½ of <see cref="AnswerMeaning.Edm"/>) to unit variance.
    /// </summary>
    public double InputScale(double sigma) => 1 / Math.Sqrt(sigma * sigma + deviation * deviation);

    /// <summary>The clean estimate, (B, C, H, W).</summary>
    /// <param name="output">The network's answer to x times <see cref="InputScale"/>.</param>
    /// <param name="x">The noisy sample x₀ + σ·ε.</param>
    /// <param name="sigma">σ, above 0.</param>
    public Tensor Clean(Tensor output, Tensor x, double sigma)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(clean(output, x, sigma));
    }

    /// <summary>
    /// σ when a share of the way from noise to picture is done, by timesteps; 0 and less is above every σ, 1 and more is 0.
    /// </summary>
    public double SigmaOfShare(double share) => share <= 0 ? AboveAll : share >= 1 ? 0 : sigmaOfShare(share);

    /// <summary>Stands for the sigma before the first, as ComfyUI has it.</summary>
    public const double AboveAll = 999999999.9;

    /// <summary>A network as its scheduler settings describe it.</summary>
    public static ModelSampling Of(SchedulerConfig config) => Discrete(NoiseSchedule.From(config, doubles: true), config.Prediction switch
    {
        PredictionType.Epsilon => AnswerMeaning.Noise,
        PredictionType.Velocity => AnswerMeaning.Velocity,
        _ => AnswerMeaning.Sample,
    });

    /// <summary>A network that knows the training levels by their numbers, the nearest one of a level between two.</summary>
    /// <param name="noise">The training levels.</param>
    /// <param name="meaning">What it says.</param>
    public static ModelSampling Discrete(NoiseSchedule noise, AnswerMeaning meaning)
    {
        var table = SigmaTable.ExactOf(noise);
        return new(table, sigma => table.NearestTimestep(sigma), OfShare, (output, x, sigma) => Read(meaning, output, x, sigma),
            Deviation(meaning));

        double OfShare(double share) => (float)table.AtTimestep((float)(1 - share) * 999f);
    }

    /// <summary>A distilled network (latent consistency, Luo et al. 2023, arXiv:2310.04378) that knows every twentieth level.</summary>
    /// <param name="noise">The training levels.</param>
    /// <param name="known">How many of them it knows.</param>
    public static ModelSampling Consistent(NoiseSchedule noise, int known = 50)
    {
        int stride = noise.Count / known;
        double[] sigmas = noise.ExactSigmas();
        var table = new SigmaTable([.. Enumerable.Range(0, known).Select(i => sigmas[^(1 + (known - 1 - i) * stride)])]);
        return new(table, Timestep, OfShare, (output, x, sigma) => ReadConsistent(output, x, sigma, Timestep(sigma)));

        double Timestep(double sigma) => table.NearestTimestep(sigma) * stride + stride - 1;

        double OfShare(double share) => (float)table.AtTimestep(((1 - share) * 999 - (stride - 1)) / stride);
    }

    /// <summary>A network that knows every level between two by ¼ ln σ (Karras et al. 2022, arXiv:2206.00364).</summary>
    /// <param name="min">The smallest σ, above 0.</param>
    /// <param name="max">The largest.</param>
    /// <param name="meaning">What it says.</param>
    public static ModelSampling Continuous(double min, double max, AnswerMeaning meaning)
    {
        const int levels = 1000;
        var (low, high) = (Math.Log(min), Math.Log(max));
        var logs = Enumerable.Range(0, levels).Select(i => low + (high - low) * i / (levels - 1));
        var table = new SigmaTable([.. logs.Select(log => (double)(float)Math.Exp(log))]);
        return new(table, sigma => 0.25 * Math.Log(sigma), share => Math.Exp(low + (high - low) * (1 - share)),
            (output, x, sigma) => Read(meaning, output, x, sigma), Deviation(meaning));
    }

    static double Deviation(AnswerMeaning meaning) => meaning == AnswerMeaning.Edm ? 0.5 : 1;

    static Tensor Read(AnswerMeaning meaning, Tensor output, Tensor x, double sigma)
    {
        double data = Deviation(meaning), variance = sigma * sigma + data * data;
        double skip = data * data / variance, answer = sigma * data / Math.Sqrt(variance);
        return meaning switch
        {
            AnswerMeaning.Noise => x - output * sigma,
            AnswerMeaning.Velocity => x * skip - output * answer,
            AnswerMeaning.Edm => x * skip + output * answer,
            _ => output.alias(),
        };
    }

    // The boundary condition of consistency models: at the end of the way the sample itself.
    static Tensor ReadConsistent(Tensor output, Tensor x, double sigma, double timestep)
    {
        const double data = 0.5;
        double scaled = 10 * timestep, variance = scaled * scaled + data * data;
        return (x - output * sigma) * (scaled / Math.Sqrt(variance)) + x * (data * data / variance);
    }
}
