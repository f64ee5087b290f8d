namespace Lowrank.Torch.Tests;

public class LoraLinearTests
{
    [Theory, InlineData(true, ScalarType.Float32), InlineData(false, ScalarType.Float32), InlineData(true, ScalarType.BFloat16)]
    public void EqualsThePlainFormula(bool withBias, ScalarType dtype) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        double scale = 0.7;
        var weight = randn(5, 7).to(dtype);
        var bias = withBias ? randn(5).to(dtype) : null;
        var upstream = randn(2, 3, 5).to(dtype);
        Tensor[] start = [randn(2, 3, 7).to(dtype), randn(4, 7), randn(5, 4)];

        var fused = Answer((x, a, b) => LoraLinear.Run(x, weight, bias, a, b, scale));
        var plain = Answer((x, a, b) =>
        {
            var low = nn.functional.linear(x, a.to(dtype));
            return nn.functional.linear(x, weight, bias) + nn.functional.linear(low, b.to(dtype)) * scale;
        });

        // bfloat16 rounds the branch once here and thrice in the plain composition: 2^-8 relative each.
        double tolerance = dtype == ScalarType.BFloat16 ? 6e-2 : 1e-5;
        foreach (var (got, want) in fused.Zip(plain))
            Assert.True((got - want).abs().max().ToDouble() <= tolerance * (1 + want.abs().max().ToDouble()), $"{got.str()} against {want.str()}");

        Tensor[] Answer(Func<Tensor, Tensor, Tensor, Tensor> run)
        {
            Tensor[] leaves = [.. start.Select(t => t.clone().requires_grad_())];
            var y = run(leaves[0], leaves[1], leaves[2]);
            (y * upstream).sum().backward();
            Backward.Rethrow();
            Backward.Release();
            return [y.detach().to(ScalarType.Float32), .. leaves.Select(l => l.grad!.to(ScalarType.Float32))];
        }
    });

    [Fact]
    public void WrongShapesAreToldNotFatal()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ShapeException>(() => LoraLinear.Run(ones(2, 6), ones(5, 7), null, ones(4, 7), ones(5, 4), 1));
        Assert.Contains("(2, 6)", error.Message);
    }
    [Fact]
    public void ASecondBackwardThroughTheSameGraphIsToldNotFatal()
    {
        using var scope = NewDisposeScope();
        var y = LoraLinear.Run(ones(2, 7), ones(5, 7), null, ones(4, 7).requires_grad_(), ones(5, 4).requires_grad_(), 1).sum();
        autograd.backward([y], retain_graph: true);
        Backward.Rethrow();
        y.backward();
        Assert.Contains("second backward", Assert.Throws<LowrankException>(Backward.Rethrow).Message);
    }

    [Fact]
    public void WhereAIsFrozenTheInputIsNotKept() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        var (x, weight, down, up) = (randn(2, 3, 7).requires_grad_(), randn(5, 7), randn(4, 7), randn(5, 4).requires_grad_());
        var upstream = randn(2, 3, 5);
        Tensor[] trained = Gradients(down.clone().requires_grad_(), out long keptWithA), frozen = Gradients(down, out long kept);
        Assert.Equal(keptWithA - 1, kept);
        Assert.Null(down.grad);
        foreach (var (got, want) in frozen.Zip(trained)) Assert.True(got.equal(want).all().ToBoolean());

        Tensor[] Gradients(Tensor a, out long handles)
        {
            (x.grad, up.grad) = (null, null);
            long before = LeakGuard.Live;
            var y = LoraLinear.Run(x, weight, null, a, up, 0.7);
            handles = LeakGuard.Live - before;
            (y * upstream).sum().backward();
            Backward.Rethrow();
            Backward.Release();
            return [x.grad!.clone(), up.grad!.clone()];
        }
    });
}
