namespace Lowrank.Language.Tests;

/// <summary>Which tokens perplexity counts.</summary>
public class PerplexityTests
{
    [Theory, InlineData(1, 4, 2), InlineData(2, 4, 1), InlineData(17, 4, 4), InlineData(17, 4, 3), InlineData(23, 8, 1), InlineData(5, 8, 8)]
    public void EveryTokenAfterTheFirstIsCountedOnce(int tokens, int context, int stride)
    {
        var counted = Perplexity.Windows(tokens, context, stride)
            .SelectMany(window => Enumerable.Range(window.Start + window.FirstCounted, window.Length - window.FirstCounted)).ToList();
        Assert.Equal(Enumerable.Range(1, Math.Max(0, tokens - 1)), counted.Order());
    }

    [Fact]
    public void WindowsAreNoLongerThanTheContextAndSeeWhatIsBefore() => Assert.All(
        Perplexity.Windows(50, 8, 3), window => Assert.True(window.Length <= 8 && window.FirstCounted >= 1 && window.Start + window.Length <= 50));

    [Fact]
    public void EveryTokenWeighsTheSameHoweverTextsWereBatched()
    {
        var (one, other) = (new Perplexity(), new Perplexity());
        one.Add([-1, -2, -3]);
        one.Add([-5]);
        other.Add([-1]);
        other.Add([-2, -3, -5]);
        Assert.Equal(Math.Exp(11 / 4.0), one.Value, 1e-12);
        Assert.Equal(one.Value, other.Value);
    }

    [Fact]
    public void NoTokenIsAnError() => Assert.Contains("no token", Assert.Throws<LowrankException>(() => new Perplexity().Value).Message);

    [Fact]
    public void AStrideBeyondTheContextIsRefused() => Assert.Throws<LowrankException>(() => Perplexity.Windows(10, 4, 5));
}
