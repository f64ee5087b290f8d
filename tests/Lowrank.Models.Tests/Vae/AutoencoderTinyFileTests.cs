using Lowrank.Testing;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>TAESD from its own files, whose decoder counts a clamp as its first layer.</summary>
public class AutoencoderTinyFileTests
{
    static readonly AutoencoderTinyConfig small = new()
    {
        EncoderBlocks = [1, 2], EncoderChannels = [6, 6], DecoderBlocks = [2, 1], DecoderChannels = [6, 6],
    };

    static AutoencoderTiny Random(AutoencoderTinyConfig? config = null)
    {
        var made = new AutoencoderTiny(config ?? small);
        using var quiet = no_grad();
        foreach (var (_, parameter) in made.named_parameters()) nn.init.normal_(parameter, 0, 0.2);
        return made;
    }

    // encoder.layers.2.conv.0.weight -> 2.conv.0.weight; decoder.layers.2.conv.0.weight -> 3.conv.0.weight
    static void Save(AutoencoderTiny model, string path, string half, string prefix)
    {
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (var (own, parameter) in model.named_parameters())
        {
            string[] words = own.Split('.');
            if (words[0] == half) tensors.Add(new($"{prefix}{int.Parse(words[2]) + (half == "decoder" ? 1 : 0)}.{string.Join('.', words[3..])}", parameter));
        }
        Safetensors.Save(path, tensors);
    }

    static void AreEqual(AutoencoderTiny one, AutoencoderTiny other)
    {
        var others = other.state_dict();
        var own = one.state_dict();
        Assert.Equal(own.Keys.Order(), others.Keys.Order());
        foreach (var (name, tensor) in own) Assert.True(tensor.allclose(others[name], 0, 0), name);
    }

