using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Laws of guidance besides the usual one.</summary>
public sealed class GuidanceFormulaTests
{
    readonly Generator generator = new(5);

    Tensor Some() => randn([2, 4, 8, 8], device: CPU, generator: generator);

    [Fact]
    public void RescalingByNothingIsTheUsualGuidance()
    {
        using var scope = NewDisposeScope();
        var (x, positive, negative) = (Some(), Some(), Some());
        var got = RescaledGuidance.Combine(x, 2.5, positive, negative, scale: 6, share: 0);
        Assert.True((negative + 6 * (positive - negative)).allclose(got, 1e-4, 1e-4));
    }

    [Fact]
    public void RescalingWhollyGivesThePromptsOwnContrastOfVelocities()
    {
        using var scope = NewDisposeScope();
        var (x, positive, negative) = (Some(), Some(), Some());
        const double sigma = 1.5;
        var got = RescaledGuidance.Combine(x, sigma, positive, negative, scale: 6, share: 1);
        Assert.True(Contrast(positive).allclose(Contrast(got), 1e-4, 1e-4));

        Tensor Contrast(Tensor clean) => (x / (sigma * sigma + 1) - clean).flatten(1).std(1);
    }

    [Fact]
    public void ANegativeThatPointsThePromptsWayIsNotLeftAtAll()
    {
        using var scope = NewDisposeScope();
        var (empty, way) = (Some(), Some());
        var got = PerpendicularNegative.Combine(empty + way, empty + 0.3 * way, empty, scale: 4, negativeScale: 1);
        Assert.True((empty + 4 * way).allclose(got, 1e-4, 1e-4));
    }

    [Fact]
    public void APictureOfOneColourIsBlurredToItself()
    {
        using var scope = NewDisposeScope();
        var clean = full([1, 4, 16, 8], 0.7, device: CPU);
        var scores = rand([1, 2, 2, 2], device: CPU, generator: generator);
        Assert.True(clean.allclose(SelfAttentionGuidance.Degraded(clean, scores, sigma: 2), 1e-5, 1e-5));
    }

    [Fact]
    public void ThePictureIsBlurredWhereMoreThanItsShareIsLookedAt()
    {
        using var scope = NewDisposeScope();
        var clean = randn([1, 1, 16, 8], device: CPU, generator: generator);
        var scores = tensor(new float[] { 0.9f, 0.1f, 0.8f, 0.2f }, device: CPU).view(1, 1, 2, 2);   // both look at the upper half
        var got = SelfAttentionGuidance.Degraded(clean, scores, sigma: 2);
        Assert.True(clean.narrow(2, 8, 8).allclose(got.narrow(2, 8, 8)));
        Assert.False(clean.narrow(2, 0, 8).allclose(got.narrow(2, 0, 8)));
    }

    [Fact]
    public void ScoresAreThoseOfAttention()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (Tokens(), Tokens(), Tokens());
        var scores = SelfAttentionGuidance.Scores(query, key, heads: 2);
        var answer = scores.matmul(value.view(1, 5, 2, 3).transpose(1, 2)).transpose(1, 2).reshape(1, 5, 6);
        Assert.True(new Lowrank.Models.SelfAttentionCall(0, query, key, value, 2).Answer().allclose(answer, 1e-5, 1e-5));

        Tensor Tokens() => randn([1, 5, 6], device: CPU, generator: generator);
    }

    [Fact]
    public void AttentionThatLooksAtItsOwnPlaceAnswersWithItsValues()
    {
        using var scope = NewDisposeScope();
        var value = ones(1, 2, 4, device: CPU);
        Assert.Same(value, PerturbedAttention.Identity(new(0, value * 2, value * 3, value, 1)));
        Assert.Equal(1 + 3 * (2 - 0.5), PerturbedAttention.Combine(ones(1, device: CPU), full([1], 2.0, dtype: ScalarType.Float32, device: CPU), full([1], 0.5, dtype: ScalarType.Float32, device: CPU), 3).item<float>(), 1e-5);
    }
}
