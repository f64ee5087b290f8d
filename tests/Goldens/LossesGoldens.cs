using System.Globalization;
using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Diffusion losses: schedules, targets, element losses, weights, noise, and sd-scripts' whole way from the network's answer to the loss.</summary>
public sealed class LossesGoldens
{
    const string Group = "training/losses";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Loss(string name) => Golden.Run(Group, name, c =>
    {
        string what = Text(c, "fn") ?? "";
        if (c.ExpectedNames.Contains("betas")) Tables(c);
        else if (c.ExpectedNames.Contains("noisy") && c["inputs"].TryGetProperty("draws_in_order", out _)) Noise(c);
        else if (what.EndsWith("add_noise", StringComparison.Ordinal)) c.AssertClose(Schedule(c).AddNoise(c.Input("latents"), c.Input("noise"), Timesteps(c)), c.Expected("noisy"), "noisy");
        else if (c.ExpectedNames.Contains("v_prediction")) Targets(c);
        else if (c.HasInput("loss")) Weights(c);
        else if (what.Contains("compute_snr", StringComparison.Ordinal)) SnrTable(c);
        else if (what.EndsWith("process_batch", StringComparison.Ordinal)) WholeBatch(c);
        else if (Text(c, "loss_type") is not null) Elements(c);
        else throw Golden.NotCovered(what.Length > 0 ? what : "a case of another kind");
    });

    // Cases that state no schedule use the group's, which its first table states.
    static NoiseSchedule Schedule(GoldenCase c, bool? zeroTerminal = null)
    {
        var config = c.Group.Cases.Select(other => other["config"]).First(json => json.TryGetProperty("beta_schedule", out _));
        zeroTerminal ??= $"{Text(c, "fn")}".Contains("zero-terminal", StringComparison.Ordinal) || $"{Text(c, "fn")}".Contains("zero_terminal", StringComparison.Ordinal);
        return NoiseSchedule.From(SchedulerConfig.Parse(config, "DDPMScheduler") with { RescaleBetasZeroSnr = zeroTerminal.Value });
    }

    static void Tables(GoldenCase c)
    {
        var schedule = Schedule(c);
        c.AssertClose(schedule.Betas(), c.Expected("betas"), "betas");
        c.AssertClose(schedule.AlphasCumprod, c.Expected("alphas_cumprod"), "alphas_cumprod");
        c.AssertClose(SnrWeights.Snr(schedule, arange(schedule.Count)), c.Expected("snr"), "snr");
    }

    static void Targets(GoldenCase c)
    {
        foreach (var (name, prediction) in new[] { ("epsilon", PredictionType.Epsilon), ("v_prediction", PredictionType.Velocity), ("sample", PredictionType.Sample) })
            c.AssertClose(DiffusionLoss.Target(Schedule(c), prediction, c.Input("latents"), c.Input("noise"), Timesteps(c)), c.Expected(name), name);
    }

    static void Weights(GoldenCase c)
    {
        string what = Text(c, "fn")!;
        bool velocity = what.Contains("scale_v", StringComparison.Ordinal) || Flag(c, "v_prediction");
        var options = new DiffusionLossOptions
        {
            MinSnrGamma = Number(c, "gamma"),
            ScaleVelocityLikeNoise = what.Contains("scale_v", StringComparison.Ordinal),
            VelocityLikeLoss = Number(c, "v_pred_like_loss"),
            DebiasedEstimation = what.Contains("debiased", StringComparison.Ordinal),
        };
        if (options == new DiffusionLossOptions()) throw Golden.NotCovered(what);
        var got = DiffusionLoss.Weighted(c.Input("loss"), Timesteps(c), Schedule(c), velocity ? PredictionType.Velocity : PredictionType.Epsilon, options);
        c.AssertClose(got, Numbers(c, "loss"), "loss");
    }

    static void SnrTable(GoldenCase c)
    {
        var snr = SnrWeights.Snr(Schedule(c), Timesteps(c));
        c.AssertClose(snr, Numbers(c, "snr"), "snr");
        c.AssertClose(SnrWeights.MinSnr(snr, Number(c, "gamma")!.Value, velocity: false), Numbers(c, "epsilon"), "epsilon");
        c.AssertClose(SnrWeights.MinSnr(snr, Number(c, "gamma")!.Value, velocity: true), Numbers(c, "v"), "v");
    }

    static void Elements(GoldenCase c)
    {
        var options = OptionsOf(c);
        var (answer, target) = (c.Input("model_pred"), c.Input("target"));
        var threshold = c.ExpectedNames.Contains("threshold") ? ElementLosses.HuberThreshold(options.HuberSchedule, Timesteps(c), Schedule(c), options.HuberC, options.HuberScale) : null;
        if (threshold is not null) c.AssertClose(threshold, Numbers(c, "threshold"), "threshold");
        var loss = ElementLosses.Of(answer, target, options.Element, threshold).flatten(1).mean([1]);
        c.AssertClose(loss, Numbers(c, "per_sample"), "per sample");
        if (c.ExpectedNames.Contains("mean")) c.AssertClose(loss.mean(), tensor(c["expected"].GetProperty("mean").GetSingle()), "mean");
    }

