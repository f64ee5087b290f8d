namespace Lowrank.Training.Tests;

public sealed class SupervisedObjectiveTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    static TokenLogProbabilities Told(double[] values, params bool[] counted) =>
        new(tensor(values, dtype: ScalarType.Float32).reshape(1, -1).requires_grad_(), tensor(counted).reshape(1, -1));

    [Fact]
    public void ALossIsTheMeanOverTokensThatCount() => Assert.Equal(
        2, new SupervisedObjective().Loss(new() { Policy = Told([-1, -3, 0], true, true, false) }).Loss.ToDouble(), 1e-6);

    [Fact]
    public void MicroBatchesThatKnowTheStepsTokensAddUpToIt()
    {
        var objective = new SupervisedObjective();
        var first = objective.Loss(new() { Policy = Told([-1], true), CountedTokens = 3 });
        var second = objective.Loss(new() { Policy = Told([-2, -4], true, true), CountedTokens = 3 });
        Assert.True(first.IsShare);
        Assert.Equal(7.0 / 3, first.Loss.ToDouble() + second.Loss.ToDouble(), 1e-6);
    }

    [Fact]
    public void TheDynamicLossWeighsEachTokenByItsProbability() => Assert.Equal(
        0.5 * Math.Log(2), new SupervisedObjective(new(Dynamic: true)).Loss(new() { Policy = Told([-Math.Log(2)], true) }).Loss.ToDouble(), 1e-6);

    [Fact]
    public void ThePapersDivisorIsALittleMore() => Assert.Equal(
        1 / 1.0001, new SupervisedObjective(new(AddedToCount: 1e-4)).Loss(new() { Policy = Told([-1], true) }).Loss.ToDouble(), 1e-6);

    [Fact]
    public void AllFaultsAreToldAtOnce()
    {
        var error = Assert.Throws<LowrankException>(() => new SupervisedObjective(new(true, 1.5, -1)));
        Assert.Contains("label_smoothing is 1.5", error.Message, StringComparison.Ordinal);
        Assert.Contains("added_to_count is -1", error.Message, StringComparison.Ordinal);
        Assert.Contains("dft has no label smoothing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnObjectiveSaysWhatItLacks()
    {
        var error = Assert.Throws<LowrankException>(() => new SupervisedObjective().Loss(new()));
        Assert.Contains("sft needs the model's log-probabilities", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => scope.Dispose();
}
