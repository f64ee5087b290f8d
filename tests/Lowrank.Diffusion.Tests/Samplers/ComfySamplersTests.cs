using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

public class ComfySamplersTests
{
    [Fact]
    public void DdimIsEulerThereAndDdimHere()
    {
        Assert.Equal("euler", ComfySamplers.Named("ddim").Name);
        Assert.IsType<EulerSampler>(ComfySamplers.Create("ddim"));
        Assert.Equal("ddim", Samplers.Named("ddim").Name);
    }

    [Fact]
    public void EveryNameIsASamplerAndAllButDdimAreFoundByOursToo() => Assert.All(ComfySamplers.Names, name =>
    {
        Assert.NotNull(ComfySamplers.Create(name));
        if (name != "ddim") Assert.Same(ComfySamplers.Named(name), Samplers.Named(name));
    });

    [Fact]
    public void AnotherNameIsToldWithTheNearest() =>
        Assert.Contains("euler_ancestral", Assert.Throws<LowrankException>(() => ComfySamplers.Create("euler_ancestrel")).Message);

    [Fact]
    public void ChurnDrawsOnlyWhatItUses() => LeakGuard.NoTensorLeaks(() =>
    {
        var plan = Schedules.Named("normal").Plan(NoiseSchedule.From(new SchedulerConfig()), 6);
        var options = new SamplerOptions { Churn = new Churn(1, From: 1, To: 5) };
        Assert.Equal(6, Draws(Samplers.Named("euler").Create(options)));
        int used = plan.Steps.Count(step => step.From.Ratio is >= 1 and <= 5);
        Assert.Equal(used, Draws(ComfySamplers.Create("euler", options)));

        int Draws(Sampler sampler)
        {
            using var scope = NewDisposeScope();
            int count = 0;
            var noise = new Drawn(() => count++);
            sampler.Run(new Denoiser((x, _) => x * 0.1, PredictionType.Epsilon), plan, ones(1, 2, 4, 4, device: CPU), noise, cancel: TestContext.Current.CancellationToken);
            return count;
        }
    });

    sealed class Drawn(Action count) : INoise
    {
        public Tensor Draw(NoiseLevel from, NoiseLevel to)
        {
            count();
            return zeros(1, 2, 4, 4, device: CPU);
        }
    }
}
