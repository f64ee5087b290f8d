namespace Lowrank.Torch.Tests;

public sealed class RowGradientsTests : IDisposable
{
    readonly DisposeScope scope = NewDisposeScope();

    [Fact]
    public void AGradientGoesBackRowByRow()
    {
        var x = randn(3, 2).requires_grad_();
        var y = RowGradients.Run(x, x.detach().square().sum(1), x.detach() * 2);
        (y * tensor(new[] { 1f, 2f, 3f })).sum().backward();
        Assert.True(x.grad!.allclose(x.detach() * 2 * tensor(new[] { 1f, 2f, 3f }).unsqueeze(1)));
    }

    [Fact]
    public void NothingOutlivesAPassThatGoesBack()
    {
        static void Once()
        {
            using var inner = NewDisposeScope();
            var x = randn(3, 2).requires_grad_();
            var y = RowGradients.Run(x, x.detach().sum(1), ones_like(x)).sum();
            y.backward();
            Backward.Release();
        }

        Once();
        LeakGuard.NoTensorLeaks(Once);
    }

    public void Dispose() => scope.Dispose();
}
