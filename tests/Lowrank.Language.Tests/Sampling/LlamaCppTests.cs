namespace Lowrank.Language.Tests;

/// <summary>llama.cpp's chain on larger vocabularies.</summary>
public class LlamaCppTests
{
    [Fact]
    public void TheDefaultChainChoosesOfTheFortyLikeliest()
    {
        var random = new Random(3);
        float[] logits = [.. Enumerable.Range(0, 4000).Select(_ => (float)(random.NextDouble() * 10))];
        var likeliest = Enumerable.Range(0, 4000).OrderByDescending(id => logits[id]).Take(40).ToHashSet();
        var sampler = new LlamaCppSampler(LlamaCppChain.Of(new(), seed: 4));
        var written = new List<int>();
        for (int i = 0; i < 20; i++) written.Add(sampler.Next(new([.. written], 0), [.. logits]));
        Assert.All(written, token => Assert.Contains(token, likeliest));
        Assert.True(written.Distinct().Count() > 1);
    }

    [Fact]
    public void WhatIsLeftIsSortedAfterTopK()
    {
        var candidates = new Candidates([3, 1, 2, 5, 4]);
        new LlamaTopK(3).Apply(candidates);
        Assert.Equal([3, 4, 0], candidates.Ids.ToArray());
    }

    [Fact]
    public void TemperatureZeroTakesTheLikeliest() => Assert.Equal(
        2, new LlamaCppSampler(LlamaCppChain.Of(new() { Temperature = 0 }, seed: 1)).Next(new([], 0), [1, 2, 9, 3]));

    [Fact]
    public void DryWithBreakersWantsTheTokensTexts() => Assert.Contains("texts",
        Assert.Throws<LowrankException>(() => LlamaCppChain.Of(new() { DryMultiplier = 1 }, seed: 1)).Message);
}
