using Lowrank.Diffusion.Tests;

namespace Lowrank.Workbench.Tests;

/// <summary>Prompts are encoded by the encoder with the adapters that act on it, and once for as long as those stay as they are.</summary>
public sealed class EncodedWithAdaptersTests : CountedEncoderTests
{
    Tensor Encode()
    {
        using var grad = no_grad();
        return PromptEncoding.Plain.Encode(Model, ["a red fox"]).Context;
    }

    Adapter Trained(string method = "lora")
    {
        var targets = Model.Describe().Components.SelectMany(c => c.Targets).Select(t => t.Target)
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
        using (var attached = Model.Describe().Attach(ink, 0.5))
        {
            var half = Encode();
            Assert.False(AreSame(bare, half));
            Assert.True(AreSame(half, Encode()));
            Assert.Equal(2, Asked.Count);
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
            Model.Describe().Merge();
            Assert.True(twice.allclose(Encode(), 1e-3, 1e-3));
            Model.Describe().Unmerge();
            Assert.True(AreSame(twice, Encode()));
        }
        Assert.True(AreSame(bare, Encode()));
    }

    [Fact]
    public void AnAdapterThatMayFollowMoreThanItsPartsIsAskedAlways()
    {
        using var made = Trained("loha");
        using var attached = Model.Describe().Attach(made);
        Assert.True(AreSame(Encode(), Encode()));
        Assert.Equal(2, Asked.Count);
    }
}
