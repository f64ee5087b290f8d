using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

public class AutoencoderTests
{
    static AutoencoderKL Tiny() => AutoencoderKL.Load(Path.Combine(Folders.Tiny("sd1"), "vae"));

    [Fact]
    public void ThePresetHasAsManyParametersAsThePublishedModel()
    {
        using var model = new AutoencoderKL(VaeConfig.Sd15, new Storage(ScalarType.Float32, new Device(DeviceType.META)));
        Assert.Equal(83_653_863, model.parameters().Sum(p => p.numel()));
        Assert.Equal(8, model.Config.Factor);
    }

    [Fact]
    public void EncodingAndDecodingLeaveOnlyTheirAnswers()
    {
        using var model = Tiny();
        foreach (bool tiled in new[] { false, true })
            LeakGuard.NoTensorLeaks(() =>
            {
                var tiling = tiled ? new VaeTiling(32, 4) : null;
                using var scope = NewDisposeScope();
                using var image = zeros(1, 3, 64, 48);
                long before = LeakGuard.Live;
                var latents = model.Encode(image, tiling);
                Assert.Equal(before + 2, LeakGuard.Live);
                Assert.Equal([1, 4, 8, 6], latents.Mean.shape);
                using var picture = model.Decode(latents.Mean, tiling);
                Assert.Equal(before + 3, LeakGuard.Live);
                Assert.Equal(image.shape, picture.shape);
            });
    }

    [Fact]
    public void AttentionWeightsKeptAsConvolutionsAreRead()
    {
        string folder = Folders.Copy(Path.Combine(Folders.Tiny("sd2"), "vae")), file = Path.Combine(folder, "diffusion_pytorch_model.safetensors");
        var tensors = new Dictionary<string, Tensor>();
        using (var stored = Containers.Open(file))
            foreach (var info in stored.Tensors)
            {
                var value = stored.Read(info.Name);
                tensors[info.Name] = info.Name.Contains(".attentions.", StringComparison.Ordinal) && value.dim() == 2 ? value.unsqueeze(-1).unsqueeze(-1) : value;
            }
        Safetensors.Save(file, tensors, null);
        using AutoencoderKL model = AutoencoderKL.Load(folder), plain = AutoencoderKL.Load(Path.Combine(Folders.Tiny("sd2"), "vae"));
        var weights = plain.state_dict();
        foreach (var (name, weight) in model.state_dict()) Assert.True(weight.allclose(weights[name], 0, 0), name);
        foreach (var tensor in tensors.Values) tensor.Dispose();
        Directory.Delete(folder, true);
    }

    [Fact]
    public void ADrawIsTheGeneratorsAlone()
    {
        using var model = Tiny();
        using var scope = NewDisposeScope();
        var latents = model.Encode(zeros(1, 3, 32, 32));
        Assert.True(latents.Sample(new Generator(5)).allclose(latents.Sample(new Generator(5)), 0, 0));
        Assert.False(latents.Sample(new Generator(5)).allclose(latents.Sample(new Generator(6)), 0, 0));
    }

    [Fact]
    public void TilesThatDoNotMeetAreAnError()
    {
        using var model = Tiny();
        using var scope = NewDisposeScope();
        Assert.Contains("22.5 apart", Assert.Throws<LowrankException>(() => model.Encode(zeros(1, 3, 64, 64), new VaeTiling(30, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("multiple of 32", Assert.Throws<LowrankException>(() => VaeTiling.For(model, 20)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LatentsOfTheNetworkAreScaledByTheModelsFactor()
    {
        using var model = Tiny();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var picture = randn([1, 3, 16, 16], dtype: ScalarType.Float32, device: CPU);
        var latents = model.ToLatents(picture, zeros(1, 4, 16 / model.Factor, 16 / model.Factor));
        Assert.True(latents.allclose(model.Encode(picture).Mean * model.Config.ScalingFactor));
        Assert.True(model.ToPictures(latents).allclose(model.Decode(latents / model.Config.ScalingFactor)));
    }

    [Fact]
    public void APictureOfOtherChannelsIsAnError()
    {
        using var model = Tiny();
        using var scope = NewDisposeScope();
        Assert.Contains("the picture has 4 channels, and the autoencoder takes 3", Assert.ThrowsAny<LowrankException>(() => model.Encode(zeros(1, 4, 64, 64))).Message, StringComparison.Ordinal);
    }
}
