using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Long prompts are encoded in pieces of 75 tokens whose states follow each other.</summary>
public sealed class PromptPiecesTests : IDisposable
{
    readonly StableDiffusion model = StableDiffusion.Load(
        Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "training", "diffusion", "tiny-sd"), Lowrank.Torch.Layers.Storage.Default);

    static string Words(int count, string last) => string.Join(' ', Enumerable.Repeat("a", count - 1).Append(last));

    [Fact]
    public void TheFirstPieceIsThatOfTheBeginningAloneAndTheSecondThatOfTheRest()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        string first = Words(75, "cat"), rest = Words(5, "dog");
        var both = PromptEncoder.Encode(model, [$"{first} {rest}"], pieces: 2).Context;
        Assert.Equal(2 * 77, both.shape[1]);
        Assert.True(both[.., ..77].allclose(PromptEncoder.Encode(model, [first]).Context, 1e-5, 1e-6));
        Assert.True(both[.., 77..].allclose(PromptEncoder.Encode(model, [rest]).Context, 1e-5, 1e-6));
    }

    [Fact]
    public void APromptBesideALongerOneGetsAnEmptyPieceBehindIt()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var rows = PromptEncoder.Encode(model, ["a cat", Words(80, "dog")], pieces: 2).Context;
        Assert.True(rows[0, ..77].allclose(PromptEncoder.Encode(model, ["a cat"]).Context[0], 1e-5, 1e-6));
        Assert.True(rows[0, 77..].allclose(PromptEncoder.Encode(model, [""]).Context[0], 1e-5, 1e-6));
    }

    [Fact]
    public void TextsThatDifferBehindTheLimitAreEncodedAlikeInOnePieceAndOtherwiseInTwo()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        string[] texts = [Words(90, "cat"), Words(90, "dog")];
        var cut = PromptEncoder.Encode(model, texts).Context;
        Assert.True(cut[0].Equals(cut[1]));
        var whole = PromptEncoder.Encode(model, texts, pieces: 2).Context;
        Assert.False(whole[0].allclose(whole[1]));
    }

    [Theory, InlineData(10, 225, 1), InlineData(75, 225, 1), InlineData(76, 225, 2), InlineData(151, 225, 3), InlineData(400, 225, 3), InlineData(400, 75, 1), InlineData(0, 75, 1)]
    public void ATextTakesAsManyPiecesAsItNeedsUpToTheMost(int words, int most, int pieces) =>
        Assert.Equal(pieces, PromptLength.Pieces(model, words == 0 ? [] : [Words(words, "cat")], most));

    [Fact]
    public void WhereATextIsCutIsToldByItsWords()
    {
        Assert.Null(PromptLength.CutIn(model, Words(75, "cat"), 75));
        Assert.Equal("80 tokens, cut behind \"... a a a cat\"", PromptLength.CutIn(model, $"{Words(75, "cat")} {Words(5, "dog")}", 75));
    }

    public void Dispose() => model.Dispose();
}
