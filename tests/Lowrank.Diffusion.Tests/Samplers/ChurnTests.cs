using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

public class ChurnTests
{
    // A source whose draws belong to stretches of time must be told them the way they are gone: up from the step's level.
    [Fact]
    public void TheNoiseThatIsAddedBeforeAStepIsDrawnForTheWayUpFromItsLevel() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var plan = Schedules.Named("uniform").Plan(NoiseSchedule.From(new SchedulerConfig()), 4);
        var stretches = new Stretches();
        double highest = plan.Steps[1].From.Ratio;   // at the first step, above it, nothing is added
        var churn = new Churn(1, To: highest);
        var denoiser = new Denoiser((x, _) => x * 0.1, PredictionType.Epsilon);
        var start = ones(1, 2, 4, 4, device: CPU);
        new EulerSampler(churn).Run(denoiser, plan, start, stretches, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(plan.Steps.Select(step => step.From.Ratio), stretches.Drawn.Select(stretch => stretch.From.Ratio));
        Assert.Equal([0, 0.25, 0.25, 0.25], stretches.Drawn.Select(stretch => stretch.To.Ratio / stretch.From.Ratio - 1), (one, other) => Math.Abs(one - other) < 1e-9);
    });

    sealed class Stretches : INoise
    {
        internal List<(NoiseLevel From, NoiseLevel To)> Drawn { get; } = [];

        public Tensor Draw(NoiseLevel from, NoiseLevel to)
        {
            Drawn.Add((from, to));
            return zeros(1, 2, 4, 4, device: CPU);
        }
    }
}
