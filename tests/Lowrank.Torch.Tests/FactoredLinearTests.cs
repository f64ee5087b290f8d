namespace Lowrank.Torch.Tests;

public class FactoredLinearTests
{
    [Theory, InlineData(true, true), InlineData(false, true), InlineData(true, false)]
    public void A_Kronecker_product_equals_the_explicit_one(bool withBias, bool contiguous) => Compare(
        12, 6, withBias, contiguous, [randn(3, 2), randn(4, 3)],
        (x, w, b, leaves) => KroneckerLinear.Run(x, w, b, leaves[0], leaves[1], 0.7),
        (w, leaves) => w + 0.7 * kron(leaves[0], leaves[1]));

    [Theory, InlineData(true, true), InlineData(false, true), InlineData(true, false)]
    public void A_rotation_of_the_output_equals_the_rotated_weight(bool withBias, bool contiguous) => Compare(
        12, 7, withBias, contiguous, [linalg.qr(randn(4, 3, 3)).Q],
        (x, w, b, leaves) => RotatedLinear.Run(x, w, b, leaves[0]),
        (w, leaves) => leaves[0].transpose(1, 2).bmm(w.reshape(4, 3, 7)).reshape(12, 7));

    [Theory, InlineData(true, true, 4), InlineData(false, true, 1), InlineData(true, false, 4)]
    public void A_rotation_of_the_input_equals_the_rotated_weight(bool withBias, bool contiguous, int rotations) => Compare(
        7, 12, withBias, contiguous, [randn(rotations, 3, 3)],   // any invertible blocks
        (x, w, b, leaves) => RotatedLinear.RunOnInput(x, w, b, leaves[0]),
        (w, leaves) => w.reshape(7, 4, 1, 3).matmul(leaves[0].transpose(1, 2)).reshape(7, 12));

    [Fact]
    public void An_answer_that_is_changed_in_place_spoils_nothing() => Compare(
        12, 7, true, true, [linalg.qr(randn(4, 3, 3)).Q],
        (x, w, b, leaves) => RotatedLinear.Run(x, w, b, leaves[0]).relu_(),
        (w, leaves) => leaves[0].transpose(1, 2).bmm(w.reshape(4, 3, 7)).reshape(12, 7), y => y.relu());

    static void Compare(
        long outputs, long inputs, bool withBias, bool contiguous, Tensor[] start, Func<Tensor, Tensor, Tensor?, Tensor[], Tensor> fused, Func<Tensor, Tensor[], Tensor> weight, Func<Tensor, Tensor>? after = null)
    {
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            random.manual_seed(5);
            var (w, b, x, upstream) = (contiguous ? randn(outputs, inputs) : randn(inputs, outputs).t(), withBias ? randn(outputs) : null, randn(2, 5, inputs), randn(2, 5, outputs));
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
    public void Wrong_shapes_are_told_not_fatal()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("(2, 2)", Assert.Throws<ShapeException>(() => KroneckerLinear.Run(ones(2, 6), ones(4, 6), null, ones(2, 2), ones(2, 2), 1)).Message);
        Assert.Contains("(2, 3, 3)", Assert.Throws<ShapeException>(() => RotatedLinear.Run(ones(2, 6), ones(4, 6), null, ones(2, 3, 3))).Message);
    }
}
