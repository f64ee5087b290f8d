namespace Lowrank.Workbench;

/// <summary>Axes of AUTOMATIC1111's that a grid of requests does not have, each with the reason.</summary>
static class AbsentAxes
{
    const string sigmas = "a schedule's ends and form are the model's own; the axis \"schedule\" chooses among schedules",
        merging = "tokens are not merged, which only made pictures faster", tiles = "hypertile only made pictures faster";

    static readonly Dictionary<string, string> reasons = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Nothing"] = "leave the axis out",
        ["Image CFG Scale"] = "models that are guided by a picture (InstructPix2Pix) are not supported",
        ["Negative Guidance minimum sigma"] = "the negative prompt is asked in every step",
        ["Schedule min sigma"] = sigmas,
        ["Schedule max sigma"] = sigmas,
        ["Schedule rho"] = sigmas,
        ["Beta schedule alpha"] = sigmas,
        ["Beta schedule beta"] = sigmas,
        ["Initial noise multiplier"] = "the noise that a picture begins with is not multiplied",
        ["Extra noise"] = "no noise is added beside the seed's",
        ["Cond. Image Mask Weight"] = "models for inpainting are shown the whole mask",
        ["Face restore"] = "faces are not restored",
        ["Token merging ratio"] = merging,
        ["Token merging ratio high-res"] = merging,
        ["Always discard next-to-last sigma"] = "the sigma before the last is left out by the samplers that want it",
        ["SGM noise multiplier"] = "the first noise is multiplied as `compat` says",
        ["FP8 mode"] = "weights are not kept in 8 bits; the axis \"precision\" chooses among bf16 and f32",
    };

    /// <summary>Why there is none of that name; null where AUTOMATIC1111 has none either.</summary>
    public static string? Reason(string name)
    {
        if (name.StartsWith("[Hypertile]", StringComparison.OrdinalIgnoreCase)) return tiles;
        return reasons.GetValueOrDefault(name);
    }
}
