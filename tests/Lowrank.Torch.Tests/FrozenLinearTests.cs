namespace Lowrank.Torch.Tests;

/// <summary>Linear layers over a weight that is made for each use.</summary>
public class FrozenLinearTests
{
    [Theory, InlineData(true), InlineData(false)]
    public void ABiasThatIsTrainedGetsItsGradient(bool isInputTrained) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (x, weight, g) = (randn(2, 3, 5), randn(4, 5), randn(2, 3, 4));
        if (isInputTrained) x.requires_grad_();
        var bias = randn(4).requires_grad_();
        FrozenLinear.Run(x, body => body(weight), bias).backward([g]);
        Assert.True(bias.grad!.allclose(g.sum([0, 1]), 1e-5, 1e-6));
        if (isInputTrained) Assert.True(x.grad!.allclose(g.matmul(weight), 1e-5, 1e-6));
        Backward.Release();
    });
}
