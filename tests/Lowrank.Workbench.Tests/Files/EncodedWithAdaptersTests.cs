namespace Lowrank.Workbench.Tests;

/// <summary>Prompts are encoded by the encoder with the adapters that act on it, and once for as long as those stay as they are.</summary>
public sealed class EncodedWithAdaptersTests : IDisposable
{
    readonly StableDiffusion model = StableDiffusion.Load(
        Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);
    readonly DisposeScope scope = NewDisposeScope();
    int asked;

    public EncodedWithAdaptersTests()
    {
        var norm = model.TextEncoder.named_modules().First(module => module.name.EndsWith("layers.0.layer_norm1")).module;
        ((nn.Module<Tensor, Tensor>)norm).register_forward_pre_hook((_, x) =>
        {
            asked++;
            return x;
        });
    }

    public void Dispose()
    {
        scope.Dispose();
        model.Dispose();
    }

    Tensor Encode()
    {
        using var grad = no_grad();
        return PromptEncoding.Plain.Encode(model, ["a red fox"]).Context;
    }

    Adapter Trained(string method = "lora")
    {
        var targets = model.Describe().Components.SelectMany(c => c.Targets).Select(t => t.Target)
            .Where(t => t.Path.StartsWith("text_encoder.") && t.Path.EndsWith("_proj"));
        var adapter = AdapterFactory.Create(targets, Methods.Named(method), _ => new MethodOptions(2));
        using var grad = no_grad();
        foreach (var part in adapter.Trainable) part.normal_();
        return adapter;
    }

    static bool AreSame(Tensor one, Tensor other) => one.contiguous().bytes.SequenceEqual(other.contiguous().bytes);

    [Fact]
    public void EachChangeOfAnAdapterIsHeard()
    {
        using var ink = Trained();
        var bare = Encode();
        using (var attached = model.Describe().Attach(ink, 0.5))
        {
            var half = Encode();
            Assert.False(AreSame(bare, half));
            Assert.True(AreSame(half, Encode()));
            Assert.Equal(2, asked);
            attached.Strength = 1;
            Assert.False(AreSame(half, Encode()));
            attached.Active = false;
            Assert.True(AreSame(bare, Encode()));
            attached.Active = true;
            attached.Strength = 0.5;
            Assert.True(AreSame(half, Encode()));
            using (attached.Disabled()) Assert.True(AreSame(bare, Encode()));
            Assert.True(AreSame(half, Encode()));
            using (no_grad()) ink.Trainable.Last().mul_(2);
            Assert.False(AreSame(half, Encode()));
            var twice = Encode();
            model.Describe().Merge();
            Assert.True(twice.allclose(Encode(), 1e-3, 1e-3));
            model.Describe().Unmerge();
            Assert.True(AreSame(twice, Encode()));
        }
        Assert.True(AreSame(bare, Encode()));
    }

    [Fact]
    public void AnAdapterThatMayFollowMoreThanItsPartsIsAskedAlways()
    {
        using var made = Trained("loha");
        using var attached = model.Describe().Attach(made);
        Assert.True(AreSame(Encode(), Encode()));
        Assert.Equal(2, asked);
    }
}
