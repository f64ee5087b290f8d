using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Pictures and latents pass the autoencoder one at a time, whole or in tiles.</summary>
public class LatentCodecTests
{
    static AutoencoderKL Vae() =>
        AutoencoderKL.Load(Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1", "vae"));

    [Fact]
    public void ABatchHasTheBitsThatEachOfItWouldHaveAlone() => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        using var vae = Vae();
        var codec = new LatentCodec(vae, CPU);
        var latents = randn([3, 4, 4, 6], dtype: ScalarType.Float32, device: CPU);
        var pictures = codec.Decode(latents);
        var draw = randn([3, 4, 4, 6], dtype: ScalarType.Float32, device: CPU);
        var again = codec.Encode(pictures, draw);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(pictures[i..(i + 1)].allclose(codec.Decode(latents[i..(i + 1)]), 0, 0));
            Assert.True(again[i..(i + 1)].allclose(codec.Encode(pictures[i..(i + 1)], draw[i..(i + 1)]), 0, 0));
        }
    });

    [Fact]
    public void TilesAreTakenWhereMemoryOrTheUserAsksForThem()
    {
        using var vae = Vae();
        long needed = vae.DecodingBytes(1024, 1024);
        Assert.Null(TilingChoice.Auto.For(vae, 1024, 1024, CPU, () => needed));
        Assert.NotNull(TilingChoice.Auto.For(vae, 1024, 1024, CPU, () => needed - 1));
        Assert.Null(TilingChoice.Never.For(vae, 1024, 1024, CPU, () => 0));
        Assert.Equal(64, TilingChoice.Of(64).For(vae, 1024, 32, CPU, () => throw new InvalidOperationException())!.SampleTile);
        Assert.Null(TilingChoice.Of(64).For(vae, 64, 32, CPU, () => 0));   // one tile holds it
        Assert.Contains("multiple of 32", Assert.Throws<LowrankException>(() => TilingChoice.Of(40).For(vae, 1024, 1024, CPU, () => 0)).Message, StringComparison.Ordinal);
        Assert.Throws<LowrankException>(() => TilingChoice.Read("sometimes"));
        foreach (string text in new[] { "auto", "on", "off", "256" }) Assert.Equal(text, TilingChoice.Read(text).Text);
    }

    [Fact]
    public void APictureTellsItsTilesAndIsDecodedInThem()
    {
        using var scope = NewDisposeScope();
        using var model = StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Lowrank.Torch.Layers.Storage.Default);
        var pipeline = new TextToImage(model, Precision.Float32, CPU);
        var options = new GenerateOptions { Prompt = "a", Seeds = [1], Steps = 2, Width = 64, Height = 64 };
        var whole = pipeline.Generate(options, cancel: TestContext.Current.CancellationToken)[0];
        var tiled = pipeline.Generate(options with { Tiling = TilingChoice.Of(32) }, cancel: TestContext.Current.CancellationToken)[0];
        Assert.NotEqual(whole.Pixels, tiled.Pixels);
        Assert.Contains("VAE tiling: 32", tiled.InfoText, StringComparison.Ordinal);
        Assert.DoesNotContain("VAE tiling", whole.InfoText, StringComparison.Ordinal);
        var latents = pipeline.Latents(options, cancel: TestContext.Current.CancellationToken);
        var byHand = new LatentCodec(model.Vae, CPU, VaeTiling.For(model.Vae, 32)).Decode(latents);
        Assert.Equal(PictureTransforms.FromTensor(byHand[0]).Pixels, tiled.Pixels);
    }

    [Fact]
    public void ADecoderAloneDecodesAndTheModelsOwnEncodes()
    {
        using var scope = NewDisposeScope();
        string models = Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models");
        using var model = StableDiffusion.Load(Path.Combine(models, "sd1"), Lowrank.Torch.Layers.Storage.Default);
        using var tiny = new AutoencoderTiny(new() { EncoderBlocks = [], EncoderChannels = [], DecoderChannels = [4, 4, 4, 4] });
        using var quiet = no_grad();
        foreach (var (_, parameter) in tiny.named_parameters()) nn.init.normal_(parameter, 0, 0.2);
        var pipeline = new TextToImage(model, Precision.Float32, CPU);
        var picture = zeros([1, 3, 64, 64], dtype: ScalarType.Float32, device: CPU);
        var options = new GenerateOptions { Prompt = "a", Seeds = [1], Steps = 4, Width = 64, Height = 64, Start = new PictureStart(picture, 0.5) };
        var latents = pipeline.Latents(options, cancel: TestContext.Current.CancellationToken);
        var drawn = pipeline.Generate(options with { Vae = tiny }, cancel: TestContext.Current.CancellationToken)[0];
        Assert.Equal(PictureTransforms.FromTensor(tiny.Decode(latents)[0]).Pixels, drawn.Pixels);
    }
}
