using Lowrank.Formats;

namespace Lowrank.Language.Tests;

public class GgufTokenizerTests
{
    const string Keys = "tokenizer.ggml.";

    static GgufMetadata Metadata(params GgufEntry[] further)
    {
        GgufEntry[] plain =
        [
            new(Keys + "model", "llama"),
            new(Keys + "tokens", new GgufArray(["<unk>", "<s>", "</s>", "\u2581", "a", "\u2581a", "<|end|>", "<|im|>"])),
            new(Keys + "scores", GgufArray.Of<float>([0, 0, 0, -2, -3, -1, 0, 0])),
            new(Keys + "token_type", GgufArray.Of<int>([2, 3, 3, 1, 1, 1, 4, 4])),
        ];
        return new(plain.Where(entry => !further.Any(other => other.Key == entry.Key)).Concat(further));
    }

    [Fact]
    public void EveryStretchAfterAControlTokenGetsASpaceInFront()
    {
        var tokenizer = Tokenizers.FromGguf(Metadata()).Tokenizer;
        Assert.Equal([1, 5, 2, 5, 4], tokenizer.Encode("a</s>aa").Ids);
        Assert.Equal("<s> a</s> aa", tokenizer.Decode(tokenizer.Encode("a</s>aa").Ids, skipSpecials: false));
    }

    [Fact]
    public void ATokenThatEndsATurnIsControlWhateverTheFileSays()
    {
        var tokenizer = Tokenizers.FromGguf(Metadata()).Tokenizer;
        Assert.True(tokenizer.IsControl(6));
        Assert.False(tokenizer.IsControl(7));
        Assert.Equal([5, 7], tokenizer.Encode("a<|im|>", addSpecials: false, parseSpecials: false).Ids);
    }

    [Fact]
    public void TemplatesAreReadByTheirNames()
    {
        var loaded = Tokenizers.FromGguf(Metadata(new("tokenizer.chat_template", "1"), new("tokenizer.chat_templates", new GgufArray(["tool_use"])),
            new("tokenizer.chat_template.tool_use", "2")));
        Assert.Equal("1", loaded.ChatTemplates["default"]);
        Assert.Equal("2", loaded.ChatTemplates["tool_use"]);
        Assert.Equal("<s>", loaded.SpecialTexts["bos_token"]);
    }

    [Theory]
    [InlineData("model", "brain", "\"brain\"")]
    [InlineData("pre", "smolm", "smollm")]
    public void AWordThatIsNotKnownIsNamed(string key, string word, string named)
    {
        GgufEntry[] entries = key == "model" ? [new(Keys + key, word)] : [new(Keys + "model", "gpt2"), new(Keys + key, word)];
        Assert.Contains(named, Assert.Throws<LowrankException>(() => Tokenizers.FromGguf(Metadata(entries))).Message);
    }

    [Fact]
    public void ListsThatAreTooShortAreRefused() => Assert.Contains("token_type",
        Assert.Throws<LowrankException>(() => Tokenizers.FromGguf(Metadata(new GgufEntry(Keys + "token_type", GgufArray.Of<int>([1, 1]))))).Message);
}
