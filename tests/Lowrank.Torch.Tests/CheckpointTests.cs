namespace Lowrank.Torch.Tests;

public class CheckpointTests
{
    [Fact]
    public void ValuesAndGradientsAreExactlyThePlainOnes() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var weight = randn(6, 6).requires_grad_();
        var (x, second) = (randn(3, 6).requires_grad_(), randn(3, 6).requires_grad_());
        Tensor Block(Tensor[] inputs) => nn.functional.dropout(nn.functional.linear(inputs[0], weight).tanh() * inputs[1], 0.5, training: true);

        var plain = Run(() => Block([x, second]));
        var checkpointed = Run(() => Checkpoint.Run(Block, x, second));

        foreach (var (got, want) in checkpointed.Zip(plain))
            Assert.True(got.equal(want).all().ToBoolean());

        Tensor[] Run(Func<Tensor> forward)
        {
            foreach (var leaf in new[] { weight, x, second }) leaf.grad = null;
            random.manual_seed(9);
            var y = forward();
            y.square().sum().backward();
            Backward.Rethrow();
            Backward.Release();
            return [y.detach(), weight.grad!.clone(), x.grad!.clone(), second.grad!.clone(), rand(3)];   // the generator goes on as if nothing had been computed twice
        }
    });

    [Fact]
    public void AnInputThatIsChangedInPlaceMeanwhileIsTold()
    {
        using var scope = NewDisposeScope();
        var h = randn(2, 4).requires_grad_() * 1;
        var y = Checkpoint.Run(x => x.square(), h);
        h.add_(y).sum().backward();
        Assert.Contains("changed in place", Assert.Throws<LowrankException>(Backward.Rethrow).Message);
    }

    [Fact]
    public void AdaptersInsideGetGradientsThoughTheInputWantsNone()
    {
        using var scope = NewDisposeScope();
        var weight = randn(4, 4).requires_grad_();
        Checkpoint.Run(x => nn.functional.linear(x, weight), randn(2, 4)).sum().backward();
        Backward.Rethrow();
        Assert.NotNull(weight.grad);
    }

    [Fact]
    public void AnErrorInBackwardIsThrownAfterIt()
    {
        using var scope = NewDisposeScope();
        int calls = 0;
        var y = Checkpoint.Run(x => calls++ == 0 ? x * 2 : throw new InvalidOperationException("broken block"), randn(2, 2).requires_grad_());
        y.sum().backward();
        Assert.Contains("broken block", Assert.Throws<LowrankException>(Backward.Rethrow).Message);
    }

    [Fact]
    public void NestedCheckpointsWork()
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 3).requires_grad_();
        Checkpoint.Run(a => Checkpoint.Run(b => b.tanh(), a).square(), x).sum().backward();
        Backward.Rethrow();
        var want = (2 * x.tanh() * (1 - x.tanh().square())).detach();
        Assert.True((x.grad! - want).abs().max().ToDouble() < 1e-6);
    }
}
