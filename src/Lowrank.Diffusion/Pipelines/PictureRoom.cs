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
    /// <param name="options">Their size and number, a second pass, guidance.</param>
    /// <param name="model">The model.</param>
    /// <param name="free">Bytes of memory; asked only for large pictures.</param>
    public static string? Fault(GenerateOptions options, StableDiffusion model, Func<long> free)
    {
        int factor = model.VaeConfig.Factor;
        var (width, height) = options.SizeOn(model);
        if (options.Hires is { } hires) (width, height) = hires.SizeOf(width, height, factor);
        if (width < 1 || height < 1) return null;   // told elsewhere
        double megapixels = Math.Round(width * (double)height / 1e6);
        string size = $"{width}x{height} are {PlainValue.Text(megapixels)} megapixels";
        if (megapixels >= GridLook.MostMegapixels) return $"{Fields(options)}{size} (fewer than {GridLook.MostMegapixels})";
        double places = width / factor * (double)(height / factor), rows = options.GuidanceScale > 1 ? 2 : 1;
        int pictures = Math.Max(1, Math.Min(options.Batch, options.Count));
        double each = places * model.UNetConfig.BlockChannels[0] * rows * HeldAtOnce * Bytes / Giga, needed = each * pictures;
        if (needed < Small || free() / Giga is var there && needed <= there) return null;
        string advice = each <= there ? "draw fewer at once: a smaller batch" : "draw smaller, and enlarge what was drawn";
        string least = PlainValue.Text(Math.Ceiling(needed));
        return $"{Fields(options)}{Several(pictures)}{size}, which take {least} GB of memory at the least, " +
            $"of which {PlainValue.Text(Math.Floor(there))} are free ({advice})";
    }

    // By which the size was asked for.
    static string Fields(GenerateOptions options)
    {
        var fields = new[]
        {
            ("width", options.Width is not null), ("height", options.Height is not null), ("hires", options.Hires is not null),
        };
        string[] asked = [.. fields.Where(field => field.Item2).Select(field => $"`{field.Item1}`")];
        return asked.Length == 0 ? "" : $"{string.Join(" and ", asked)}: ";
    }

    static string Several(int pictures) => pictures == 1 ? "" : $"{pictures} pictures at once of ";
}
