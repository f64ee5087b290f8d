namespace Lowrank.Diffusion;

/// <summary>One entry of <see cref="Samplers.All"/>.</summary>
/// <param name="Name">What a user types: "dpm++2m".</param>
/// <param name="Label">What AUTOMATIC1111 calls it, and writes into pictures: "DPM++ 2M".</param>
/// <param name="DefaultSchedule">Name of the schedule that goes with it when none is chosen.</param>
/// <param name="Create">Makes one with options.</param>
/// <param name="OtherNames">Further names by which <see cref="Samplers.Named"/> finds it: k-diffusion's and ComfyUI's.</param>
public sealed record SamplerDescriptor(
    string Name,
    string Label,
    string DefaultSchedule,
    Func<SamplerOptions, Sampler> Create,
    params IReadOnlyList<string> OtherNames);
