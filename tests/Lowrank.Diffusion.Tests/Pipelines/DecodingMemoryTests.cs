using System.Globalization;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Lowrank.Diffusion.Tests;

/// <summary>What decoding takes, beside what the autoencoder says that it does.</summary>
public sealed class DecodingMemoryTests
{
    const string Status = "/proc/self/status", Reset = "/proc/self/clear_refs";

    static long Held(string what) => 1024 * long.Parse(
        File.ReadLines(Status).First(line => line.StartsWith(what, StringComparison.Ordinal))[(what.Length + 1)..].TrimEnd('k', 'B'), CultureInfo.InvariantCulture);

    static double Taken(Action work)
    {
        work();   // what is made once and kept
        ProcessMemory.Trim();
        File.WriteAllText(Reset, "5");
        long before = Held("VmRSS");
        work();
        return Held("VmHWM") - before;
    }

    [Theory, InlineData(768), InlineData(1024)]
    public void TheEstimateIsWhatDecodingTakes(int side)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && CanReset(), "the most that a process held is told by Linux");
        using var scope = NewDisposeScope();
        using var model = StableDiffusion.Load(Path.Combine(GoldenFolder.Repository, "models", "emoji-sd"), Lowrank.Torch.Layers.Storage.Default);
        var codec = new LatentCodec(model.Vae, CPU);
        using var latents = randn([1, 4, side / 8, side / 8]);
        double taken = Taken(() => codec.Decode(latents).Dispose()), said = model.Vae.DecodingBytes(side, side);
        TestContext.Current.TestOutputHelper?.WriteLine($"{side}: took {taken / 1e6:0} MB, estimate {said / 1e6:0} MB");
        Assert.InRange(said / taken, 0.7, 1.5);   // pages that the C library keeps count too
    }

    static bool CanReset()
    {
        try
        {
            File.WriteAllText(Reset, "5");
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
