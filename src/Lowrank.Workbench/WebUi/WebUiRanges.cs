using System.Collections.Frozen;

namespace Lowrank.Workbench;

/// <summary>The whole numbers that a web UI's job takes, by the names of a body.</summary>
/// <remarks>AUTOMATIC1111's page has narrower ones, and its HTTP interface none: there too large a number ends in want of memory.</remarks>
static class WebUiRanges
{
    const int MostSteps = 1000, MostPixels = 16384;

    static readonly FrozenDictionary<string, (int Least, int Most)> ranges = new Dictionary<string, (int, int)>
    {
        ["steps"] = (1, MostSteps), ["batch_size"] = (1, 1024), ["n_iter"] = (1, 10000),
        ["width"] = (8, MostPixels), ["height"] = (8, MostPixels),
        ["seed_resize_from_w"] = (-1, MostPixels), ["seed_resize_from_h"] = (-1, MostPixels),
        ["hr_resize_x"] = (0, MostPixels), ["hr_resize_y"] = (0, MostPixels), ["hr_second_pass_steps"] = (0, MostSteps),
        ["resize_mode"] = (0, 3), ["inpainting_fill"] = (0, 3), ["inpaint_full_res_padding"] = (0, MostPixels),
        ["mask_blur"] = (0, MostPixels), ["mask_blur_x"] = (0, MostPixels), ["mask_blur_y"] = (0, MostPixels),
    }.ToFrozenDictionary();

    /// <summary>A value of a field, if the field takes it.</summary>
    /// <exception cref="LowrankException">It does not; the range is told.</exception>
    public static int Checked(string field, long value)
    {
        var (least, most) = ranges[field];
        return value >= least && value <= most ? (int)value
            : throw new LowrankException($"{field} is {PlainValue.Text(value)} ({PlainValue.Text(least)} to {PlainValue.Text(most)}).");
    }

    /// <summary>Refuses numbers of a request that would be drawn for ever, or not at all, whoever made the request.</summary>
    /// <exception cref="LowrankException">A number is out of its range.</exception>
    public static void Check(WebUiRequest request)
    {
        Checked("steps", request.Steps);
        Checked("batch_size", request.BatchSize);
        Checked("n_iter", request.BatchCount);
        Checked("width", request.Width);
        Checked("height", request.Height);
        if (request.Hires is not { } hires) return;
        Checked("hr_second_pass_steps", hires.Steps);
        Checked("hr_resize_x", hires.Resize.Width);
        Checked("hr_resize_y", hires.Resize.Height);
        if (!(hires.Scale is > 0 and <= 64)) throw new LowrankException($"hr_scale is {PlainValue.Text(hires.Scale)} (above 0 to 64).");
    }
}
