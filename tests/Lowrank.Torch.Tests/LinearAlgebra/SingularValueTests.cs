namespace Lowrank.Torch.Tests;

/// <summary>Decompositions of matrices and of products, full and randomised.</summary>
public class SingularValueTests
{
    readonly Generator generator = new(5);

    [Theory, InlineData(9, 7, 3), InlineData(30, 41, 8), InlineData(5, 20, 9), InlineData(20, 5, 9)]
    public void TheProductOfFactorsIsDecomposedWithoutBuildingIt(int rows, int columns, int rank)
    {
        using var scope = NewDisposeScope();
        Tensor up = randn(rows, rank, generator: generator), down = randn(rank, columns, generator: generator);
        var product = up.mm(down);
        var (thin, full) = (TruncatedSvd.OfProduct(up, down), TruncatedSvd.Full(product));

        Assert.Equal(full.Spectrum.Length, thin.Spectrum.Length);
        Assert.True(thin.Spectrum.IsComplete);
        for (int i = 0; i < full.Spectrum.Length; i++) Assert.Equal(full.Spectrum.Values[i], thin.Spectrum.Values[i], 1e-4);
        Close(product, Built(thin));
        Close(Built(full.Truncate(2)), Built(thin.Truncate(2)));
        Close(eye(thin.Rank), thin.Left.t().mm(thin.Left));
        Close(eye(thin.Rank), thin.Right.mm(thin.Right.t()));
    }

    [Fact]
    public void WhatTermsLeaveOutIsTheError()
    {
        using var scope = NewDisposeScope();
        var matrix = randn(40, 30, generator: generator);
        var some = TruncatedSvd.Full(matrix).Truncate(7);
        Assert.Equal((matrix - Built(some)).norm().ToDouble(), some.Error, 1e-3);
        Assert.Equal(matrix.norm().ToDouble(), some.Spectrum.Norm, 1e-3);
    }

    [Fact]
    public void TheLargestEntryOfEachRightVectorIsPositive()
    {
        using var scope = NewDisposeScope();
        var right = TruncatedSvd.Full(randn(12, 9, generator: generator)).Right;
        Assert.True((right.max(1).values >= -right.min(1).values).all().ToBoolean());
    }

    /// <summary>Spectra that fall fast and slowly, flat ones, one with a cliff at the rank, one of noise, and one far below float32's rounding of the first value.</summary>
    public static TheoryData<string, int, int, int> Spectra => new()
    {
        { "fast", 300, 260, 16 }, { "slow", 300, 260, 16 }, { "slow", 200, 400, 32 }, { "flat", 260, 300, 16 }, { "cliff", 300, 260, 16 },
        { "noise", 400, 300, 32 }, { "tiny tail", 300, 260, 16 }, { "rounded", 320, 320, 8 },
    };

    [Theory, MemberData(nameof(Spectra))]
    public void TheRandomisedErrorIsWithinOnePercentOfTheBest(string spectrum, int rows, int columns, int rank)
    {
        using var scope = NewDisposeScope();
        var matrix = Matrix(spectrum, rows, columns, rank);
        var wide = matrix.to(ScalarType.Float64);
        double best = TruncatedSvd.Full(wide).Truncate(rank).Error;
        for (int seed = 0; seed < 5; seed++)
        {
            var found = RandomizedSvd.Of(matrix, rank, seed: seed);
            double error = (wide - Built(found).to(ScalarType.Float64)).norm().ToDouble();
            Assert.Equal(rank, found.Rank);
            Assert.True(error <= 1.01 * best + 1e-6 * wide.norm().ToDouble(), $"{spectrum}: the error is {error:g6}, the best {best:g6}");
            Assert.True(Math.Abs(found.Error - error) <= 0.01 * error + 1e-6 * wide.norm().ToDouble(), $"{spectrum}: the error is {error:g6}, and was told as {found.Error:g6}");
        }
    }

    [Fact]
    public void AMatrixOfLowRankIsRecovered()
    {
        using var scope = NewDisposeScope();
        var matrix = randn(200, 8, generator: generator).mm(randn(8, 150, generator: generator));
        Close(matrix, Built(RandomizedSvd.Of(matrix, 8)));
        Close(matrix, Built(RandomizedSvd.Of(matrix, RankRule.Energy(0.9999999))));
    }

