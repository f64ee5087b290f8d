using Lowrank.Diffusion;

namespace Lowrank.Bench;

/// <summary>
/// Peak memory of a whole text-to-image call at 512x512 with Stable Diffusion 1.5's shapes, bfloat16, against the size of the weights.
/// </summary>
static class PictureMemory
{
    public static void Print()
    {
        var folder = Sd15Folder.Make(BenchModel.FindRoot());
        string[] components = ["unet", "vae", "text_encoder"];
        var files = components.SelectMany(c => Directory.EnumerateFiles(Path.Combine(folder, c), "*.safetensors"));
        double weights = files.Sum(f => new FileInfo(f).Length) / (double)(1 << 20);
        var (peak, _) = PeakMemory.Measure("txt2img-of", folder);
        // The largest block's activations: the decoder's last resnet at 512x512, 256
        // channels in, 128 out: input, norm, silu, convolution, shortcut.
        double largest = 2.0 * 512 * 512 * (256 * 3 + 128 * 3) / (1 << 20);
        double share = peak / (weights + largest);
        Console.WriteLine($"txt2img 512x512, SD 1.5's shapes, bf16: peak {peak:f0} MB; weights {weights:f0} MB, " +
            $"largest block's activations {largest:f0} MB; peak / (weights + largest block) = {share:f2}");
    }

    public static void Child(string folder)
    {
        var precision = Precision.BFloat16;
        using var model = StableDiffusion.Load(folder, new Storage(precision.Stored), new Storage(precision.Stored));
        long rest = ProcessMemory.Read().Resident;
        var options = new GenerateOptions
        {
            Prompt = "cat face",
            Width = 512,
            Height = 512,
            Steps = 3,
            Seeds = [1],
            GuidanceScale = 7,
        };
        new TextToImage(model, precision, CPU).Generate(options);
        PeakMemory.Report(rest);
    }
}
