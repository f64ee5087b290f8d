namespace Lowrank.Extending.Tests;

/// <summary>A sampler that lives outside the library draws pictures by its name.</summary>
public sealed class SamplerTests
{
    [Fact]
    public void ItDrawsAPictureInStepsOfItsOwnLength()
    {
        using var model = StableDiffusion.Load(
            Path.Combine(GoldenFolder.Repository, "tests", "Goldens", "data", "diffusion", "models", "sd1"), Torch.Layers.Storage.Default);
        var options = new GenerateOptions { Prompt = "a fox", Width = 32, Height = 32, Steps = 3, Seeds = [7], Sampler = "halving" };
        var told = new List<SamplingProgress>();
        var halved = Draw(options, new Listener(told.Add));
        Assert.Equal("Halving Euler", InfoText.Parse(halved.InfoText!)["Sampler"]);
        Assert.Equal([1, 2, 3, 4, 5, 6], told.Select(progress => progress.Step));
        Assert.NotEqual(Draw(options with { Sampler = "euler", Schedule = "karras" }).Pixels, halved.Pixels);

        Picture Draw(GenerateOptions options, IProgress<SamplingProgress>? progress = null) =>
            new TextToImage(model, Precision.Float32, CPU).Generate(options, progress, TestContext.Current.CancellationToken)[0];
    }

    [Fact]
    public void ItIsFoundByItsNamesLikeTheOthers() => Assert.Same(HalvingSampler.Descriptor, Samplers.Named("Halving_Euler"));

    sealed class Listener(Action<SamplingProgress> told) : IProgress<SamplingProgress>
    {
        public void Report(SamplingProgress value) => told(value);
    }
}
