namespace Lowrank.Torch.Tests;

public class AttentionTests
{
    // Batch, heads, key heads, tokens, keys, width of a head, causal, mask.
    public static TheoryData<long, long, long, long, long, long, bool, string> Shapes => new()
    {
        { 2, 3, 3, 64, 64, 16, false, "none" },
        { 1, 2, 2, 70, 77, 8, false, "none" },
        { 3, 4, 4, 33, 33, 16, true, "none" },
        { 1, 6, 2, 600, 600, 8, true, "none" },       // groups of rows, the last one smaller; three heads share a key head
        { 2, 4, 2, 40, 50, 8, false, "none" },
        { 1, 1, 1, 1100, 2100, 4, false, "none" },    // a group is less than a head
        { 5, 3, 3, 256, 512, 4, false, "none" },      // heads and batch do not divide evenly into groups
        { 2, 3, 3, 20, 24, 8, false, "bool" },
        { 2, 3, 3, 20, 24, 8, false, "float" },
        { 2, 3, 3, 20, 24, 8, false, "heads" },
        { 2, 4, 2, 150, 150, 8, true, "left-padded" },
        { 2, 3, 3, 20, 24, 8, false, "blind" },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void ProductsGiveTheFormula(long batch, long heads, long keyHeads, long tokens, long keys, long width, bool causal, string mask) =>
        LeakGuard.NoTensorLeaks(() =>
        {
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            {
                using var scope = NewDisposeScope();
                var (leaves, upstream) = Inputs(batch, heads, keyHeads, tokens, keys, width, dtype);
                var added = Mask(mask, batch, heads, tokens, keys);
                var got = Gradients(leaves, upstream, (q, k, v) => Attention.ByProducts(
                    q, k, v, added, AttentionPlan.Of(q, k, heads, keyHeads, causal)));
                AssertFormula(got, leaves, upstream, heads, keyHeads, causal, added, dtype);
            }
        });

    [Theory, MemberData(nameof(Shapes))]
    public void WhateverRoadIsTakenGivesTheFormula(
        long batch, long heads, long keyHeads, long tokens, long keys, long width, bool causal, string mask)
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var scope = NewDisposeScope();
            var (leaves, upstream) = Inputs(batch, heads, keyHeads, tokens, keys, width, dtype);
            var added = Mask(mask, batch, heads, tokens, keys);
            var got = Gradients(leaves, upstream, (q, k, v) => Attention.Run(q, k, v, heads, added, causal, keyHeads));
            AssertFormula(got, leaves, upstream, heads, keyHeads, causal, added, dtype);
            using var grad = no_grad();
            var alone = Attention.Run(leaves[0], leaves[1], leaves[2], heads, added, causal, keyHeads);
            AssertNear(got[0], alone, dtype == ScalarType.Float32 ? 1e-5 : 1.0 / 64);
        }
    }

    [Fact]
    public void QueriesKeysAndValuesMayLieInOneTensor()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);
        var together = randn(2, 40, 3 * 32);
        Tensor[] leaves = [.. together.chunk(3, -1).Select(part => part.clone())];
        var upstream = randn(2, 40, 32);
        var apart = Gradients(leaves, upstream, (q, k, v) => Attention.ByProducts(q, k, v, null, AttentionPlan.Of(q, k, 4, 4, true)));
        together.requires_grad_();
        var parts = together.chunk(3, -1);
        var answer = Attention.ByProducts(parts[0], parts[1], parts[2], null, AttentionPlan.Of(parts[0], parts[1], 4, 4, true));
        answer.backward([upstream]);
        Backward.Rethrow();
        Assert.True(answer.equal(apart[0]).all().ToBoolean());
        Assert.True(together.grad!.equal(cat([.. apart[1..]], -1)).all().ToBoolean());
    }

    [Fact]
    public void ACheckpointOverItGivesTheSame()
    {
        using var scope = NewDisposeScope();
        var (leaves, upstream) = Inputs(2, 2, 2, 300, 300, 8, ScalarType.Float32);
        Tensor Block(Tensor[] x) => Attention.ByProducts(x[0], x[1], x[2], null, AttentionPlan.Of(x[0], x[1], 2, 2, true));
        var plain = Gradients(leaves, upstream, (q, k, v) => Block([q, k, v]));
        var again = Gradients(leaves, upstream, (q, k, v) => Checkpoint.Run(Block, q, k, v));
        foreach (var (one, other) in plain.Zip(again)) Assert.True(one.equal(other).all().ToBoolean());
    }

    [Fact]
    public void ATrainedMaskGetsItsGradient()
    {
        using var scope = NewDisposeScope();
        var (leaves, _) = Inputs(2, 2, 2, 256, 256, 8, ScalarType.BFloat16);
        var bias = zeros(1, 2, 256, 256, ScalarType.BFloat16, requires_grad: true);
        Attention.Run(leaves[0].requires_grad_(), leaves[1], leaves[2], 2, bias).sum().backward();
        Backward.Rethrow();
        Assert.True(bias.grad!.abs().sum().ToDouble() > 0);
    }

    [Fact]
    public void AGroupsScoresStayWithinFourMegabytes()
    {
        foreach (var (tokens, keys, heads) in new[] { (256L, 256L, 12L), (1024, 77, 8), (4096, 4096, 8), (8192, 8192, 7), (16384, 16384, 1) })
            foreach (bool causal in new[] { false, tokens == keys })
            {
                using var scope = NewDisposeScope();
                Tensor q = empty(3, tokens, heads * 8, ScalarType.BFloat16), k = empty(3, keys, heads * 8, ScalarType.BFloat16);
                var plan = AttentionPlan.Of(q, k, heads, heads, causal);
                Assert.InRange(plan.Batches * plan.KeyHeadsAtOnce * plan.Rows * plan.PaddedKeys * 2, 1, 4 << 20);
                Assert.True(plan.PaddedKeys >= keys && 3 % plan.Batches == 0 && heads % plan.KeyHeadsAtOnce == 0);
            }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16, 1, 8, 32, false, true, true)]       // 8,192 scores
    [InlineData(ScalarType.BFloat16, 1, 7, 32, false, true, false)]
    [InlineData(ScalarType.BFloat16, 1, 16, 64, false, false, true)]     // 65,536 without a way back
    [InlineData(ScalarType.BFloat16, 1, 15, 64, false, false, false)]
    [InlineData(ScalarType.Float32, 1, 2, 512, true, true, true)]
    [InlineData(ScalarType.Float32, 1, 2, 511, true, true, false)]
    [InlineData(ScalarType.Float32, 1, 2, 768, true, false, true)]
    [InlineData(ScalarType.Float32, 1, 2, 769, true, true, false)]
    [InlineData(ScalarType.Float32, 1, 2, 1024, false, true, false)]
    [InlineData(ScalarType.Float16, 1, 8, 256, false, true, false)]
    public void TheRoadIsChosenByShape(ScalarType dtype, long batch, long heads, long tokens, bool causal, bool backward, bool products)
    {
        using var scope = NewDisposeScope();
        var q = empty(batch, tokens, heads * 8, dtype);
        bool can = dtype != ScalarType.BFloat16 || Processor.Current.MultipliesBFloat16;
        Assert.Equal(products && can, AttentionPlan.IsFaster(q, q, heads, causal, backward));
    }

    [Fact]
    public void WrongSizesAreToldNotFatal()
    {
        using var scope = NewDisposeScope();
        Tensor q = ones(2, 5, 12), k = ones(2, 7, 6);
        Assert.Equal([2, 5, 12], Attention.Run(q, k, k, 4, keyHeads: 2).shape);
        Assert.Contains("(2, 7, 6)", Assert.Throws<ShapeException>(() => Attention.Run(q, k, k, 4)).Message);
        Assert.Throws<ShapeException>(() => Attention.Run(q, q, q, 5));
        Assert.Throws<ShapeException>(() => Attention.Run(q, q, q, 0));
        Assert.Throws<ShapeException>(() => Attention.Run(q, k, ones(2, 6, 6), 4, keyHeads: 2));
        Assert.Throws<ShapeException>(() => Attention.Run(q, q, q, 4, ones(3, 5)));
        var wider = q.to(ScalarType.BFloat16);
        Assert.Contains("BFloat16", Assert.Throws<LowrankException>(() => Attention.Run(q, wider, q, 4)).Message);
        Assert.Contains("Int64", Assert.Throws<LowrankException>(() => Attention.Run(q, q, q, 4, ones(5, 5, ScalarType.Int64))).Message);
    }

    [Theory, InlineData(ScalarType.Float32), InlineData(ScalarType.BFloat16)]
    public void WhatIsChangedInPlaceMeanwhileIsTold(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (leaves, _) = Inputs(1, 2, 2, 512, 512, 8, dtype);
        var h = leaves[0].requires_grad_() * 1;
        var answer = Attention.ByProducts(h, leaves[1], leaves[2], null, AttentionPlan.Of(h, leaves[1], 2, 2, true));
        h.add_(answer).sum().backward();
        Assert.Contains("changed in place", Assert.Throws<LowrankException>(Backward.Rethrow).Message);
    }

    [Theory, InlineData(ScalarType.Float32), InlineData(ScalarType.BFloat16), InlineData(ScalarType.Float64)]
    public void AMaskOfAnotherDtypeIsTheSameMask(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (bool causal in new[] { false, true })
            foreach (long tokens in new[] { 16L, 128, 512 })
            {
                var (leaves, upstream) = Inputs(1, 2, 2, tokens, tokens, 8, dtype);
                var lowest = zeros(tokens, tokens);
                lowest.select(1, 3).fill_(float.MinValue);   // where a whole row has it, libtorch's own gradients are wrong
                foreach (var mask in new[] { randn(tokens, tokens), randn(tokens), lowest, zeros([]) })
                {
                    var got = Gradients(leaves, upstream, (q, k, v) => Attention.Run(q, k, v, 2, mask, causal));
                    AssertFormula(got, leaves, upstream, 2, 2, causal, mask, dtype == ScalarType.Float64 ? ScalarType.Float32 : dtype);
                }
            }
    }

    [Fact]
    public void NothingGivesNothing()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var none = empty(0, 512, 16, dtype);
            Assert.Equal([0, 512, 16], Attention.Run(none, none, none, 2, causal: true).shape);
        }
    }

    [Fact]
    public void TheKernelsRoadLeavesNothingBehind()
    {
        using var x = randn(1, 64, 16);
        using var mask = ones(64, 64, ScalarType.Bool);
        long before = LeakGuard.Live;
        Attention.Run(x, x, x, 2, mask, causal: true).Dispose();
        Assert.Equal(before, LeakGuard.Live);
    }

    static (Tensor[] Leaves, Tensor Upstream) Inputs(
        long batch, long heads, long keyHeads, long tokens, long keys, long width, ScalarType dtype)
    {
        random.manual_seed(3);
        Tensor Values(long count, long channels) => randn(batch, count, channels).to(dtype);
        Tensor[] leaves = [Values(tokens, heads * width), Values(keys, keyHeads * width), Values(keys, keyHeads * width)];
        return (leaves, Values(tokens, heads * width));
    }

    static Tensor? Mask(string kind, long batch, long heads, long tokens, long keys)
    {
        var kept = rand(tokens, keys).gt(0.3);
        kept.select(1, 0).fill_(true);
        switch (kind)
        {
            case "none": return null;
            case "bool": return kept;
            case "float": return randn(batch, 1, tokens, keys);
            case "heads": return randn(heads, 1, keys);
            case "blind": kept.select(0, 3).fill_(false); return kept;
            default:   // the second row's first 20 keys are no words, nor the tokens themselves
                var seen = ones(batch, 1, 1, keys, ScalarType.Bool);
                seen[1, TensorIndex.Ellipsis, ..20] = false;
                return seen;
        }
    }

    // The answer, then the gradients of q, k and v.
    static Tensor[] Gradients(Tensor[] start, Tensor upstream, Func<Tensor, Tensor, Tensor, Tensor> run)
    {
        Tensor[] leaves = [.. start.Select(t => t.detach().clone().requires_grad_())];
        var answer = run(leaves[0], leaves[1], leaves[2]);
        answer.backward([upstream]);
        Backward.Rethrow();
        Backward.Release();
        return [answer.detach(), .. leaves.Select(l => l.grad!)];
    }

    // Norms of the difference within 1e-5 in float32, 1/64 in bfloat16 (its scores are rounded before the softmax), of float64's.
    static void AssertFormula(
        Tensor[] got, Tensor[] leaves, Tensor upstream, long heads, long keyHeads, bool causal, Tensor? mask, ScalarType dtype)
    {
        Tensor[] exact = [.. leaves.Select(leaf => leaf.to(ScalarType.Float64))];
        var want = Gradients(exact, upstream.to(ScalarType.Float64), (q, k, v) => Formula(q, k, v, heads, keyHeads, causal, mask));
        for (int i = 0; i < want.Length; i++) AssertNear(want[i], got[i], dtype == ScalarType.Float32 ? 1e-5 : 1.0 / 64);
    }

    static void AssertNear(Tensor want, Tensor got, double tolerance)
    {
        double size = want.to(ScalarType.Float64).norm().ToDouble();
        double off = (got.to(ScalarType.Float64) - want.to(ScalarType.Float64)).norm().ToDouble();
        Assert.True(off <= tolerance * size, $"off by {off / size:e2} of {size}");
    }

    static Tensor Formula(Tensor q, Tensor k, Tensor v, long heads, long keyHeads, bool causal, Tensor? mask)
    {
        long batch = q.shape[0], tokens = q.shape[1], keys = k.shape[1], width = q.shape[2] / heads;
        Tensor Split(Tensor x, long parts) => x.view(batch, x.shape[1], parts, width).transpose(1, 2);
        Tensor Shared(Tensor x) => Split(x, keyHeads).repeat_interleave(heads / keyHeads, 1);
        var scores = Split(q, heads).matmul(Shared(k).transpose(-1, -2)) / Math.Sqrt(width);
        if (mask is not null)
            scores += mask.dtype == ScalarType.Bool
                ? zeros(mask.shape, ScalarType.Float64).masked_fill(mask.logical_not(), double.NegativeInfinity)
                : mask.to(ScalarType.Float64);
        if (causal) scores = scores.masked_fill(ones(tokens, keys, ScalarType.Bool).triu(1), double.NegativeInfinity);
        var blind = scores.isneginf().all(-1, keepdim: true);
        var weights = scores.masked_fill(blind, 0).softmax(-1).masked_fill(blind, 0);
        return weights.matmul(Shared(v)).transpose(1, 2).reshape(q.shape);
    }
}
