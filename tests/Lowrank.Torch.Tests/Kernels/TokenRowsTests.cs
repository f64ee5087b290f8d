
namespace Lowrank.Torch.Tests.Kernels;

/// <summary>Layers that are run on the states of few tokens, beside the same by a call.</summary>
public class TokenRowsTests
{
    public static bool Unsupported => !Lanes.AreSupported;

    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported)), InlineData(1), InlineData(4), InlineData(7)]
    public void LayersAnswerAsByACall(int tokens) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var x = randn(tokens, 1, 48);
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
            foreach (int outputs in new[] { 70, 3 })   // of three rows no kernel takes a weight
            {
                var storage = new Layers.Storage(dtype);
                using Linear one = new(48, outputs, true, storage), other = new(48, 64, false, storage);
                foreach (var weight in one.parameters().Concat(other.parameters())) weight.copy_(randn(weight.shape));
                using TokenRows given = new(tokens, 48), first = new(tokens, outputs), second = new(tokens, 64);
                given.Take(x);
                Linear.Run(given, dtype, (one, first), (other, second));
                double share = dtype == ScalarType.Float32 || outputs > 3 ? 1e-5 : 1.0 / 64;
                AssertNear(one.Run(x, one.Weight.Dense().to(ScalarType.Float32), one.Bias!.to(ScalarType.Float32)), first, share);
                AssertNear(other.Run(x, other.Weight.Dense().to(ScalarType.Float32), null), second, 1e-5);
            }
        using var norm = new RmsNorm(48);
        norm.Weight.Dense().copy_(randn(48));
        using TokenRows states = new(tokens, 48), normed = new(tokens, 48);
        states.Take(x);
        norm.Run(states, normed, ScalarType.Float32);
        AssertNear(norm.call(x), normed, 1e-5);
        states.Gate(normed);
        AssertNear(nn.functional.silu(x) * norm.call(x), states, 1e-5);
    });

    // Ranks that fill no vector, outputs that are no whole groups of four, few and many for two threads.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported)), InlineData(1, 5, 70), InlineData(8, 37, 1539), InlineData(3, 16, 5)]
    public void ThinFactorsAreAddedInTheSamePass(int tokens, int ranks, int outputs) => LeakGuard.NoTensorLeaks(() =>
    {
        const int Inputs = 208;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var x = randn(tokens, 1, Inputs);
        using Linear one = new(Inputs, outputs, true, new Layers.Storage(ScalarType.BFloat16)), other = new(Inputs, 64, false);
        foreach (var weight in one.parameters().Concat(other.parameters())) weight.copy_(randn(weight.shape));
        var thin = new ThinRows[] { new(randn(ranks, Inputs), randn(outputs, ranks), 0.5), new(randn(4, Inputs), randn(outputs, 4), -2) };
        Assert.True(thin.All(branch => branch.Suit(Inputs, outputs)));
        one.Host = new ThinHost(thin);
        using TokenRows given = new(tokens, Inputs), first = new(tokens, outputs), second = new(tokens, 64);
        given.Take(x);
        Linear.Run(given, ScalarType.Float32, (one, first), (other, second));
        var wide = x.to(ScalarType.Float64);
        var want = wide.matmul(one.Weight.Dense().to(ScalarType.Float64).t()) + one.Bias!;
        foreach (var (down, up, scale) in thin)
            want = want + wide.matmul(down.to(ScalarType.Float64).t()).matmul(up.to(ScalarType.Float64).t()) * scale;
        AssertNear(want.to(ScalarType.Float32), first, 1e-5);
        AssertNear(other.Run(x), second, 1e-5);
    });

    sealed class ThinHost(ThinRows[] thin) : IAdapterHost, IRowBranch
    {
        public Tensor Forward(Tensor x, IAdaptable layer) => throw new InvalidOperationException("asked for a tensor");

        public IRowBranch BranchOf(IAdaptable layer, ScalarType dtype) => this;

        public ThinRows[] Begin() => thin;
    }

    [Fact]
    public void FactorsThatLieOtherwiseAreNotReadWhereTheyLie()
    {
        using var scope = NewDisposeScope();
        Assert.True(new ThinRows(zeros(4, 32), zeros(8, 4), 1).Suit(32, 8));
        Assert.False(new ThinRows(zeros(4, 32), zeros(4, 8).t(), 1).Suit(32, 8));
        Assert.False(new ThinRows(zeros(4, 32), zeros(8, 4), 1).Suit(32, 9));
        Assert.False(new ThinRows(zeros(4, 30), zeros(8, 4), 1).Suit(30, 8));
        Assert.False(new ThinRows(zeros([4, 32], ScalarType.BFloat16), zeros(8, 4), 1).Suit(32, 8));
    }

    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported)), InlineData(true, 32, 6), InlineData(false, 80, 37)]
    public void ATokenAttendsToThoseBeforeItAsWrittenOut(bool hasMask, int width, int before) => LeakGuard.NoTensorLeaks(() =>
    {
        const int Rows = 3, Heads = 6, KeyHeads = 2;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var (keys, values) = (randn(Rows, before + 5, KeyHeads, width).to(dtype), randn(Rows, before + 5, KeyHeads, width).to(dtype));
            using TokenRows query = new(Rows, Heads * width), key = new(Rows, KeyHeads * width), value = new(Rows, KeyHeads * width);
            var (q, k, v) = (randn(Rows, Heads, 1, width), randn(Rows, KeyHeads, width), randn(Rows, KeyHeads, width));
            query.Take(q);
            key.Take(k);
            value.Take(v);
            var mask = hasMask ? arange(before + 1).unsqueeze(0).ge(arange(Rows).unsqueeze(1)) : null;   // row i lacks its first i
            RowAttention.Run(query, key, value, (keys, values), before, 0.25, mask, query);
            Assert.Equal(0, (keys.select(1, before) - k.to(dtype)).abs().max().ToDouble());
            Assert.Equal(0, (values.select(1, before) - v.to(dtype)).abs().max().ToDouble());
            var seenKeys = Spread(keys);
            var scores = q.matmul(seenKeys.transpose(-1, -2)) * 0.25;
            if (mask is not null) scores = scores.masked_fill(mask.logical_not().view(Rows, 1, 1, -1), double.NegativeInfinity);
            AssertNear(scores.softmax(-1).matmul(Spread(values)), query, 1e-5);
        }

        Tensor Spread(Tensor held) => held.narrow(1, 0, before + 1).to(ScalarType.Float32).transpose(1, 2).repeat_interleave(Heads / KeyHeads, 1);
    });

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void ATokenThatSeesNothingGetsAnAverage() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (keys, values) = (randn(1, 8, 1, 16), randn(1, 8, 1, 16));
        using TokenRows query = new(1, 16), key = new(1, 16), value = new(1, 16);
        foreach (var rows in new[] { query, key, value }) rows.Take(randn(16));
        RowAttention.Run(query, key, value, (keys, values), 5, 0.25, zeros([1, 6], ScalarType.Bool), query);
        AssertNear(values.narrow(1, 0, 6).mean([1]), query, 1e-5);
    });

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void WhatDoesNotFitIsRefused()
    {
        using var scope = NewDisposeScope();
        using TokenRows two = new(2, 16), three = new(3, 16), wide = new(2, 32);
        using var layer = new Linear(16, 32);
        using var norm = new RmsNorm(32);
        Assert.Throws<LowrankException>(() => Linear.Run(two, ScalarType.Float32, (layer, wide)));   // it would be recorded
        using var grad = no_grad();
        two.Take(full([2, 16], 0.5, ScalarType.Float64));
        Assert.Equal(0.5, two.Told(ScalarType.Float32).mean().ToDouble());
        Assert.Throws<LowrankException>(() => two.Told(ScalarType.Float16));
        var held = (zeros(2, 8, 1, 16), zeros(2, 8, 1, 16));
        foreach (var act in new Action[]
        {
            () => two.Take(zeros(3, 16)), () => two.Add(three), () => two.Gate(wide), () => norm.Run(two, wide, ScalarType.Float32),
            () => Linear.Run(two, ScalarType.Float32, (layer, two)), () => Linear.Run(wide, ScalarType.Float32, (layer, wide)),
            () => two.Turn(1, zeros(3, 1, 1, 8), zeros(3, 1, 1, 8), false), () => two.Turn(1, zeros(1, 1, 1, 9), zeros(1, 1, 1, 9), false),
            () => RowAttention.Run(three, three, three, held, 0, 1, null, three),
            () => RowAttention.Run(two, two, two, held, 8, 1, null, two),
            () => RowAttention.Run(two, two, two, held, 2, 1, ones([2, 2], ScalarType.Bool), two),
        })
            Assert.Throws<ShapeException>(act);
    }

    static void AssertNear(Tensor want, TokenRows got, double share)
    {
        using var scope = NewDisposeScope();
        double off = (got.Told(ScalarType.Float32).reshape(want.shape) - want).abs().max().ToDouble(), largest = want.abs().max().ToDouble();
        Assert.True(off <= share * largest, $"off by {off}, of {largest}");
    }

    [Fact]
    public void AModuleWithAHookIsNotPassedBy()
    {
        using var layer = new Linear(4, 4);
        Assert.True(TokenRows.MayPass(layer));
        var hook = layer.register_forward_hook((_, _, answer) => answer);
        Assert.False(TokenRows.MayPass(layer));
        hook.remove();
        Assert.True(TokenRows.MayPass(layer));
    }
}