    [Fact]
    public void RandomisedAndFullAgreeOnTheRankThatARuleAsksFor()
    {
        using var scope = NewDisposeScope();
        var matrix = Matrix("slow", 500, 400, 0);
        var full = TruncatedSvd.Full(matrix).Spectrum;
        RankRule[] rules = [RankRule.Energy(0.8), RankRule.Threshold(0.05), RankRule.Ratio(0.03), RankRule.KohyaFrobenius(0.9), RankRule.KohyaRatio(20), RankRule.Quantile(0.5),
            RankRule.KohyaCumulative(0.5), RankRule.Energy(0.99) with { Most = 12 }, RankRule.Fixed(7), RankRule.Fixed(390)];
        foreach (var rule in rules)
        {
            int got = RandomizedSvd.Of(matrix, rule).Rank, want = rule.Choose(full)!.Value;
            Assert.True(Math.Abs(got - want) <= 1, $"{rule}: {got} for {want}");
        }
    }

    [Fact]
    public void TheSameSeedGivesTheSameBits()
    {
        using var scope = NewDisposeScope();
        var matrix = randn(200, 150, generator: generator);
        Assert.Equal(RandomizedSvd.Of(matrix, 6, seed: 3).Left.data<float>(), RandomizedSvd.Of(matrix, 6, seed: 3).Left.data<float>());
    }

    [Fact]
    public void NothingLeaks()
    {
        using var matrix = randn(200, 150);
        LeakGuard.NoTensorLeaks(() =>
        {
            using var scope = NewDisposeScope();
            RandomizedSvd.Of(matrix, 6);
            TruncatedSvd.Full(matrix);
            TruncatedSvd.OfProduct(matrix, matrix.t());
            Quantiles.Of(matrix, 0.3);
        });
    }

    [Fact]
    public void ValuesThatAreNotFiniteAreRefused()
    {
        using var scope = NewDisposeScope();
        var matrix = full(30, 30, float.NaN);
        Assert.Contains("not finite", Assert.Throws<LowrankException>(() => TruncatedSvd.Full(matrix)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<LowrankException>(() => RandomizedSvd.Of(matrix, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("not finite", Assert.Throws<LowrankException>(() => TruncatedSvd.OfProduct(matrix, matrix)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AQuantileIsTorchs()
    {
        using var scope = NewDisposeScope();
        var values = randn(13, 17, generator: generator);
        foreach (double share in new[] { 0, 0.3, 0.5, 0.95, 0.99, 1 })
            Assert.Equal(quantile(values, tensor((float)share)).ToDouble(), Quantiles.Of(values, share), 1e-5);
    }

    Tensor Matrix(string spectrum, int rows, int columns, int rank)
    {
        int length = Math.Min(rows, columns);
        if (spectrum == "noise") return randn(rows, columns, generator: generator);
        var i = arange(length, dtype: ScalarType.Float64);
        var values = spectrum switch
        {
            "fast" => exp(-0.3 * i),
            "slow" => 1 / (1 + i),
            "flat" => ones(length, dtype: ScalarType.Float64),
            "cliff" => where(i < rank, 1.0, 0.1),
            "tiny tail" => where(i < 1, 1.0, 1e-5),
            "rounded" => exp(-0.1 * i),
            _ => throw new ArgumentException(spectrum),
        };
        var (left, _) = linalg.qr(randn(rows, length, dtype: ScalarType.Float64, generator: generator));
        var (right, _) = linalg.qr(randn(columns, length, dtype: ScalarType.Float64, generator: generator));
        var matrix = (left * values).mm(right.t()).to(ScalarType.Float32);
        // What a tuned model stored in half precision adds to every change: rounding noise.
        return spectrum == "rounded" ? (matrix + 1).to(ScalarType.BFloat16).to(ScalarType.Float32) - 1 : matrix;
    }

    static Tensor Built(TruncatedSvd svd) => svd.Factors is var (up, down) ? up.mm(down) : throw new InvalidOperationException();

    static void Close(Tensor want, Tensor got) =>
        Assert.True((want - got).abs().max().ToDouble() <= 2e-5 * Math.Max(1, want.abs().max().ToDouble()), $"differs by {(want - got).abs().max().ToDouble():g3}");
}
