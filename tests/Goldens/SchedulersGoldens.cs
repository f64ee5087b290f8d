using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Schedulers of diffusers: timesteps, sigmas, whole trajectories, tables, and the noising of training.</summary>
public sealed class SchedulersGoldens
{
    const string Group = "diffusion/schedulers";

    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases(Group);

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Scheduler(string name) => Golden.Run(Group, name, c =>
    {
        if (c["scheduler"].ValueKind == JsonValueKind.String) Trajectory(c);
        else if (c.ExpectedNames.Contains("alphas_cumprod")) Table(c);
        else if (c["at_indices"].ValueKind == JsonValueKind.Array) NoisingBySigma(c);
        else if (c.ExpectedNames.Contains("velocity")) Noising(c);
        else throw Golden.NotCovered("a case of another kind");
    });

    static void Trajectory(GoldenCase c)
    {
        var config = SchedulerConfig.Parse(c["config"], c["scheduler"].GetString());
        int steps = c["steps"].GetInt32();
        var options = new SamplerOptions { Eta = c["eta"].ValueKind == JsonValueKind.Number ? c["eta"].GetDouble() : null };
        if (Schedulers.Supporting(config, out var whyNot) is null) throw Golden.NotCovered(whyNot!);
        var (sampler, plan) = Schedulers.Create(config, steps, options);
        // diffusers lists every evaluation as a step, and its sigma as often; with log_linear interpolation also one sigma that no step reaches.
        if (c.ExpectedNames.Contains("sigmas"))
            c.AssertClose(Distinct(plan.Sigmas), Distinct(Doubles(c.Expected("sigmas")))[..(int)Distinct(plan.Sigmas).shape[0]], "sigmas");
        if (c["init_noise_sigma"].ValueKind == JsonValueKind.Number)
            c.AssertClose(tensor(plan.StartScale), tensor(c["init_noise_sigma"].GetDouble()), "init_noise_sigma");

        double a = c["a"].GetDouble(), b = c["b"].GetDouble();
        var asked = new List<double>();
        var denoiser = new Denoiser((x, level) =>
        {
            asked.Add(level.Timestep);
            return (a * x + b * level.Timestep / 1000).tanh();
        }, config.Prediction, plan.Clip);
        var got = new List<Tensor>();
        var evaluations = new List<long>();
        var draws = c.HasInput("draws") ? c.Input("draws") : null;
        sampler.Run(denoiser, plan, c.Input("start") * plan.StartScale, new RecordedNoise(draws), (_, x) =>
        {
            got.Add(x.clone().DetachFromDisposeScope());
            evaluations.Add(asked.Count - 1);
        });
        c.AssertClose(tensor(asked.ToArray()), c.Expected("timesteps"), "timesteps");
        c.AssertClose(stack(got), c.Expected("trajectory").index_select(0, tensor(evaluations.ToArray())), "trajectory");
    }

    static Tensor Distinct(IEnumerable<double> sigmas) => tensor(sigmas.Where((sigma, i) => i == 0 || (float)sigma != (float)sigmas.ElementAt(i - 1)).ToArray());

    static double[] Doubles(Tensor values) => values.to(ScalarType.Float64).data<double>().ToArray();

    // Tables and noising state no config: it is that of the class's first trajectory.
    static SchedulerConfig SharedConfig(GoldenCase c, string className) => SchedulerConfig.Parse(
        c.Group.Cases.First(other => other["scheduler"].ValueKind == JsonValueKind.String && other["scheduler"].GetString() == className)["config"], className);

    static void Table(GoldenCase c)
    {
        var want = c.Expected("alphas_cumprod");
        bool doubles = c["note"].ValueKind == JsonValueKind.String && c["note"].GetString()!.StartsWith("float64", StringComparison.Ordinal);
        var config = SharedConfig(c, "DDIMScheduler") with { TrainTimesteps = (int)want.shape[0], RescaleBetasZeroSnr = want[-1].ToDouble() < 1e-6 };
        var noise = NoiseSchedule.From(config, doubles);
        c.AssertClose(noise.AlphasCumprod, want, "alphas_cumprod");
        if (c.ExpectedNames.Contains("betas")) c.AssertClose(noise.Betas(), c.Expected("betas"), "betas");
    }

    static void Noising(GoldenCase c)
    {
        var noise = NoiseSchedule.From(SharedConfig(c, "DDPMScheduler"));
        var (sample, draw, timesteps) = (c.Input("sample"), c.Input("noise"), c.Input("timesteps"));
        c.AssertClose(noise.AddNoise(sample, draw, timesteps), c.Expected("noisy"), "noisy");
        c.AssertClose(noise.Velocity(sample, draw, timesteps), c.Expected("velocity"), "velocity");
    }

    static void NoisingBySigma(GoldenCase c)
    {
        var (_, plan) = Schedulers.Create(SharedConfig(c, "EulerDiscreteScheduler"), c["steps"].GetInt32());
        var sample = c.Input("sample");
        var sigmas = tensor([.. c["at_indices"].EnumerateArray().Select(i => (float)plan.Steps[i.GetInt32()].From.Sigma)]);
        c.AssertClose(sample + sigmas.reshape([sigmas.shape[0], .. Enumerable.Repeat(1L, (int)sample.dim() - 1)]) * c.Input("noise"), c.Expected("noisy"), "noisy");
    }
}
