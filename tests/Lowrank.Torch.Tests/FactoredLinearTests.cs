namespace Lowrank.Torch.Tests;

public class FactoredLinearTests
{
    // Few tokens go through the factors, many through the built weight.
    const int Few = 1, Many = 20;

    [Theory, InlineData(true, true, Many), InlineData(false, true, Many), InlineData(true, false, Many), InlineData(true, true, Few), InlineData(false, false, Few)]
    public void AKroneckerProductEqualsTheExplicitOne(bool withBias, bool contiguous, int tokens) => Compare(
        12, 6, tokens, withBias, contiguous, [randn(3, 2), randn(4, 3)],
        (x, w, b, leaves) => KroneckerLinear.Run(x, w, b, leaves[0], leaves[1], 0.7),
        (w, leaves) => w + 0.7 * kron(leaves[0], leaves[1]));

    [Theory, InlineData(true, true, Many), InlineData(false, true, Many), InlineData(true, false, Many), InlineData(true, true, Few), InlineData(false, false, Few)]
    public void ARotationOfTheOutputEqualsTheRotatedWeight(bool withBias, bool contiguous, int tokens) => Compare(
        12, 7, tokens, withBias, contiguous, [linalg.qr(randn(4, 3, 3)).Q],
        (x, w, b, leaves) => RotatedLinear.Run(x, w, b, leaves[0]), Rotated);

    [Theory, InlineData(true, true, 4, Many), InlineData(false, true, 1, Many), InlineData(true, false, 4, Many), InlineData(true, true, 4, Few), InlineData(false, false, 1, Few)]
    public void ARotationOfTheInputEqualsTheRotatedWeight(bool withBias, bool contiguous, int rotations, int tokens) => Compare(
        7, 12, tokens, withBias, contiguous, [randn(rotations, 3, 3)],   // any invertible blocks
        (x, w, b, leaves) => RotatedLinear.RunOnInput(x, w, b, leaves[0]),
        (w, leaves) => w.reshape(7, 4, 1, 3).matmul(leaves[0].transpose(1, 2)).reshape(7, 12));

    // One stage, two, three of unequal depth; fewer levels than there could be; blocks too wide to be folded.
    public static TheoryData<bool, int, int, int> Butterflies => new()
    {
        { true, 4, 8, 4 }, { false, 2, 64, 7 }, { true, 10, 256, 9 }, { true, 4, 12, 3 }, { false, 100, 4, 3 }, { true, 6, 1, 1 },
    };

    [Theory, MemberData(nameof(Butterflies))]
    public void AButterflyEqualsItsLevelsWithoutKernelsToo(bool withBias, int size, int blocks, int levels)
    {
        using var block = OwnRoads.Close();
        AButterflyEqualsItsLevels(withBias, size, blocks, levels);
    }

    [Theory, MemberData(nameof(Butterflies))]
    public void AButterflyEqualsItsLevels(bool withBias, int size, int blocks, int levels) => Compare(
        size * blocks, 7, Few, withBias, true, [linalg.qr(randn(levels, blocks, size, size)).Q],
        (x, w, b, leaves) => ButterflyLinear.Run(x, w, b, leaves[0]),
        (w, leaves) =>
        {
            for (int level = 0; level < levels; level++)
            {
                var gathered = w.reshape(-1, 2, (1 << level) * size / 2, 7).transpose(1, 2).reshape(blocks, size, 7);
                w = leaves[0][level].bmm(gathered).reshape(-1, (1 << level) * size / 2, 2, 7).transpose(1, 2).reshape(-1, 7);
            }
            return w;
        });

    static Tensor Rotated(Tensor w, Tensor[] leaves) => leaves[0].transpose(1, 2).bmm(w.reshape(4, 3, 7)).reshape(12, 7);

    [Theory, InlineData(Few), InlineData(Many)]
    public void AnAnswerThatIsChangedInPlaceSpoilsNothing(int tokens) => Compare(
        12, 7, tokens, true, true, [linalg.qr(randn(4, 3, 3)).Q],
        (x, w, b, leaves) => RotatedLinear.Run(x, w, b, leaves[0]).relu_(), Rotated, y => y.relu());

    static void Compare(
        long outputs, long inputs, int tokens, bool withBias, bool contiguous, Tensor[] start, Func<Tensor, Tensor, Tensor?, Tensor[], Tensor> fused, Func<Tensor, Tensor[], Tensor> weight, Func<Tensor, Tensor>? after = null)
    {
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            random.manual_seed(5);
            var (w, b, x, upstream) = (contiguous ? randn(outputs, inputs) : randn(inputs, outputs).t(), withBias ? randn(outputs) : null, randn(2, tokens, inputs), randn(2, tokens, outputs));
            var got = Answer((input, leaves) => fused(input, w, b, leaves));
            var want = Answer((input, leaves) => (after ?? (y => y))(nn.functional.linear(input, weight(w, leaves), b)));
            foreach (var (one, other) in got.Zip(want))
                Assert.True((one - other).abs().max().ToDouble() <= 1e-5 * (1 + other.abs().max().ToDouble()), $"{one.str()} against {other.str()}");

            Tensor[] Answer(Func<Tensor, Tensor[], Tensor> run)
            {
                var input = x.clone().requires_grad_();
                Tensor[] leaves = [.. start.Select(t => t.clone().requires_grad_())];
                var y = run(input, leaves);
                (y * upstream).sum().backward();
                Backward.Rethrow();
                Backward.Release();
                return [y.detach(), input.grad!, .. leaves.Select(l => l.grad!)];
            }
        });
        foreach (var tensor in start) tensor.Dispose();
    }

    [Fact]
    public void WrongShapesAreToldNotFatal()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("(2, 2)", Assert.Throws<ShapeException>(() => KroneckerLinear.Run(ones(2, 6), ones(4, 6), null, ones(2, 2), ones(2, 2), 1)).Message);
        Assert.Contains("(2, 3, 3, 3)", Assert.Throws<ShapeException>(() => ButterflyLinear.Run(ones(2, 6), ones(9, 6), null, ones(2, 3, 3, 3))).Message);
        Assert.Contains("(2, 3, 3)", Assert.Throws<ShapeException>(() => RotatedLinear.Run(ones(2, 6), ones(4, 6), null, ones(2, 3, 3))).Message);
    }
}
