using Lowrank.Workbench;

namespace Lowrank.Cli.Tests;

/// <summary>Where nobody watches, a run tells how far it is in lines: not for every step, and not never.</summary>
public class ProgressLinesTests
{
    sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }

    static TrainingStepProgress Step(int step) => new(new(step, 400, 1, 0.5, 0.25, 1, [1e-4], 1.5));

    [Fact]
    public void TheFirstStepIsToldThenOneEveryHalfMinuteWithTheTimeLeftAndTheEnd()
    {
        var clock = new Clock();
        var lines = new ProgressLines(clock);
        Assert.Null(lines.Of(new JobProgress(TrainingStepProgress.Stage, 0, 400)));
        clock.Seconds = 2;
        Assert.Equal("training: step 1 of 400, loss 0.2500, 1.50 s a step, 13 min 18 s left", lines.Of(Step(1)));
        clock.Seconds = 20;
        Assert.Null(lines.Of(Step(10)));
        clock.Seconds = 40;
        Assert.Equal("training: step 20 of 400, loss 0.2500, 1.50 s a step, 12 min 40 s left", lines.Of(Step(20)));
        clock.Seconds = 41;
        Assert.Null(lines.Of(Step(21)));
        Assert.Equal("training: step 400 of 400, loss 0.2500, 1.50 s a step", lines.Of(Step(400)));
    }

    [Fact]
    public void AStageThatIsSoonOverIsNotTold()
    {
        var clock = new Clock();
        var lines = new ProgressLines(clock);
        foreach (int done in Enumerable.Range(0, 5))
        {
            clock.Seconds = done;
            Assert.Null(lines.Of(new JobProgress("encoding pictures", done, 4, IsDone: done == 4)));
        }
    }

    [Fact]
    public void AStageThatTakesLongIsToldByItsShare()
    {
        var clock = new Clock();
        var lines = new ProgressLines(clock);
        Assert.Null(lines.Of(new JobProgress("encoding pictures", 0, 200)));
        clock.Seconds = 31;
        Assert.Equal("encoding pictures: 25 %, 1 min 33 s left", lines.Of(new JobProgress("encoding pictures", 50, 200)));
    }
}
