using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Scheduler classes of diffusers: which settings are done, and laws of their plans and samplers.</summary>
public sealed class SchedulersTests
{
    public static IEnumerable<TheoryDataRow<string>> Classes => Schedulers.All.Select(one => new TheoryDataRow<string>(one.ClassName));

    // As a file of that class says it, with the defaults of the class.
    static SchedulerConfig Config(string className, string fields = "") => SchedulerConfig.Parse(
        JsonDocument.Parse($$"""{"_class_name": "{{className}}", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"{{fields}} }""").RootElement);

    static Denoiser PointMass(Tensor sample) => new((x, level) =>
        (x - level.Alpha * level.InputScale * sample) / (level.Sigma * level.InputScale), PredictionType.Epsilon);

    [Theory, MemberData(nameof(Classes))]
    public void EveryClassLeadsToTheOneSampleThereIs(string className)
    {
        foreach (int steps in new[] { 4, 7, 20 })
        {
            using var scope = NewDisposeScope();
            var config = Config(className, """, "set_alpha_to_one": true, "skip_prk_steps": true, "clip_sample": false""");
            var (sampler, plan) = Schedulers.Create(config, steps);
            if (plan.RepeatsSecond) continue;   // its network is told another level than the sample's
            var sample = linspace(-2, 2, 32).view(1, 2, 4, 4);
            using var noise = new GeneratorNoise([3], 1, [2, 4, 4], CPU);
            var got = sampler.Run(PointMass(sample), plan, noise.First() * plan.StartScale, noise, cancel: TestContext.Current.CancellationToken);
            var end = plan.Steps[^1].To;
            Assert.InRange((got - end.Alpha * sample).abs().max().item<float>(), 0, 6 * end.Sigma + 1e-3);
        }
    }

    [Theory]
    [InlineData("UniPCMultistepScheduler", """, "solver_type": "bh1" """)]
    [InlineData("UniPCMultistepScheduler", """, "predict_x0": false""")]
    [InlineData("UniPCMultistepScheduler", """, "lower_order_final": false, "solver_order": 3""")]
    [InlineData("UniPCMultistepScheduler", """, "use_karras_sigmas": true, "final_sigmas_type": "sigma_min" """)]
    [InlineData("DPMSolverMultistepScheduler", """, "algorithm_type": "dpmsolver" """)]
    [InlineData("DPMSolverMultistepScheduler", """, "algorithm_type": "sde-dpmsolver" """)]
    [InlineData("DPMSolverSinglestepScheduler", """, "algorithm_type": "dpmsolver", "solver_order": 3""")]
    [InlineData("DEISMultistepScheduler", """, "use_karras_sigmas": true""")]
    public void SettingsThatGiveNoNumbersInDiffusersGiveSomeHere(string className, string fields)
    {
        using var scope = NewDisposeScope();
        var (sampler, plan) = Schedulers.Create(Config(className, fields), 6);
        using var noise = new GeneratorNoise([3], 1, [2, 4, 4], CPU);
        var got = sampler.Run(PointMass(zeros(1, 2, 4, 4, device: CPU)), plan, noise.First(), noise, cancel: TestContext.Current.CancellationToken);
        Assert.True(got.isfinite().all().item<bool>());
        Assert.InRange(got.abs().max().item<float>(), 0, 6 * plan.Steps[^1].To.Sigma + 1e-3);
    }

    [Theory]
    [InlineData("DPMSolverMultistepScheduler", """, "thresholding": true""", "thresholding")]
    [InlineData("DPMSolverMultistepScheduler", """, "variance_type": "learned_range" """, "variance_type learned_range")]
    [InlineData("DPMSolverMultistepScheduler", """, "algorithm_type": "sde-dpmsolver", "solver_order": 3""", "no formula")]
    [InlineData("DPMSolverSinglestepScheduler", """, "algorithm_type": "sde-dpmsolver" """, "sde-dpmsolver")]
    [InlineData("DEISMultistepScheduler", """, "solver_order": 4""", "solver_order 4")]
    [InlineData("UniPCMultistepScheduler", """, "use_flow_sigmas": true""", "use_flow_sigmas")]
    [InlineData("EDMEulerScheduler", "", "EDMEulerScheduler")]
    public void WhatIsNotDoneIsNamed(string className, string fields, string reason)
    {
        Assert.Null(Schedulers.Supporting(Config(className, fields), out string? whyNot));
        Assert.Contains(reason, whyNot, StringComparison.Ordinal);
        var error = Assert.Throws<LowrankException>(() => Schedulers.Supported(Config(className, fields)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Classes))]
    public void EveryClassHasASamplerWhoseNameAPictureCanTell(string className) =>
        Assert.NotEmpty(Samplers.Named(Schedulers.All.First(one => one.ClassName == className).SamplerName).Label);

    [Fact]
    public void ClippedLevelsAreNotVisited()
    {
        var all = Schedulers.Create(Config("DPMSolverMultistepScheduler"), 10).Plan;
        var clipped = Schedulers.Create(Config("DPMSolverMultistepScheduler", """, "lambda_min_clipped": -1.5"""), 10).Plan;
        Assert.Equal(999, all.Steps[0].From.Timestep);
        Assert.InRange(clipped.Steps[0].From.LogSnr, -1.5, -1.4);
        var unbounded = Config("DPMSolverMultistepScheduler", """, "lambda_min_clipped": "-Infinity" """);
        Assert.Equal(all.Sigmas, Schedulers.Create(unbounded, 10).Plan.Sigmas);
    }

    [Fact]
    public void ASettingsFileMayHoldPythonsInfinities()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["scheduler_config.json"], """{"_class_name": "DPMSolverMultistepScheduler", "note": "-Infinity, NaN \" Infinity", "lambda_min_clipped": -Infinity, "x": [NaN,Infinity]}""");
        var config = SchedulerConfig.Read(folder["scheduler_config.json"]);
        Assert.Equal(("DPMSolverMultistepScheduler", double.NegativeInfinity), (config.ClassName, config.LambdaMinClipped));
    }

    [Fact]
    public void TheWarmUpOfPndmNeedsFourSteps() => Assert.Contains("at least",
        Assert.Throws<LowrankException>(() => Schedulers.Create(Config("PNDMScheduler"), 3)).Message, StringComparison.Ordinal);

    [Fact]
    public void MoreStepsThanWereDistilledAreRefused() => Assert.Contains("distilled at 50",
        Assert.Throws<LowrankException>(() => Schedulers.Create(Config("LCMScheduler"), 51)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(4, "999,759,499,259"), InlineData(8, "999,879,759,639,499,379,259,139")]
    public void DistilledTimestepsAreThePublishedOnes(int steps, string timesteps) =>
        Assert.Equal(timesteps, string.Join(",", ConsistencyTimesteps.Of(new SchedulerConfig(), steps)));

    [Theory]
    [InlineData(2, 6, true, "1,2,1,2,1,1"), InlineData(2, 5, true, "1,2,1,2,1"), InlineData(2, 6, false, "1,2,1,2,1,2")]
    [InlineData(3, 6, true, "1,2,3,1,2,1"), InlineData(3, 7, true, "1,2,3,1,2,3,1"), InlineData(3, 8, true, "1,2,3,1,2,3,1,2")]
    [InlineData(3, 8, false, "1,2,3,1,2,3,1,2"), InlineData(1, 3, true, "1,1,1")]
    public void SinglestepOrdersAreDiffusers(int order, int steps, bool lowerLast, string orders) =>
        Assert.Equal(orders, string.Join(",", DpmSinglestepSampler.OrdersOf(order, steps, lowerLast, endsClean: false)));
}
