namespace Lowrank.Formats.Tests;

/// <summary>Names as GGUF files tell them to people.</summary>
public class GgufTitleTests
{
    [Theory]
    [InlineData("llama-qkvo", "Llama Qkvo")]
    [InlineData("gpt2-c_attn", "Gpt2 C_Attn")]
    [InlineData("Tiny-0.5B-Chat", "Tiny 0.5B Chat")]
    [InlineData("mistral-7b-instruct-v0.2", "Mistral 7b Instruct v0.2")]
    [InlineData("someone", "Someone")]
    public void WordsOfSmallLettersBeginWithACapital(string name, string title) => Assert.Equal(title, GgufTitle.Of(name));
}