    [Fact]
    public void ThePublishedShapeIsFoundFromTheNames()
    {
        using var folder = new TemporaryFolder();
        using var model = Random(new() { EncoderChannels = [4, 4, 4, 4], DecoderChannels = [4, 4, 4, 4] });
        Save(model, folder["taesd_encoder.safetensors"], "encoder", "");
        Save(model, folder["taesd_decoder.safetensors"], "decoder", "");
        using (var file = Containers.Open(folder["taesd_decoder.safetensors"]))
            // Those of the published taesd_decoder: the clamp, a ReLU and three enlargements have no weights.
            Assert.Equal([1, 3, 4, 5, 7, 8, 9, 10, 12, 13, 14, 15, 17, 18, 19],
                file.Tensors.Select(tensor => int.Parse(tensor.Name.Split('.')[0])).Distinct().Order());
        var told = new List<string>();
        using var loaded = AutoencoderTinyFile.Load(folder["taesd_decoder.safetensors"], taken: told.Add);
        AreEqual(model, loaded);
        Assert.Equal([3, 3, 3, 1], loaded.Config.DecoderBlocks);
        Assert.Equal([1, 3, 3, 3], loaded.Config.EncoderBlocks);
        Assert.Equal(8, loaded.Factor);
        Assert.Contains("taesd_encoder.safetensors, which lies beside it", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void BothHalvesInOneFileAreReadInComfysAndDiffusersNames()
    {
        using var folder = new TemporaryFolder();
        using var model = Random();
        Safetensors.Save(folder["diffusers.safetensors"], model.named_parameters().Select(one => new KeyValuePair<string, Tensor>(one.name, one.parameter)));
        Save(model, folder["half.safetensors"], "encoder", "taesd_encoder.");
        Save(model, folder["other.safetensors"], "decoder", "taesd_decoder.");
        using (var one = Containers.Open(folder["half.safetensors"]))
        using (var other = Containers.Open(folder["other.safetensors"]))
        using (var scope = NewDisposeScope())
            Safetensors.Save(folder["comfy.safetensors"],
            [
                .. one.Tensors.Select(tensor => new KeyValuePair<string, Tensor>(tensor.Name, one.Read(tensor.Name))),
                .. other.Tensors.Select(tensor => new KeyValuePair<string, Tensor>(tensor.Name, other.Read(tensor.Name))),
                new("vae_scale", tensor(0.18215f, device: CPU)),
            ]);
        foreach (string name in new[] { "diffusers", "comfy" })
        {
            using var loaded = AutoencoderTinyFile.Load(folder[$"{name}.safetensors"]);
            AreEqual(model, loaded);
        }
    }

    [Fact]
    public void ADecoderAloneDecodesAsWrittenOutByHand()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = Random();
        Save(model, folder["taesd_decoder.safetensors"], "decoder", "");
        using var loaded = AutoencoderTinyFile.Load(folder["taesd_decoder.safetensors"]);
        Assert.False(loaded.Encodes);
        using var file = Containers.Open(folder["taesd_decoder.safetensors"]);
        var latents = randn([1, 4, 3, 5], dtype: ScalarType.Float32, device: CPU) * 3;

        // taesd.py: Clamp, conv, ReLU, Block, Block, Upsample, conv without bias, Block, conv; pictures in [0, 1].
        var h = Convolved((latents / 3).tanh() * 3, "1").relu();
        h = Block(Block(h, "3"), "4");
        h = Convolved(nn.functional.interpolate(h, scale_factor: [2, 2], mode: InterpolationMode.Nearest), "6");
        h = Convolved(Block(h, "7"), "8");

        Assert.True(loaded.ToPictures(latents).allclose(h * 2 - 1, rtol: 1e-5, atol: 1e-5));
        Assert.Contains("decoder alone", Assert.Throws<LowrankException>(() => loaded.Encode(zeros(1, 3, 8, 8))).Message, StringComparison.Ordinal);

        Tensor Convolved(Tensor x, string layer)
        {
            var bias = file.Tensors.Any(tensor => tensor.Name == $"{layer}.bias") ? file.Read($"{layer}.bias") : null;
            return nn.functional.conv2d(x, file.Read($"{layer}.weight"), bias, padding: [1, 1]);
        }

        Tensor Block(Tensor x, string layer) =>
            (Convolved(Convolved(Convolved(x, $"{layer}.conv.0").relu(), $"{layer}.conv.2").relu(), $"{layer}.conv.4") + x).relu();
    }

    [Fact]
    public void WhatCannotDecodeIsRefused()
    {
        using var folder = new TemporaryFolder();
        using var model = Random();
        Save(model, folder["encoder.safetensors"], "encoder", "");
        Assert.Contains("alone", Fault("encoder.safetensors"), StringComparison.Ordinal);
        using var four = Random(small with { LatentChannels = 16 });
        Save(four, folder["decoder.safetensors"], "decoder", "");
        Assert.Contains("latents of 4 channels, and the decoder takes 16", Fault("encoder.safetensors"), StringComparison.Ordinal);
        using var other = zeros([2], dtype: ScalarType.Float32, device: CPU);
        Safetensors.Save(folder["other.safetensors"], [new("lora_unet.alpha", other)]);
        Assert.Contains("no tiny autoencoder", Fault("other.safetensors"), StringComparison.Ordinal);

        string Fault(string name) => Assert.Throws<LowrankException>(() => AutoencoderTinyFile.Load(folder[name])).Message;
    }

    [Fact]
    public void AnyAutoencoderIsLoadedAsWhatItIs()
    {
        using var folder = new TemporaryFolder();
        using var model = Random();
        Save(model, folder["taesd_decoder.safetensors"], "decoder", "");
        string tiny = Folders.Tiny("taesd"), full = Folders.Tiny("sd1");
        foreach (var (path, kind) in new[]
        {
            (folder["taesd_decoder.safetensors"], typeof(AutoencoderTiny)), (Path.Combine(tiny, "vae"), typeof(AutoencoderTiny)),
            (Path.Combine(full, "vae"), typeof(AutoencoderKL)),
        })
        {
            using var loaded = AutoencoderPlace.Load(path, Storage.Default, null, Assert.Fail, Assert.Fail);
            Assert.IsType(kind, loaded);
        }
        Assert.Contains("UNet2DConditionModel",
            Assert.Throws<LowrankException>(() => AutoencoderPlace.Load(Path.Combine(full, "unet"), Storage.Default, null, Assert.Fail, Assert.Fail)).Message, StringComparison.Ordinal);
    }
}
