namespace Lowrank.Graphs;

/// <summary>ComfyUI's samplers by their names.</summary>
static class NamedSampler
{
    /// <summary>The sampler of that name.</summary>
    public static SamplerValue Of(string name) => new(ComfySamplers.Create(name)) { MixesOtherNoise = name == "ddim" };
}
