namespace Lowrank.Torch;

/// <summary>What the metadata of adapters call the models of a family.</summary>
/// <param name="KohyaVersion">kohya's <c>ss_base_model_version</c>: "sd_v1".</param>
/// <param name="Architecture">modelspec's architecture, without what the file itself is: "stable-diffusion-v1".</param>
public sealed record FamilyFacts(string KohyaVersion, string Architecture)
{
    /// <summary>modelspec's implementation.</summary>
    public string Implementation { get; init; } = "diffusers";

    /// <summary>kohya's <c>ss_v2</c>: whether its scripts take such a model with their switch for the second generation.</summary>
    public bool IsSecondGeneration { get; init; }
}
