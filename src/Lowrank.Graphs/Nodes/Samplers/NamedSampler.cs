namespace Lowrank.Graphs;

/// <summary>ComfyUI's samplers by their names, with what its sampler nodes make of some of them.</summary>
static class NamedSampler
{
    static readonly string[] oneMore = ["dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"];

    /// <summary>The sampler of that name.</summary>
    public static SamplerValue Of(string name) => new(ComfySamplers.Create(name)) { MixesOtherNoise = name == "ddim" };

    /// <summary>The sigmas with which KSampler nodes run it: of some samplers those of one step more, without the last but one.</summary>
    public static float[] Sigmas(string name, int steps, Func<int, float[]> sigmas)
    {
        if (!oneMore.Contains(name)) return sigmas(steps);
        float[] all = sigmas(steps + 1);
        return [.. all[..^2], all[^1]];
    }
}
