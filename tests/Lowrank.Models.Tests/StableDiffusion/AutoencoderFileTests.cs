using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public class AutoencoderFileTests
{
    static readonly VaeConfig small = new() { BlockChannels = [32, 64], LayersPerBlock = 1 };

    public static TheoryData<string> Spellings => ["diffusers", "ldm", "checkpoint"];

    [Theory, MemberData(nameof(Spellings))]
    public void TheSameWeightsComeFromEverySpelling(string spelling)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var original = Random();
        Save(original, folder["vae.safetensors"], spelling);
        using var loaded = AutoencoderFile.Load(folder["vae.safetensors"], Storage.Default, null, out var unused);
        Assert.Equal(["loss.logvar"], unused);
        Assert.Equal(small.BlockChannels, loaded.Config.BlockChannels);
        Assert.Equal(1, loaded.Config.LayersPerBlock);
        var latents = randn([1, 4, 3, 5], dtype: ScalarType.Float32, device: CPU);
        using var quiet = no_grad();
        Assert.Equal(0, (loaded.Decode(latents) - original.Decode(latents)).abs().max().ToSingle());
        var pictures = randn([1, 3, 6, 4], dtype: ScalarType.Float32, device: CPU);
        Assert.Equal(0, (loaded.Encode(pictures).Mean - original.Encode(pictures).Mean).abs().max().ToSingle());
    }

    [Fact]
    public void AFileTellsNoScaleAndTakesThatOfTheModelItIsFor()
    {
        using var folder = new TemporaryFolder();
        using var original = Random();
        Save(original, folder["vae.safetensors"], "ldm");
        using var alone = AutoencoderFile.Load(folder["vae.safetensors"], Storage.Default, null, out _);
        using var large = AutoencoderFile.Load(folder["vae.safetensors"], Storage.Default, null, out _, 0.13025);
        Assert.Equal((0.18215, 0.13025), (alone.Config.ScalingFactor, large.Config.ScalingFactor));
    }

    [Fact]
    public void WhatIsNoAutoencoderIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var other = zeros([2], dtype: ScalarType.Float32, device: CPU);
        Safetensors.Save(folder["other.safetensors"], [new("lora_unet.alpha", other)]);
        var error = Assert.Throws<LowrankException>(() => AutoencoderFile.Load(folder["other.safetensors"], Storage.Default, null, out _));
        Assert.Contains("holds no autoencoder", error.Message, StringComparison.Ordinal);
    }

    static AutoencoderKL Random()
    {
        var made = new AutoencoderKL(small);
        using var quiet = no_grad();
        foreach (var (_, parameter) in made.named_parameters()) nn.init.normal_(parameter, 0, 0.1);
        return made;
    }

    static void Save(AutoencoderKL vae, string path, string spelling)
    {
        var names = CheckpointNames.Vae(small);
        var tensors = new List<KeyValuePair<string, Tensor>> { new("loss.logvar", zeros([1], dtype: ScalarType.Float32, device: CPU)) };
        foreach (var (own, parameter) in vae.named_parameters())
        {
            var (key, folding) = names.ToKey(own)!.Value;
            var stored = folding == Folding.Convolution && spelling != "diffusers" ? parameter.view(parameter.shape[0], parameter.shape[1], 1, 1) : parameter;
            string name = spelling switch { "diffusers" => own, "ldm" => key[names.Prefix.Length..], _ => key };
            tensors.Add(new(name, stored));
        }
        Safetensors.Save(path, tensors);
    }
}
