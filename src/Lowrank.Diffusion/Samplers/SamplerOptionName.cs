namespace Lowrank.Diffusion;

/// <summary>One number of <see cref="SamplerOptions"/> by its names.</summary>
/// <param name="Name">What a user types: "noise_scale".</param>
/// <param name="Field">What it is called in a picture's text; AUTOMATIC1111's word where it has one.</param>
/// <param name="Setting">What a sampler has to heed for it.</param>
/// <param name="Others">k-diffusion's names: "s_noise".</param>
/// <param name="Get">Its value; null where it is at its default.</param>
/// <param name="Set">The options with a value of it.</param>
public sealed record SamplerOptionName(
    string Name,
    string Field,
    SamplerSettings Setting,
    IReadOnlyList<string> Others,
    Func<SamplerOptions, double?> Get,
    Func<SamplerOptions, double, SamplerOptions> Set);
