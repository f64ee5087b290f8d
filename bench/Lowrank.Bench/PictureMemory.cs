using Lowrank.Diffusion;

namespace Lowrank.Bench;

/// <summary>
/// Peak memory of a whole text-to-image call at 512x512 with Stable Diffusion 1.5's shapes, bfloat16, against the size of the weights.
/// </summary>
static class PictureMemory
{
    public static Row About { get; } = new(Section.Memory, "draw 512x512", "SD 1.5", "bf16");

    public static Row Measure()
    {
        var folder = Sd15Folder.Make(BenchModel.FindRoot());
        string[] components = ["unet", "vae", "text_encoder"];
        var files = components.SelectMany(c => Directory.EnumerateFiles(Path.Combine(folder, c), "*.safetensors"));
        double weights = files.Sum(f => new FileInfo(f).Length) / (double)(1 << 20);
        // The largest block's activations: the decoder's last resnet at 512x512, 256
        // channels in, 128 out: input, norm, silu, convolution, shortcut.
        double largest = 2.0 * 512 * 512 * (256 * 3 + 128 * 3) / (1 << 20);
        return About with
        {
            Peer = "weights and the largest block",
            Megabytes = PeakMemory.Measure("txt2img-of", folder).Peak,
            PeerMegabytes = weights + largest,
        };
    }

    public static void Child(string folder)
    {
        var precision = Precision.BFloat16;
        using var model = StableDiffusion.Load(folder, new Storage(precision.Stored), new Storage(precision.Stored));
        var options = new GenerateOptions
        {
            Prompt = "cat face",
            Width = 512,
            Height = 512,
            Steps = 3,
            Seeds = [1],
            GuidanceScale = 7,
        };
        PeakMemory.Report(() => new TextToImage(model, precision, CPU).Generate(options));
    }
}
