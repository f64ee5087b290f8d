namespace Lowrank.Torch.Tests;

public class StopSignTests
{
    sealed class Chain(Action first) : Layer(nameof(Chain))
    {
        protected override Tensor Compute(Tensor x)
        {
            first();
            using var next = new Doubled();
            return next.call(x);
        }
    }

    sealed class Doubled() : Layer(nameof(Doubled))
    {
        protected override Tensor Compute(Tensor x) => x * 2;
    }

    [Fact]
    public void AModelStopsBeforeItsNextLayer() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var stop = new CancellationTokenSource();
        using var model = new Chain(stop.Cancel);
        var x = ones(2);
        using (StopSign.Watch(stop.Token)) Assert.Throws<OperationCanceledException>(() => model.call(x));
        Assert.Equal(2f, model.call(x)[0].item<float>());   // nobody watches any more
    });

    [Fact]
    public void OneWatchWithinAnotherEndsWithItself()
    {
        using var scope = NewDisposeScope();
        using var model = new Doubled();
        var x = ones(2);
        using (StopSign.Watch(new CancellationToken(true)))
        {
            using (StopSign.Watch(CancellationToken.None)) model.call(x).Dispose();
            Assert.Throws<OperationCanceledException>(() => model.call(x));
        }
    }

    [Fact]
    public void AttentionOverManyTokensIsTheSameInParts()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var generator = new Generator(5);
        var (q, k) = (randn(1, 700, 16, generator: generator), randn(1, 900, 16, generator: generator));
        var whole = Attention.Run(q, k, k, 2);
        Assert.True(Attention.ByRows(q, 256, part => Attention.Run(part, k, k, 2)).allclose(whole, 1e-5, 1e-6));
        Assert.Null(Attention.RowsAtOnce(q, k));
        using (StopSign.Watch(new CancellationToken(true)))
            Assert.Throws<OperationCanceledException>(() => Attention.ByRows(q, 256, part => Attention.Run(part, k, k, 2)));
    }
}
