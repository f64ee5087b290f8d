namespace Lowrank.Adapters.Tests;

/// <summary>Files of words alone, in each form in which they are saved.</summary>
public class TextualInversionTests
{
    const int Width = 6;

    public static TheoryData<string, string, int> Forms => new()
    {
        { "emb_params", "cat", 3 }, { "string_to_param.*", "cat", 3 }, { "<my-cat>", "<my-cat>", 1 }, { "clip_l", "cat", 2 },
    };

    [Theory, MemberData(nameof(Forms))]
    public void EachFormIsAWordOfTheTextEncoder(string key, string name, int vectors)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var value = vectors == 1 ? randn(Width) : randn(vectors, Width);
        Safetensors.Save(folder.File("cat.safetensors"), [KeyValuePair.Create(key, value)]);
        using var adapter = AdapterFile.Read(folder.File("cat.safetensors"), EveryLayer.Of("sd1").Description);
        Assert.Equal("textual-inversion", adapter.Dialect);
        var word = Assert.Single(adapter.Embeddings);
        Assert.Equal(name, word.Name);
        Close.Same(value.reshape(vectors, Width), word.Vectors["text_encoder"], key);

        AdapterFile.Write(folder.File("again.safetensors"), adapter, EveryLayer.Of("sd1").Description, "textual-inversion");
        using var again = AdapterFile.Read(folder.File("again.safetensors"), EveryLayer.Of("sd1").Description);
        Assert.Equal(name, again.Embeddings[0].Name);
        Close.Same(word.Vectors["text_encoder"], again.Embeddings[0].Vectors["text_encoder"], key);
    }

    [Fact]
    public void AWordOfAnotherWidthIsRefused()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        Safetensors.Save(folder.File("cat.safetensors"), [KeyValuePair.Create("emb_params", randn(2, Width + 1))]);
        var error = Assert.Throws<LowrankException>(() => AdapterFile.Read(folder.File("cat.safetensors"), EveryLayer.Of("sd1").Description));
        Assert.Contains("width 7", error.Message);
    }
}
