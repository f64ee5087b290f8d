using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public class StableDiffusionTests
{
    [Theory]
    [InlineData("sd1", "sd1", false)]
    [InlineData("sd2", "sd2", false)]
    [InlineData("sdxl", "sdxl", true)]
    public void AFolderIsLoadedByItsFamily(string name, string family, bool second)
    {
        using var model = StableDiffusion.Load(Folders.Tiny(name), Storage.Default);
        Assert.Equal(family, model.Family);
        Assert.Equal(second, model.TextEncoder2 is not null);
        Assert.Equal(second, model.Tokenizer2 is not null);
        Assert.Equal(second, model.ForceZerosForEmptyPrompt);
        Assert.Equal(model.UNet.Config.CrossAttentionChannels, model.TextEncoder.Config.HiddenSize + (model.TextEncoder2?.Config.HiddenSize ?? 0));
        Assert.Equal(second, model.TextEncoder2?.Config.ProjectionSize is not null);
    }

    [Fact]
    public void TheDescriptionNamesEveryAdaptableLayerByItsComponent()
    {
        using var model = StableDiffusion.Load(Folders.Tiny("sdxl"), Storage.Default);
        var description = model.Describe();
        Assert.Same(description, model.Describe());
        Assert.Equal(["unet", "text_encoder", "text_encoder_2"], description.Components.Select(c => c.Name));
        Assert.All(description.Components, component => Assert.All(component.Targets, found => Assert.StartsWith(component.Name + ".", found.Target.Path)));
        Assert.Contains(description.Components[2].Targets, found => found.Target.Path == "text_encoder_2.text_model.encoder.layers.0.self_attn.q_proj");
        Assert.Equal("label_emb.0.2", description.Components[0].OtherNames["ldm"].ToOther("add_embedding.linear_2"));
    }

    [Fact]
    public void WeightsAreKeptInTheDtypeAskedForAndTheAutoencodersInItsOwn()
    {
        using var model = StableDiffusion.Load(Folders.Emoji, new Storage(ScalarType.BFloat16), Storage.Default);
        Assert.All(model.UNet.parameters(), p => Assert.Equal(ScalarType.BFloat16, p.dtype));
        Assert.All(model.TextEncoder.parameters(), p => Assert.Equal(ScalarType.BFloat16, p.dtype));
        Assert.All(model.Vae.parameters(), p => Assert.Equal(ScalarType.Float32, p.dtype));
    }

    [Fact]
    public void DisposingAModelFreesItsWeights() => LeakGuard.NoTensorLeaks(() =>
    {
        using var model = StableDiffusion.Load(Folders.Tiny("sd1"), Storage.Default);
        Assert.NotEmpty(model.Describe().Components[0].Targets);
        Assert.NotNull(model.Vae);
    });

    [Fact]
    public void WhateverIsWrongWithAFolderIsSaidAtOnce()
    {
        Assert.Contains("does not exist", Fault(Path.Combine(Folders.Emoji, "nowhere")), StringComparison.Ordinal);
        Assert.Contains("is a file, and here a folder", Fault(Path.Combine(Folders.Emoji, "model_index.json")), StringComparison.Ordinal);
        string parent = Fault(Path.GetDirectoryName(Folders.Emoji)!);
        Assert.Contains("no model_index.json", parent, StringComparison.Ordinal);
        Assert.Contains("Did you mean " + Folders.Emoji, parent, StringComparison.Ordinal);

        Spoiled(folder => Folders.Edit(folder, "model_index.json", "\"StableDiffusionPipeline\"", "\"FluxPipeline\""), "FluxPipeline, which cannot be loaded");
        Spoiled(folder => Folders.Edit(folder, "model_index.json", "\"AutoencoderKL\"", "\"AutoencoderOobleck\""), "vae is a AutoencoderOobleck");
        Spoiled(folder => Folders.Edit(folder, "model_index.json", "\"StableDiffusionPipeline\"", "\"StableDiffusionXLPipeline\""), "describes another network");
        Spoiled(folder => File.Delete(Path.Combine(folder, "unet", "diffusion_pytorch_model.safetensors")), "holds no weights");
        Spoiled(folder => File.Delete(Path.Combine(folder, "vae", "config.json")), "config.json is missing");
        Spoiled(folder => Directory.Delete(Path.Combine(folder, "tokenizer"), true), "tokenizer is missing, which model_index.json lists");
        Spoiled(folder => File.Delete(Path.Combine(folder, "scheduler", "scheduler_config.json")), "scheduler_config.json");
    }

    [Fact]
    public void WeightsThatDoNotFitTheConfigAreNamed()
    {
        string folder = Folders.Copy(Folders.Tiny("sd1"));
        Folders.Edit(folder, "unet/config.json", "\"layers_per_block\": 2", "\"layers_per_block\": 1");
        using (var model = StableDiffusion.Load(folder, Storage.Default))
        {
            string message = Assert.Throws<LowrankException>(() => model.UNet).Message;
            Assert.Contains("is left over", message, StringComparison.Ordinal);
            Assert.Contains("config.json", message, StringComparison.Ordinal);
        }
        Directory.Delete(folder, true);
    }

    static void Spoiled(Action<string> spoil, string fault)
    {
        string folder = Folders.Copy(Folders.Tiny("sd1"));
        spoil(folder);
        Assert.Contains(fault, Fault(folder), StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    static string Fault(string folder) => Assert.Throws<LowrankException>(() => StableDiffusion.Load(folder, Storage.Default)).Message;
}
