using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>What every sampler does, over every schedule it can follow.</summary>
public sealed class SamplerLaws
{
    static readonly NoiseSchedule noise = NoiseSchedule.From(new SchedulerConfig { SetAlphaToOne = true });

    public static IEnumerable<TheoryDataRow<string, string>> Pairs =>
        from sampler in Samplers.All
        from schedule in Schedules.All
        where schedule.Name != "pndm_timesteps" || sampler.Name == "pndm"
        select new TheoryDataRow<string, string>(sampler.Name, schedule.Name);

    public static IEnumerable<TheoryDataRow<string>> Names => Samplers.All.Select(s => new TheoryDataRow<string>(s.Name));

    static readonly long[] shape = [2, 4, 4];

    static Sampler Sampler(string name) => Samplers.Named(name).Create(SamplerOptions.Default);

    static SamplingPlan Plan(string schedule, int steps) => Schedules.Named(schedule).Plan(noise, steps);

    static Tensor Run(string sampler, SamplingPlan plan, Denoiser denoiser, params long[] seeds)
    {
        using var draws = new GeneratorNoise(seeds, seeds.Length, shape, CPU);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Sampler(sampler).Run(denoiser, plan, draws.Draw() * plan.StartScale, draws, cancel: TestContext.Current.CancellationToken));
    }

    // A network that knows the one sample there is: its answer is exactly the noise in x. Where PNDM repeats a step, it steps from another level
    // than the one that the network is told.
    static Denoiser PointMass(Tensor sample, bool told) => new((x, level) =>
    {
        if (told) level = NoiseLevel.Preserving(noise.AlphaBar((int)level.Timestep), level.Timestep);
        return (x - level.Alpha * level.InputScale * sample) / (level.Sigma * level.InputScale);
    }, PredictionType.Epsilon);

    static Denoiser Smooth => new((x, level) => (0.8 * x + 0.3 * level.Timestep / 1000).tanh(), PredictionType.Epsilon);

    [Theory, MemberData(nameof(Pairs))]
    public void AllWaysLeadToTheOneSampleThereIs(string sampler, string schedule)
    {
        using var scope = NewDisposeScope();
        var sample = linspace(-2, 2, 32).view(1, 2, 4, 4);
        foreach (int steps in new[] { 2, 3, 7, 20 })
        {
            var plan = Plan(schedule, steps);
            var end = Sampler(sampler).End(plan);
            using var got = Run(sampler, plan, PointMass(sample, plan.RepeatsSecond), 5);
            // Schedules that stop before zero leave the last level's noise. The rest is rounding: samples begin at 60, PNDM's factors (59/24) enlarge it,
            // and so do LMS and iPNDM where they extrapolate over a step much longer than those before it (linear_quadratic).
            double allowed = 6 * end.Sigma + (sampler is "lms" or "ipndm_v" ? 1e-2 : 1e-3);
            Assert.InRange((got - end.Alpha * sample).abs().max().item<float>(), 0, allowed);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void OneStepIsEnoughToGiveNumbers(string sampler)
    {
        using var got = Run(sampler, Plan(Samplers.Named(sampler).DefaultSchedule, 1), Smooth, 1);
        Assert.True(got.isfinite().all().item<bool>());
    }

    [Theory, MemberData(nameof(Names))]
    public void ASeedGivesTheSameSampleAgainAndInAnyBatch(string sampler)
    {
        using var scope = NewDisposeScope();
        var plan = Plan(Samplers.Named(sampler).DefaultSchedule, 9);
        var both = Run(sampler, plan, Smooth, 3, 4);
        if (!Sampler(sampler).TiesBatch) Assert.True(both[1..2].equal(Run(sampler, plan, Smooth, 4)).all().item<bool>());
        Assert.True(both.equal(Run(sampler, plan, Smooth, 3, 4)).all().item<bool>());
        Assert.False(both[0].allclose(both[1]));
    }

    [Theory, MemberData(nameof(Names))]
    public void MoreStepsComeNearerToTheLimitOfTheDeterministicOnes(string name)
    {
        // Of these nothing is deterministic, or the number of steps means nothing.
        if (name is "ddpm" or "lcm" or "er_sde" or "restart" || Samplers.Named(name).FindsItsSteps) return;
        var sampler = Samplers.Named(name).Create(new SamplerOptions { Eta = 0 });
        using var scope = NewDisposeScope();
        using var draws = new GeneratorNoise([8], 1, shape, CPU);
        var start = draws.Draw();
        Tensor At(int steps)
        {
            var plan = Plan("karras", steps);
            return sampler.Run(Smooth, plan, start * plan.StartScale, draws, cancel: TestContext.Current.CancellationToken);
        }
        var limit = At(400);
        double few = (At(8) - limit).abs().max().item<float>(), many = (At(64) - limit).abs().max().item<float>();
        Assert.True(many < 0.5 * few, $"{few:g3} with 8 steps, {many:g3} with 64");
    }

    [Theory, MemberData(nameof(Names))]
    public void NothingIsLeftBehind(string sampler) => LeakGuard.NoTensorLeaks(() =>
    {
        using var _ = Run(sampler, Plan(Samplers.Named(sampler).DefaultSchedule, 6), Smooth, 1, 2);
    });

    [Theory, MemberData(nameof(Names))]
    public void ItStopsBetweenStepsWhenAsked(string sampler)
    {
        using var stop = new CancellationTokenSource();
        using var scope = NewDisposeScope();
        var plan = Plan(Samplers.Named(sampler).DefaultSchedule, 10);
        using var draws = new GeneratorNoise([1], 1, shape, CPU);
        int done = 0;
        Assert.Throws<OperationCanceledException>(() => Sampler(sampler).Run(Smooth, plan, draws.Draw(), draws, (i, _) =>
        {
            done = i + 1;
            if (i == 2) stop.Cancel();
        }, stop.Token));
        Assert.Equal(3, done);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItAsksTheNetworkAsOftenAsItSays(string name)
    {
        var sampler = Samplers.Named(name);
        if (sampler.FindsItsSteps) return;
        const int steps = 20;
        int asked = 0;
        var counting = new Denoiser((x, _) =>
        {
            asked++;
            return x * 0.5;
        }, PredictionType.Epsilon);
        using var got = Run(name, Plan(sampler.DefaultSchedule, steps), counting, 1);
        // The first or the last step may be cheaper, and PNDM and Restart ask once more.
        Assert.InRange(asked, sampler.CallsPerStep * (steps - 1), sampler.CallsPerStep * steps + 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItDrawsFreshNoiseIfItSaysSo(string name)
    {
        var sampler = Samplers.Named(name);
        var draws = new Counting();
        using var start = randn(1, 2, 4, 4, device: CPU);
        var made = sampler.Create(SamplerOptions.Default);
        using var got = made.Run(Smooth, Plan(sampler.DefaultSchedule, 20), start, draws, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(sampler.IsStochastic, draws.Count > 0);
        Assert.Equal(sampler.DrawsFromTree, made.DrawsBrownian);
    }

    public static IEnumerable<TheoryDataRow<string, SamplerSettings>> Settings =>
        from sampler in Samplers.All
        from setting in new[]
        {
            SamplerSettings.Eta, SamplerSettings.NoiseScale, SamplerSettings.Churn, SamplerSettings.Midpoint, SamplerSettings.Order, SamplerSettings.Gamma,
            SamplerSettings.Tolerance,
        }
        select new TheoryDataRow<string, SamplerSettings>(sampler.Name, setting);

    [Theory, MemberData(nameof(Settings))]
    public void AnOptionChangesASampleWhereTheSamplerSaysThatItHeedsIt(string name, SamplerSettings setting)
    {
        var sampler = Samplers.Named(name);
        // Fresh noise has to be there for its factor to count.
        bool scalesNoise = setting == SamplerSettings.NoiseScale;
        var usual = new SamplerOptions
        {
            Eta = scalesNoise && sampler.Heeds.HasFlag(SamplerSettings.Eta) ? 0.5 : null,
            Churn = scalesNoise && sampler.Heeds.HasFlag(SamplerSettings.Churn) ? new Churn(5) : new Churn(),
        };
        var changed = setting switch
        {
            SamplerSettings.Eta => usual with { Eta = 0.4 },
            SamplerSettings.NoiseScale => usual with { NoiseScale = 0.8 },
            SamplerSettings.Churn => usual with { Churn = new Churn(5) },
            SamplerSettings.Midpoint => usual with { Midpoint = 0.3 },
            SamplerSettings.Order => usual with { Order = 1 },
            SamplerSettings.Gamma => usual with { Gamma = 1.5 },
            _ => usual with { Adaptive = new() { RelativeTolerance = 0.5 } },
        };
        bool heeds = sampler.Heeds.HasFlag(setting);
        using var scope = NewDisposeScope();
        Assert.Equal(heeds, !Made(usual).allclose(Made(changed)));
        string option = SamplerOptionNames.All.First(one => one.Setting == setting).Name;
        Assert.Equal(heeds, !sampler.NotHeeded(changed).Contains(option));

        Tensor Made(SamplerOptions options)
        {
            var plan = Plan(sampler.DefaultSchedule, 20);
            using var draws = new GeneratorNoise([6], 1, shape, CPU);
            return sampler.Create(options).Run(Smooth, plan, draws.Draw() * plan.StartScale, draws, cancel: TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void WithAllNoiseFreshDdimAndEulerAncestralAreOneFormula()
    {
        using var scope = NewDisposeScope();
        var plan = Plan("karras", 12);
        using var a = new GeneratorNoise([1], 1, shape, CPU);
        using var b = new GeneratorNoise([1], 1, shape, CPU);
        var token = TestContext.Current.CancellationToken;
        var ddim = new DdimSampler(1).Run(Smooth, plan, a.Draw() * plan.StartScale, a, cancel: token);
        var ancestral = new EulerAncestralSampler().Run(Smooth, plan, b.Draw() * plan.StartScale, b, cancel: token);
        Assert.True(ddim.allclose(ancestral, 1e-4, 1e-4));
    }

    [Fact]
    public void APlanThatRepeatsAStepIsRefusedByOthers()
    {
        var error = Assert.Throws<LowrankException>(() => Run("euler", Plan("pndm_timesteps", 5), Smooth, 1));
        Assert.Contains("pndm", error.Message);
    }

    [Theory]
    [InlineData("DPM++ 2M")]
    [InlineData("dpmpp_2m")]
    [InlineData("dpm++2m")]
    [InlineData("DPM++_2M")]
    public void ASamplerIsFoundByAllItsNames(string name) => Assert.Equal("dpm++2m", Samplers.Named(name).Name);

    [Fact]
    public void AnUnknownSamplerIsAnsweredWithNearOnes() =>
        Assert.Contains("euler", Assert.Throws<LowrankException>(() => Samplers.Named("eulr")).Message);

    [Theory]
    [InlineData("k_euler_a", "euler_a")]
    [InlineData("dpmpp_2s_ancestral", "dpm++2s_a")]
    [InlineData("dpmpp_2m_sde_gpu", "dpm++2m_sde")]
    [InlineData("EulerAncestralDiscreteScheduler", "euler_a")]
    [InlineData("DPM++ 3M SDE", "dpm++3m_sde")]
    [InlineData("ddim", "ddim")]
    public void ThreeProgramsNamesLeadToOurs(string name, string ours) => Assert.Equal(ours, Samplers.Named(name).Name);

    sealed class Counting : INoise
    {
        internal int Count { get; private set; }

        public Tensor Draw(NoiseLevel from, NoiseLevel to)
        {
            Count++;
            return zeros(1, 2, 4, 4, device: CPU);
        }
    }
}
