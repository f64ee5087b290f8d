namespace Lowrank.Language.Tests;

/// <summary>What GGUF files take from a folder whose files hold odd values.</summary>
public class TokenizerSourcesTests
{
    [Fact]
    public void ACountWithAPointIsWrittenAndAFractionNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["generation_config.json"], """{"top_k": 50.0, "penalty_last_n": 3.5, "temperature": 0.5}""");
        var sources = new TokenizerSources(folder.Path);
        var entries = GeneralEntries.Of(sources, 1000).ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal((50, 0.5f), (entries["general.sampling.top_k"], entries["general.sampling.temp"]));
        Assert.DoesNotContain("general.sampling.penalty_last_n", entries.Keys);
        Assert.Contains("penalty_last_n of generation_config.json is 3.5", Assert.Single(sources.Notes));
    }

    [Theory]
    [InlineData("""{"model": {"vocab": {"a": "x"}}}""", "\"x\""), InlineData("""{"model": {"vocab": {"a": 10}}}""", "the token 10")]
    [InlineData("""{"model": {"vocab": {}}, "added_tokens": [{"content": "a"}]}""", "without a number")]
    public void ATokenWithoutANumberOfTheModelsIsAFault(string json, string told)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tokenizer.json"], json);
        var sources = new TokenizerSources(folder.Path);
        Assert.Contains(told, Assert.Throws<LowrankException>(() => JsonVocabulary.Of(sources, 10)).Message);
    }

    [Fact]
    public void AMergeThatIsNoPairIsAFault()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tokenizer.json"], """{"model": {"merges": [["a", 1]]}}""");
        var sources = new TokenizerSources(folder.Path);
        Assert.Contains("the merge [\"a\", 1]", Assert.Throws<LowrankException>(() => JsonVocabulary.Merges(sources)).Message);
    }
}
