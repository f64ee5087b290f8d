namespace Lowrank.Torch.Tests.Kernels;

/// <summary>What is done to the few rows of one token: each kernel beside the same in float64.</summary>
public class RowKernelTests
{
    public static bool Unsupported => !Lanes.AreSupported;

    // One token and four, outputs that are no whole groups of four, few and many for two threads.
    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    [InlineData(1, 32, 7, false), InlineData(4, 96, 64, true), InlineData(3, 576, 1537, true), InlineData(2, 64, 4, false), InlineData(8, 48, 70, true), InlineData(5, 16, 6, false)]
    public void AProductOfFewRowsEqualsTheOneInFloat64(int tokens, int inputs, int outputs, bool hasBias) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var weight = randn(outputs, inputs).to(ScalarType.BFloat16);
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var (x, bias) = (randn(1, tokens, inputs).to(dtype), hasBias ? randn(outputs).to(dtype) : null);
            Assert.True(RowProduct.Suits(x, weight, bias));
            var got = RowProduct.Run(x, weight, bias);
            Assert.Equal(dtype, got.dtype);
            var want = nn.functional.linear(Wide(x), Wide(weight), bias is null ? null : Wide(bias));
            AssertNear(want, got, dtype == ScalarType.Float32 ? 1e-5 : 1.0 / 256);
        }
    });

    // In whichever company: an answer that hung on its neighbours would make a text another in a batch.
    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void ARowsProductIsTheSameBitsHoweverManyThereAre() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (all, bias) = (randn(TokenRows.Most, 176), randn(70));
        foreach (var weight in new[] { randn(70, 176).to(ScalarType.BFloat16), randn(71, 176).to(ScalarType.BFloat16) })
        {
            var added = weight.shape[0] == 70 ? bias : null;
            var alone = cat([.. all.split(1).Select(row => RowProduct.Run(row, weight, added))]);
            for (int count = 2; count <= TokenRows.Most; count++)
                Assert.True(RowProduct.Run(all[..count], weight, added).equal(alone[..count]).all().ToBoolean(), $"{count} rows");
        }
    });

    [Fact]
    public void WhatIsRecordedGoesByLibtorch()
    {
        using var scope = NewDisposeScope();
        var weight = randn(8, 32).to(ScalarType.BFloat16);
        Assert.False(RowProduct.Suits(randn(1, 32, requires_grad: true), weight, null));
        Assert.False(RowNorm.Suits(randn(1, 16, requires_grad: true), ones(16)));
        Assert.False(RowTurn.Suits(randn([1, 1, 2, 16], requires_grad: true), ones(1, 1, 1, 8), ones(1, 1, 1, 8)));
        Assert.False(RowProduct.Suits(randn(9, 32), weight, null));
        Assert.False(RowProduct.Suits(randn(1, 31), weight, null));
    }

    [Theory(Skip = "no AVX-512", SkipWhen = nameof(Unsupported)), InlineData(0.0), InlineData(1.0)]
    public void ANormOfFewRowsEqualsTheOneInFloat64(double offset) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var (x, weight) = ((randn(2, 3, 48) * 3).to(dtype), randn(48).to(dtype));
            Assert.True(RowNorm.Suits(x, weight));
            var want = Wide(x) * (Wide(x).square().mean([-1], keepdim: true) + 1e-3).rsqrt() * (Wide(weight) + offset);
            AssertNear(want, RowNorm.Run(x, weight, 1e-3, offset), dtype == ScalarType.Float32 ? 1e-6 : 1.0 / 128);
        }
    });

    [Theory, InlineData(true, 1), InlineData(false, 2)]
    public void ATurnOfFewHeadsEqualsTheOneOfOperators(bool inPairs, int rows) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var angles = randn(rows, 3, 1, 5);
        var (cos, sin) = (angles.cos(), angles.sin());
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            var x = randn(2, 3, 4, 14).to(dtype);
            Assert.True(RowTurn.Suits(x, cos, sin));
            var want = inPairs ? AtenOperators.TurnPairs(x, cos, sin) : AtenOperators.TurnHalves(x, cos, sin);
            AssertNear(Wide(want), RowTurn.Run(x, cos, sin, inPairs), dtype == ScalarType.Float32 ? 1e-6 : 1.0 / 128);
        }
    });

    // What broadcasts would be read beyond its end.
    [Fact]
    public void AnglesAndABiasThatBroadcastAreLeftToLibtorch() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (x, cos) = (randn(1, 3, 2, 16), randn(1, 3, 1, 8));
        foreach (var sin in new[] { randn(1, 1, 1, 8), randn(1, 3, 1, 8).to(ScalarType.BFloat16), randn(1, 3, 1, 1) })
        {
            Assert.False(RowTurn.Suits(x, cos, sin));
            AssertNear(Wide(AtenOperators.TurnHalves(x, cos, sin)), RotaryTurn.Run(x, cos, sin), 1e-6);
        }
        using TokenRows rows = new(2, 16);
        Assert.Throws<ShapeException>(() => rows.Turn(1, randn(2, 1, 1, 4), randn(1, 1, 1, 8), false));
        var weight = randn(8, 32).to(ScalarType.BFloat16);
        Assert.False(RowProduct.Suits(randn(1, 32), weight, randn(1)));
        Assert.False(RowProduct.Suits(randn(1, 32), weight, randn(1, 8)));
    });

    [Fact(Skip = "no AVX-512", SkipWhen = nameof(Unsupported))]
    public void ANormOfNarrowRowsRoundsItsWeightAsTheNormOfManyDoes() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (randn(4, 48).to(ScalarType.BFloat16), randn(48));
        Assert.True(RowNorm.Suits(x, weight));
        var rounded = RowNorm.Run(x, weight.to(ScalarType.BFloat16), 1e-5, 0);
        Assert.True(rounded.equal(RowNorm.Run(x, weight, 1e-5, 0)).all().ToBoolean());
        AssertNear(Wide(AtenOperators.RmsNormRounded(x, weight.to(ScalarType.BFloat16), 1e-5)), rounded, 1.0 / 256);
    });

    static Tensor Wide(Tensor x) => x.to(ScalarType.Float64);

    static void AssertNear(Tensor want, Tensor got, double share)
    {
        Assert.Equal(want.shape, got.shape);
        double off = (want - Wide(got)).abs().max().ToDouble(), most = share * Math.Max(1, want.abs().max().ToDouble());
        Assert.True(off <= most, $"off by {off}, and {most} is allowed");
    }
}
