using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Training.Tests;

public sealed class ClassificationObjectiveTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();
    readonly Tensor scores = tensor(new float[,] { { 1, 0, -1 }, { 0, 2, 0.5f }, { 0.25f, 0, 3 } });

    static Tensor Ids(params long[] ids) => tensor(ids);

    [Fact]
    public void ItIsPyTorchsCrossEntropyWeightedAndSmoothed()
    {
        var labels = Ids(0, 2, 2);
        double weighted = F.cross_entropy(scores, labels, weight: tensor(new[] { 1f, 2f, 0.5f })).ToDouble();
        double smoothed = F.cross_entropy(scores, labels, label_smoothing: 0.1).ToDouble();
        Assert.Equal(weighted, Loss(new() { ClassWeights = [1, 2, 0.5] }, labels), 1e-6);
        Assert.Equal(smoothed, Loss(new() { LabelSmoothing = 0.1 }, labels), 1e-6);
    }

    double Loss(ClassificationOptions options, Tensor labels) =>
        new ClassificationObjective(options).Loss(new() { Scores = scores, Targets = labels }).Loss.ToDouble();

    [Fact]
    public void LabelsThatDoNotCountCostNothing()
    {
        var got = new ClassificationObjective(ofTokens: true).Loss(new() { Scores = scores, Targets = Ids(-100, -100, -100) });
        Assert.Equal(0, got.Loss.ToDouble());
        Assert.Equal(0, got.Metrics["accuracy"]);
    }

    [Fact]
    public void TokensOfAStepWeighTheSameHoweverItWasCut()
    {
        var objective = new ClassificationObjective(ofTokens: true);
        var whole = objective.Loss(new() { Scores = scores, Targets = Ids(0, -100, 2) });
        var first = objective.Loss(new() { Scores = scores[..1], Targets = Ids(0), CountedTokens = 2 });
        var second = objective.Loss(new() { Scores = scores[1..], Targets = Ids(-100, 2), CountedTokens = 2 });
        Assert.Equal(whole.Loss.ToDouble(), first.Loss.ToDouble() + second.Loss.ToDouble(), 1e-6);
    }

    [Fact]
    public void ALabelThatTheModelDoesNotTellIsNamed()
    {
        var error = Assert.Throws<LowrankException>(() => Loss(new(), Ids(0, 3, 1)));
        Assert.Contains("label 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralClassesAreEachYesOrNo()
    {
        var targets = tensor(new float[,] { { 1, 0, 0 }, { 0, 1, 1 }, { 1, 0, 1 } });
        var got = new LabelsObjective(severalClasses: true).Loss(new() { Scores = scores, Targets = targets });
        Assert.Equal(F.binary_cross_entropy_with_logits(scores, targets).ToDouble(), got.Loss.ToDouble(), 1e-6);
        Assert.Equal(1, got.Metrics["accuracy"]);
    }

    [Fact]
    public void ANumberIsLearntBySquares()
    {
        var got = new LabelsObjective(severalClasses: false).Loss(new() { Scores = tensor(new[] { 1f, 3f }).reshape(2, 1), Targets = tensor(new[] { 2f, 1f }) });
        Assert.Equal(2.5, got.Loss.ToDouble(), 1e-6);
    }

    [Fact]
    public void SpansAreTwoCrossEntropies()
    {
        var places = stack([scores, scores * 2], 2);   // (3, 3, 2)
        var targets = stack([Ids(0, 1, 2), Ids(0, 1, 1)], 1);
        var got = new SpansObjective().Loss(new() { Scores = places, Targets = targets });
        double begins = F.cross_entropy(scores, Ids(0, 1, 2)).ToDouble(), ends = F.cross_entropy(scores * 2, Ids(0, 1, 1)).ToDouble();
        Assert.Equal((begins + ends) / 2, got.Loss.ToDouble(), 1e-6);
        Assert.Equal(2.0 / 3, got.Metrics["exact_match"], 1e-6);
    }

    public void Dispose() => scope.Dispose();
}
