using Lowrank.Diffusion;

namespace Lowrank.Bench;

/// <summary>One picture of the demo's base with every sampler: docs/samplers.png.</summary>
static class SamplerPictures
{
    const int Columns = 8, Steps = 20;
    const double Guidance = 4, GuidanceOfCfgPp = 1.5;

    public static void Draw()
    {
        string root = BenchModel.FindRoot();
        var precision = PrecisionNames.Named("auto");
        using var model = StableDiffusion.Load(Path.Combine(root, "models", "emoji-sd"), new Storage(precision.Stored));
        var drawing = new TextToImage(model, precision, CPU);
        Picture[] cells = [.. Samplers.All.Select(sampler => PictureGrid.Compose([[Of(drawing, sampler)]], null, [sampler.Name], fontSize: 11))];
        PictureFile.Save(Path.Combine(root, "docs", "samplers.png"), PictureGrid.Compose(cells.Chunk(Columns).ToList()));
    }

    static Picture Of(TextToImage drawing, SamplerDescriptor sampler)
    {
        // What these put back is the negative prompt's noise: a scale that is usual elsewhere is too much here.
        bool isCfgPp = sampler.Create(SamplerOptions.Default) is { AsksNegative: true, GuidanceFactor: 1 };
        return drawing.Generate(new GenerateOptions
        {
            Prompt = "cat face, blue background",
            Seeds = [5],
            Steps = Steps,
            GuidanceScale = isCfgPp ? GuidanceOfCfgPp : Guidance,
            Sampler = sampler.Name,
        })[0];
    }
}
