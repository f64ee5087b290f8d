using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Training.Tests;

public sealed class TokenLogProbabilitiesTests : IDisposable
{
    // Wide enough that four hundred tokens go in three pieces.
    const long Vocabulary = 50_000;

    readonly DisposeScope scope = NewDisposeScope();
    readonly Tensor weight = rand(Vocabulary, 6, generator: new Generator(3)) - 0.5;
    readonly Tensor hidden = rand(4, 101, 6, generator: new Generator(4));
    readonly Tensor labels = randint(0, Vocabulary, [4, 101], dtype: ScalarType.Int64, generator: new Generator(5));

    // A head with a soft cap, as some models have.
    static Tensor Head(Tensor rows, Tensor weight) => (rows.matmul(weight.to(rows.dtype).t()) / 5).tanh() * 5;

    static Tensor Whole(Tensor hidden, Tensor weight, Tensor labels, double smoothing = 0)
    {
        var logits = Head(hidden.narrow(1, 0, hidden.shape[1] - 1), weight).reshape(-1, weight.shape[0]);
        return F.cross_entropy(logits, labels.narrow(1, 1, labels.shape[1] - 1).reshape(-1), ignore_index: -100, label_smoothing: smoothing);
    }

    static double Difference(Tensor a, Tensor b) => (a - b).abs().max().ToDouble();

    // Sums over 50,000 logits in float32, in another order, differ by 2e-5 of the largest gradient.
    static void AssertGradient(Tensor want, Tensor got) => Assert.True(Difference(want, got) < 5e-5 * want.abs().max().ToDouble());

    [Theory, InlineData(0.0), InlineData(0.1)]
    public void ThePiecesOfALossAreTheWholeWithItsGradient(double smoothing)
    {
        labels[TensorIndex.Colon, TensorIndex.Slice(0, 7)] = -100;
        var (one, two) = (hidden.clone().requires_grad_(), hidden.clone().requires_grad_());
        var objective = new SupervisedObjective(new(LabelSmoothing: smoothing));
        var got = objective.Loss(new() { Policy = TokenLogProbabilities.Of(one, rows => Head(rows, weight), labels, objective.Needs.Tokens) }).Loss;
        var whole = Whole(two, weight, labels, smoothing);
        got.backward();
        whole.backward();
        Assert.Equal(whole.ToDouble(), got.ToDouble(), 2e-6);
        AssertGradient(two.grad!, one.grad!);
    }

    [Fact]
    public void AHeadThatLearnsHasItsGradientToo()
    {
        var (mine, theirs) = (weight.clone().requires_grad_(), weight.clone().requires_grad_());
        var (one, two) = (hidden.clone().requires_grad_(), hidden.clone().requires_grad_());
        var told = TokenLogProbabilities.Of(one, rows => Head(rows, mine), labels);
        (-told.Values.mean()).backward();
        Whole(two, theirs, labels).backward();
        AssertGradient(two.grad!, one.grad!);
        AssertGradient(theirs.grad!, mine.grad!);
    }

    [Fact]
    public void AHeadThatLearnsAloneNeedsNoHistoryOfItsInput()
    {
        var mine = weight.clone().requires_grad_();
        (-TokenLogProbabilities.Of(hidden, rows => Head(rows, mine), labels).Values.mean()).backward();
        Assert.True(mine.grad!.abs().sum().ToDouble() > 0);
    }

    [Fact]
    public void RowsOfWhichNothingCountsCostNothingAndGoBack()
    {
        var learnt = hidden.clone().requires_grad_();
        var told = TokenLogProbabilities.Of(learnt, rows => Head(rows, weight), full_like(labels, -100), new() { Entropy = true, Likeliest = true });
        var loss = new SupervisedObjective().Loss(new() { Policy = told });
        loss.Loss.backward();
        Assert.Equal(0, loss.Loss.ToDouble());
        Assert.Equal(0, learnt.grad!.abs().max().ToDouble());
        Assert.All(loss.Metrics.Values, value => Assert.Equal(0, value));
    }

    [Fact]
    public void ARowOfOneTokenForetellsNothing()
    {
        var told = TokenLogProbabilities.Of(hidden.narrow(1, 0, 1), rows => Head(rows, weight), labels.narrow(1, 0, 1));
        Assert.Equal([4, 0], told.Values.shape);
    }

    [Fact]
    public void NothingIsRecordedWhereNobodyGoesBack()
    {
        using var grad = no_grad();
        Assert.False(TokenLogProbabilities.Of(hidden, rows => Head(rows, weight), labels).Values.requires_grad);
    }

    [Fact]
    public void AWideHeadIsNearerToFloat32()
    {
        var exact = TokenLogProbabilities.Of(hidden, rows => Head(rows, weight), labels).Values;
        var states = hidden.to(ScalarType.BFloat16);
        double narrow = Difference(TokenLogProbabilities.Of(states, rows => Head(rows, weight), labels).Values, exact);
        double wide = Difference(TokenLogProbabilities.Of(states, rows => Head(rows, weight), labels, new() { WideHead = true }).Values, exact);
        Assert.True(wide < narrow, $"wide {wide}, narrow {narrow}");
    }

    [Fact]
    public void PlacesThemselvesAreAskedWhereWordsAreMasked()
    {
        labels[TensorIndex.Colon, TensorIndex.Slice(2)] = -100;
        var told = TokenLogProbabilities.Of(hidden, rows => Head(rows, weight), labels, new() { OwnPlace = true });
        var logs = Head(hidden.select(1, 1), weight).log_softmax(1).gather(1, labels.select(1, 1).unsqueeze(1)).squeeze(1);
        Assert.Equal([4, 101], told.Values.shape);
        Assert.True(Difference(told.Values.select(1, 1), logs) < 1e-5);
    }

    [Fact]
    public void EveryPlaceNeedsItsIds()
    {
        var error = Assert.Throws<LowrankException>(() =>
            TokenLogProbabilities.Of(hidden, rows => Head(rows, weight), labels, new() { EveryPlace = true }));
        Assert.Contains("ids of all tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NoTensorOutlivesALoss()
    {
        void Once()
        {
            using var inner = NewDisposeScope();
            var learnt = hidden.clone().requires_grad_();
            var objective = new SupervisedObjective();
            var policy = TokenLogProbabilities.Of(learnt, rows => Head(rows, weight), labels, objective.Needs.Tokens);
            objective.Loss(new() { Policy = policy }).Loss.backward();
            Backward.Release();
        }

        Once();
        LeakGuard.NoTensorLeaks(Once);
    }

    public void Dispose() => scope.Dispose();
}
