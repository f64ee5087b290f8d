namespace Lowrank.Workbench.Tests;

/// <summary>The one shape that all jobs have.</summary>
public class JobTests
{
    sealed record Counting(int To) : IJobRequest
    {
        public IEnumerable<string> Faults()
        {
            if (To < 0) yield return "to is negative";
            if (To % 2 != 0) yield return "to is odd";
        }
    }

    sealed class CountingJob : Job<Counting, int>
    {
        protected override int Work(Counting request, JobRun run)
        {
            run.Say("begun");
            var stage = run.Begin("counting", request.To);
            for (int i = 1; i <= request.To; i++) stage.Count($"number {i}");
            stage.Done();
            return request.To;
        }
    }

    static List<JobEvent> Run(int to, CancellationToken cancel)
    {
        var told = new List<JobEvent>();
        Assert.Equal(to, new CountingJob().Run(new(to), new Reported<JobEvent>(told.Add), cancel));
        return told;
    }

    [Fact]
    public void EveryStepIsToldInOrderWithItsTotalAndWords() => Assert.Equal(
    [
        new JobNote("begun"),
        new JobProgress("counting", 0, 2),
        new JobProgress("counting", 1, 2, "number 1"),
        new JobProgress("counting", 2, 2, "number 2"),
        new JobProgress("counting", 2, 2, IsDone: true),
    ], Run(2, CancellationToken.None));

    [Fact]
    public void SharesAreOfTheTotalAndUnknownWithoutOne()
    {
        Assert.Equal(0.25, new JobProgress("x", 1, 4).Share);
        Assert.Null(new JobProgress("x", 1, null).Share);
        Assert.Equal(1, new JobProgress("x", 1, null, IsDone: true).Share);
    }

    [Fact]
    public void AFaultyRequestIsNotBegunAndAllItsFaultsAreTold()
    {
        var error = Assert.Throws<RequestException>(() => Run(-3, CancellationToken.None));
        Assert.Equal(["to is negative", "to is odd"], error.Faults);
    }

    [Fact]
    public void AStoppedJobCountsNoFurther()
    {
        using var source = new CancellationTokenSource();
        var told = new List<JobEvent>();
        var stop = new Reported<JobEvent>(one =>
        {
            told.Add(one);
            if (one is JobProgress { Done: 1 }) source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => new CountingJob().Run(new(4), stop, source.Token));
        Assert.Equal(new JobProgress("counting", 1, 4, "number 1"), told[^1]);
    }
}
