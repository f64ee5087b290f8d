using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>Whether pictures of a size can be made at all, told before hours are spent on them.</summary>
static class PictureRoom
{
    // What the network holds at once at the least where it is widest: what goes in, what comes out, what is kept for the way up; in
    // bfloat16. Much more is usual.
    const int HeldAtOnce = 3, Bytes = 2;

    const double Giga = 1L << 30;

    // Below this nobody asks how much there is.
    const double Small = 1;

    /// <summary>Why pictures cannot be made; null where nothing is known against it.</summary>
    /// <param name="options">Their size, a second pass, guidance.</param>
    /// <param name="model">The model.</param>
    /// <param name="free">Bytes of memory; asked only for large pictures.</param>
    public static string? Fault(GenerateOptions options, StableDiffusion model, Func<long> free)
    {
        int factor = model.VaeConfig.Factor, own = model.UNetConfig.SampleSize * factor;
        var (width, height) = (options.Width ?? own, options.Height ?? own);
        if (options.Hires is { } hires) (width, height) = hires.SizeOf(width, height, factor);
        double megapixels = Math.Round(width * (double)height / 1e6);
        string told = $"{width}x{height} are {PlainValue.Text(megapixels)} megapixels";
        if (megapixels >= GridLook.MostMegapixels) return $"{told} (fewer than {GridLook.MostMegapixels})";
        double places = width / factor * (double)(height / factor), rows = options.GuidanceScale > 1 ? 2 : 1;
        double needed = places * model.UNetConfig.BlockChannels[0] * rows * HeldAtOnce * Bytes / Giga;
        if (needed < Small || free() / Giga is var there && needed <= there) return null;
        return $"{told}, which take {PlainValue.Text(Math.Ceiling(needed))} GB of memory at the least, of which " +
            $"{PlainValue.Text(Math.Floor(there))} are free (draw smaller)";
    }
}