    static void WholeBatch(GoldenCase c)
    {
        if (Flag(c, "masked_loss")) throw Golden.NotCovered("a masked loss");
        if (c["config"].GetProperty("loss_weights").EnumerateArray().Any(w => w.GetDouble() != 1)) throw Golden.NotCovered("weights of samples (regularization pictures)");
        var (schedule, options, timesteps) = (Schedule(c), OptionsOf(c), Timesteps(c));
        var prediction = Flag(c, "v_parameterization") ? PredictionType.Velocity : PredictionType.Epsilon;
        var (answer, latents) = (c.Input("model_pred"), c.Input("latents"));
        var target = DiffusionLoss.Target(schedule, prediction, latents, c.Input("noise"), timesteps);
        var plain = new DiffusionLossOptions { Element = options.Element, HuberSchedule = options.HuberSchedule, HuberC = options.HuberC, HuberScale = options.HuberScale };
        c.AssertClose(DiffusionLoss.PerSample(answer, target, timesteps, schedule, prediction, plain), Numbers(c, "per_sample_before_weighting"), "per sample before weighting");
        var loss = DiffusionLoss.PerSample(answer, target, timesteps, schedule, prediction, options);
        c.AssertClose(loss, Numbers(c, "per_sample"), "per sample");
        c.AssertClose(loss.mean(), tensor(c["expected"].GetProperty("loss").GetSingle()), "loss");
    }

    static void Noise(GoldenCase c)
    {
        var schedule = Schedule(c);
        var options = new NoiseOptions
        {
            Offset = Number(c, "noise_offset") ?? 0,
            OffsetRandomStrength = Flag(c, "noise_offset_random_strength"),
            AdaptiveScale = Number(c, "adaptive_noise_scale"),
            MultiresIterations = (int)(Number(c, "multires_noise_iterations") ?? 0),
            MultiresDiscount = Number(c, "multires_noise_discount") ?? 0,
            InputPerturbation = Number(c, "ip_noise_gamma") ?? 0,
            InputPerturbationRandomStrength = Flag(c, "ip_noise_gamma_random_strength"),
            MinTimestep = (int)(Number(c, "min_timestep") ?? 0),
            MaxTimestep = (int?)Number(c, "max_timestep"),
        };
        var latents = c.Input("latents");
        var drawn = TrainingNoise.Draw(latents, schedule.Count, options, new RecordedDraws(c));
        c.AssertClose(drawn.Noise, c.Expected("noise"), "noise");
        c.AssertClose(drawn.Timesteps, Numbers(c, "timesteps"), "timesteps");
        c.AssertClose(schedule.AddNoise(latents, drawn.Shown, drawn.Timesteps), c.Expected("noisy"), "noisy");
    }

    static DiffusionLossOptions OptionsOf(GoldenCase c) => new()
    {
        Element = Text(c, "loss_type") switch
        {
            "l2" => ElementLoss.L2, "l1" => ElementLoss.L1, "huber" => ElementLoss.Huber, "smooth_l1" => ElementLoss.SmoothL1,
            var other => throw Golden.NotCovered($"the loss {other}"),
        },
        HuberSchedule = Text(c, "huber_schedule") switch
        {
            null or "snr" => HuberSchedule.Snr, "exponential" => HuberSchedule.Exponential, "constant" => HuberSchedule.Constant,
            var other => throw Golden.NotCovered($"the Huber schedule {other}"),
        },
        HuberC = Number(c, "huber_c") ?? 0.1,
        HuberScale = Number(c, "huber_scale") ?? 1,
        MinSnrGamma = Number(c, "min_snr_gamma"),
        ScaleVelocityLikeNoise = Flag(c, "scale_v_pred_loss_like_noise_pred"),
        VelocityLikeLoss = Number(c, "v_pred_like_loss"),
        DebiasedEstimation = Flag(c, "debiased_estimation_loss"),
    };

    static Tensor Timesteps(GoldenCase c) => tensor(c["inputs"].GetProperty("timesteps").EnumerateArray().Select(t => t.GetInt64()).ToArray());

    static Tensor Numbers(GoldenCase c, string name) => tensor(c["expected"].GetProperty(name).EnumerateArray()
        .Select(v => v.ValueKind == JsonValueKind.String ? double.Parse(v.GetString()!, CultureInfo.InvariantCulture) : v.GetDouble()).ToArray());

    static double? Number(GoldenCase c, string name) => c["config"].TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    static bool Flag(GoldenCase c, string name) => c["config"].TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    static string? Text(GoldenCase c, string name) => c["config"].TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Gives out the draws of a case in order.</summary>
    sealed class RecordedDraws(GoldenCase c) : IDraws
    {
        readonly Queue<JsonElement> draws = new(c["inputs"].GetProperty("draws_in_order").EnumerateArray());

        public Tensor Normal(params long[] shape) => c.Group.Tensors.Read(draws.Dequeue().GetProperty("tensor").GetString()!).reshape(shape);

        public double Uniform() => draws.Dequeue().GetProperty("value").GetDouble();

        public Tensor Integers(long low, long high, long count) => c.Group.Tensors.Read(draws.Dequeue().GetProperty("tensor").GetString()!).to(ScalarType.Int64);
    }
}
