using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>Words that are taught to a model.</summary>
public class TeachTests
{
    static StableDiffusion Model() => StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "models", "emoji-sd"), new Storage(ScalarType.Float32));

    static Tensor Vectors(StableDiffusion model, string words) =>
        model.TextEncoder.state_dict()["text_model.embeddings.token_embedding.weight"][tensor(model.Tokenizer.EncodeWords(words))].detach();

    static Tensor Answer(StableDiffusion model, string prompt) => model.TextEncoder.Run(tensor(model.Tokenizer.Encode(prompt)).unsqueeze(0)).LastHiddenState;

    [Fact]
    public void SeveralVectorsStandWhereTheNameStoodAndNothingIsLeftAfterwards()
    {
        using var model = Model();
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (before, wanted) = (Answer(model, "a thing, ink style"), Answer(model, "a red cat, ink style"));
        using (model.Teach("thing", new Dictionary<string, Tensor> { ["text_encoder"] = Vectors(model, "red cat") }))
        using (model.Teach("other", new Dictionary<string, Tensor> { ["text_encoder"] = Vectors(model, "dog") }))
        {
            Assert.True(wanted.equal(Answer(model, "a Thing, ink style")).all().ToBoolean());
            Assert.True(Answer(model, "dog red cat").equal(Answer(model, "other thing")).all().ToBoolean());
        }
        Assert.True(before.equal(Answer(model, "a thing, ink style")).all().ToBoolean());
    }

    [Fact]
    public void AWordOfAnotherWidthOrANameTwiceIsRefused()
    {
        using var model = Model();
        using var scope = NewDisposeScope();
        var wide = Assert.Throws<LowrankException>(() => model.Teach("thing", new Dictionary<string, Tensor> { ["text_encoder"] = zeros(1, 7) }));
        Assert.Contains("another base model", wide.Message);
        var vectors = new Dictionary<string, Tensor> { ["text_encoder"] = Vectors(model, "cat") };
        using var held = model.Teach("thing", vectors);
        Assert.Contains("twice", Assert.Throws<LowrankException>(() => model.Teach("THING", vectors)).Message);
        Assert.Contains("text_encoder_2", Assert.Throws<LowrankException>(() => model.Teach("more", new Dictionary<string, Tensor> { ["text_encoder_2"] = zeros(1, 7) })).Message);
    }
}
