using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>Cheap looks at latents come near what the autoencoder makes of them.</summary>
public class LatentSketchTests
{
    static string Models => Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models");

    [Fact]
    public void AnAutoencoderThatIsLinearIsMetExactly()
    {
        using var scope = NewDisposeScope();
        var map = tensor(new float[] { 0.2f, -0.1f, 0.05f, 0.1f, 0.3f, -0.2f }, [2, 3], dtype: ScalarType.Float32, device: CPU);
        Tensor Decode(Tensor latents) =>
            latents.permute(0, 2, 3, 1).matmul(map).permute(0, 3, 1, 2).add(0.1).repeat_interleave(4, 2).repeat_interleave(4, 3);
        using var sketch = LinearSketch.Fit(Decode, channels: 2, factor: 4);
        var latents = ones([2, 3, 5], dtype: ScalarType.Float32, device: CPU);

        var drawn = sketch.Draw(latents);

        Assert.Equal((20, 12), (drawn.Width, drawn.Height));
        Assert.Equal(PictureTransforms.FromTensor(Decode(latents.unsqueeze(0))[0]).Pixels, drawn.Pixels);
    }

    [Fact]
    public void TheDemosAutoencoderIsMetInItsColours()
    {
        using var scope = NewDisposeScope();
        using var model = StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "models", "emoji-sd"), Lowrank.Torch.Layers.Storage.Default);
        var pipeline = new TextToImage(model, Precision.Float32, CPU);
        var options = new GenerateOptions { Prompt = "cat face", Seeds = [5], Steps = 6 };
        var latents = pipeline.Latents(options, cancel: TestContext.Current.CancellationToken);
        var whole = PictureTransforms.FromTensor(pipeline.Decode(latents)[0]);
        using var sketch = LinearSketch.Fit(pipeline.Decode, model.VaeConfig.LatentChannels, model.VaeConfig.Factor);

        var drawn = sketch.Draw(latents[0]);

        Assert.Equal((whole.Width, whole.Height), (drawn.Width, drawn.Height));
        double off = whole.Pixels.Zip(drawn.Pixels, (a, b) => (double)Math.Abs(a - b)).Average();
        double mean = whole.Pixels.Average(level => (double)level), spread = whole.Pixels.Average(level => Math.Abs(level - mean));
        Assert.True(off < 0.6 * spread, $"off by {off}, where levels spread by {spread}");
    }

    [Fact]
    public void TaesdDrawsWhatItDecodes()
    {
        using var scope = NewDisposeScope();
        using var sketch = new TinySketch(AutoencoderTiny.Load(Path.Combine(Models, "taesd", "vae")));
        using var model = AutoencoderTiny.Load(Path.Combine(Models, "taesd", "vae"));
        var latents = randn([4, 6, 5], dtype: ScalarType.Float32, device: CPU);

        Assert.Equal(PictureTransforms.FromTensor(model.Decode(latents.unsqueeze(0))[0]).Pixels, sketch.Draw(latents).Pixels);
        Assert.Throws<ShapeException>(() => sketch.Draw(zeros([5, 6, 5], dtype: ScalarType.Float32, device: CPU)));
    }

    [Theory]
    [InlineData("euler", 7, 3, "3 6")]
    [InlineData("heun", 5, 2, "2 4")]
    [InlineData("euler", 4, 9, "")]
    public void PicturesAreShownEverySoManyStepsAndNotWhenTheyAreFinished(string sampler, int steps, int every, string shown)
    {
        var told = new List<int>();
        LeakGuard.NoTensorLeaks(() =>
        {
            using var model = StableDiffusion.Load(Path.Combine(Models, "sd1"), Lowrank.Torch.Layers.Storage.Default);
            var plain = new TextToImage(model, Precision.Float32, CPU);
            using var sketch = LinearSketch.Fit(plain.Decode, model.VaeConfig.LatentChannels, model.VaeConfig.Factor);
            var watched = new TextToImage(model, Precision.Float32, CPU)
            {
                Preview = new(every, sketch, (step, pictures) =>
                {
                    told.Add(step);
                    Assert.All(pictures, picture => Assert.Equal((64, 32), (picture.Width, picture.Height)));
                    Assert.Equal(2, pictures.Count);
                }),
            };
            var options = new GenerateOptions { Prompts = ["a", "b"], Seeds = [1], Steps = steps, Width = 64, Height = 32, Sampler = sampler };
            // A look changes nothing.
            Assert.Equal(plain.Generate(options)[1].Pixels, watched.Generate(options)[1].Pixels);
        });

        Assert.Equal(shown, string.Join(' ', told));
    }
}
