namespace Lowrank.Training.Tests;

public sealed class TrainingLoopTests : IDisposable
{
    readonly Tensor weight = tensor(new float[] { 1, -2, 3 }, requires_grad: true);

    // Batch n pulls the weight towards n, n+1, n+2.
    sealed class Pull(Tensor weight, Func<long, double>? factor = null) : ITrainingTask
    {
        public List<long> Asked { get; } = [];
        public int BatchesPerEpoch => 3;

        public Tensor Loss(long number)
        {
            Asked.Add(number);
            return (weight - tensor(new float[] { number, number + 1, number + 2 })).square().mean() * (factor?.Invoke(number) ?? 1);
        }
    }

    (TrainingLoop Loop, FusedAdamW Optimizer) Make(ITrainingTask task, int steps, int accumulation = 1, double maxGradNorm = 0)
    {
        var optimizer = new FusedAdamW([new ParameterGroup([weight], 1)]);
        return (new TrainingLoop(task, optimizer, [new LearningRateSchedule(LinearCurve.Curve, 0.1, steps)], steps, accumulation, maxGradNorm), optimizer);
    }

    float[] Weight => [.. weight.detach().data<float>()];

    [Fact]
    public void BatchesAreAskedForInOrderAndTheRateFollowsItsSchedule()
    {
        var task = new Pull(weight);
        var (loop, optimizer) = Make(task, 4, accumulation: 2);
        using var _ = optimizer;
        var steps = new List<TrainingStep>();
        while (!loop.IsFinished) steps.Add(loop.Next());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], task.Asked);
        Assert.Equal([0.1, 0.075, 0.05, 0.025], steps.Select(s => Math.Round(s.LearningRates[0], 9)));
        Assert.Equal([1, 2, 3, 4], steps.Select(s => s.Step));
        Assert.Equal([1, 1, 2, 3], steps.Select(s => s.Epoch));
    }

    [Fact]
    public void ALoopThatGoesOnAsksForTheBatchesThatAreLeft()
    {
        var task = new Pull(weight);
        var (loop, optimizer) = Make(task, 4, accumulation: 2);
        using var _ = optimizer;
        loop.Step = 3;
        loop.Next();
        Assert.Equal([6, 7], task.Asked);
        Assert.True(loop.IsFinished);
    }

    [Fact]
    public void AccumulatedLossesAndGradientsAreMeans()
    {
        var (loop, optimizer) = Make(new Pull(weight), 1, accumulation: 2);
        using var _ = optimizer;
        var step = loop.Next();
        // d/dw of the mean over two batches: 2/3·(w − 0.5 − i).
        double[] gradient = [.. new[] { 1.0, -2, 3 }.Select((w, i) => 2.0 / 3 * (w - 0.5 - i))];
        Assert.Equal(Math.Sqrt(gradient.Sum(g => g * g)), step.GradientNorm, 5);
        Assert.Equal((new[] { 1.0, -2, 3 }.Select((w, i) => (w - i) * (w - i)).Average() + new[] { 1.0, -2, 3 }.Select((w, i) => (w - 1 - i) * (w - 1 - i)).Average()) / 2, step.Loss, 5);
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void ALossThatIsNoNumberStopsBeforeTheWeightsAreTouched(double poison)
    {
        var (loop, optimizer) = Make(new Pull(weight, number => number == 3 ? poison : 1), 4, accumulation: 2);
        using var _ = optimizer;
        loop.Next();
        var before = Weight;
        var fault = Assert.Throws<DivergedException>(loop.Next);
        Assert.Contains("step 2", fault.Message);
        Assert.Equal(before, Weight);
        Assert.Equal(1, loop.Step);
    }

    [Fact]
    public void ALoopLeavesNoTensorsBehind() => LeakGuard.NoTensorLeaks(() =>
    {
        using var other = tensor(new float[] { 1, -2, 3 }, requires_grad: true);
        using var optimizer = new FusedAdamW([new ParameterGroup([other], 1)]);
        var loop = new TrainingLoop(new Pull(other), optimizer, [new LearningRateSchedule(ConstantCurve.Curve, 0.1, 20)], 20, 2);
        while (!loop.IsFinished) loop.Next();
        optimizer.ZeroGrad();
    });

    public void Dispose() => weight.Dispose();
}
