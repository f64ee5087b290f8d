using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Texts to what the network is told.</summary>
public sealed class PromptEncodingTests : IDisposable
{
    readonly StableDiffusion model = StableDiffusion.Load(
        Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);

    public void Dispose() => model.Dispose();

    static PromptEncoding[] All => [PromptEncoding.Plain, PromptEncoding.WebUi, PromptEncoding.Comfy];

    [Fact]
    public void APlainPromptIsTheSameToAllPrograms()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var plain = PromptEncoding.Plain.Encode(model, ["a red fox"]).Context;
        foreach (var encoding in All) Assert.True(plain.allclose(encoding.Encode(model, ["a red fox"]).Context, 1e-5, 1e-6));
    }

    [Fact]
    public void NothingIsLeftBehind()
    {
        _ = model.TextEncoder;
        foreach (var encoding in All)
        {
            LeakGuard.NoTensorLeaks(() =>
            {
                using var scope = NewDisposeScope();
                encoding.Encode(model, ["a (red:1.2) fox", "a [pen]"]);
            });
        }
    }

    [Fact]
    public void ChunksBeyondATextAreEmptyOnes()
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var one = PromptEncoding.WebUi.Encode(model, ["a (fox:1.2)"]).Context;
        var two = PromptEncoding.WebUi.Encode(model, ["a (fox:1.2)"], chunks: 2).Context;
        Assert.Equal([1, 154, one.shape[2]], two.shape);
        Assert.True(two[.., ..77].allclose(one, 1e-5, 1e-6));
        Assert.True(two[.., 77..].allclose(PromptEncoding.Plain.Encode(model, [""]).Context, 1e-5, 1e-6));
    }

    [Fact]
    public void ThousandsOfTokensAreManyChunks()
    {
        string text = string.Concat(Enumerable.Repeat("fox ", 2500));
        Assert.Equal(67, PromptEncoding.WebUi.Chunks(model.Tokenizer, text).Chunks.Count);
        Assert.Equal(67, PromptEncoding.Comfy.Chunks(model.Tokenizer, text).Chunks.Count);
        Assert.Contains("5000 tokens, of which 225 are read", PromptEncoding.Plain.Remarks(model.Tokenizer, text));
    }

    [Fact]
    public void AWordOfSeveralVectorsStandsInOneChunk()
    {
        using var vectors = ones(4, model.TextEncoder.Config.HiddenSize, device: CPU);
        using var word = model.Teach("foxword", new Dictionary<string, Tensor> { ["text_encoder"] = vectors });
        var own = model.Tokenizer.Taught.Single().Ids;
        string before = string.Join(' ', Enumerable.Repeat("a", 72));
        var webUi = PromptEncoding.WebUi.Chunks(model.Tokenizer, $"{before} (Foxword:1.2)").Chunks;
        Assert.Equal([.. own], webUi[1].Ids.Skip(1).Take(4));
        Assert.Equal([1.2, 1.2, 1.2, 1.2], webUi[1].Weights.Skip(1).Take(4));
        var comfy = PromptEncoding.Comfy.Chunks(model.Tokenizer, $"{before} embedding:foxword, b").Chunks;
        Assert.Equal([.. own], comfy[1].Ids.Skip(1).Take(4));
        Assert.Equal(model.Tokenizer.EncodeBare(", b"), comfy[1].Ids.Skip(5).Take(2));
        // Without its sign ComfyUI takes it for a word as any.
        Assert.DoesNotContain(own[0], PromptEncoding.Comfy.Chunks(model.Tokenizer, "foxword").Chunks[0].Ids);
    }

    [Fact]
    public void AWordOfMoreVectorsThanAChunkHoldsIsAnError()
    {
        using var vectors = ones(76, model.TextEncoder.Config.HiddenSize, device: CPU);
        using var word = model.Teach("foxword", new Dictionary<string, Tensor> { ["text_encoder"] = vectors });
        Assert.Contains("76 tokens", Assert.Throws<LowrankException>(() => PromptEncoding.WebUi.Chunks(model.Tokenizer, "foxword")).Message);
    }

    [Fact]
    public void AnEmbeddingThatNobodyHasIsNamedAndLeftOut()
    {
        Assert.Equal(["embedding:none is left out: there is no such embedding"], PromptEncoding.Comfy.Remarks(model.Tokenizer, "a (fox embedding:none, b:1.2)"));
        Assert.Equal(["none", "other.pt"], ComfyEncoding.EmbeddingsIn("a (fox embedding:none, b:1.2)\nembedding:other.pt"));
        var left = PromptEncoding.Comfy.Chunks(model.Tokenizer, "a embedding:none b").Chunks.Single();
        Assert.Equal(PromptEncoding.Comfy.Chunks(model.Tokenizer, "a b").Chunks.Single().Ids, left.Ids);
    }

    [Theory]
    [InlineData("sd1", 12, null, 1, true)]
    [InlineData("sd1", 12, 2, 2, true)]
    [InlineData("sd1", 12, 13, 1, true)]
    [InlineData("sd2", 23, null, 1, true)]
    [InlineData("sd2", 23, 3, 2, true)]
    [InlineData("sdxl", 12, null, 2, false)]
    [InlineData("sdxl", 12, 1, 1, false)]
    [InlineData("sdxl", 12, 20, 1, true)]
    public void ComfyUiTakesTheLayerThatIsAskedForOfEveryModel(string family, int layers, int? skip, int fromEnd, bool normed) =>
        Assert.Equal(new EncoderState(fromEnd, normed), PromptEncoding.Comfy.State(family, layers, skip));

    [Fact]
    public void TheLayerThatSecondGenerationsLackIsNamed() =>
        Assert.Contains("without the last one", Assert.Throws<LowrankException>(() => PromptEncoding.Comfy.State("sd2", 23, 1)).Message);

    [Theory]
    [InlineData("sd1", 3, 3, true)]
    [InlineData("sd2", 3, 1, true)]
    [InlineData("sdxl", 3, 2, false)]
    public void TheWebUiHeedsClipSkipOfTheFirstGenerationAlone(string family, int skip, int fromEnd, bool normed) =>
        Assert.Equal(new EncoderState(fromEnd, normed), PromptEncoding.WebUi.State(family, 12, skip));

    [Fact]
    public void TextsOfUnequalLengthAreBroughtToOne()
    {
        using var scope = NewDisposeScope();
        Tensor[] contexts = [rand(1, 2, 3, device: CPU), rand(1, 3, 3, device: CPU)];
        Assert.Equal([6, 6], PromptEncoding.Comfy.Evened(contexts).Select(context => context.shape[1]));
        var stretched = PromptEncoding.WebUi.Evened(contexts);
        Assert.Equal([3, 3], stretched.Select(context => context.shape[1]));
        Assert.True(stretched[0][0, 2].allclose(contexts[0][0, 1], 0, 0));
        Assert.Throws<LowrankException>(() => PromptEncoding.Comfy.Evened([rand(1, 6, 3, device: CPU), rand(1, 7, 3, device: CPU)]));
    }
}
