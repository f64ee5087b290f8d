namespace Lowrank.Models;

/// <summary>What is known of a base model without loading its weights.</summary>
/// <param name="Location">The folder or file.</param>
/// <param name="Layout">
/// "diffusers folder" of a Stable Diffusion, "folder" of a model of another kind; "single file" with its container.
/// </param>
/// <param name="Family">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
/// <param name="Title">The family's name for people.</param>
/// <param name="PipelineClass">Class of diffusers that it would be loaded as; null where it cannot be, or has none.</param>
/// <param name="Prediction">What a denoising network predicts; null for other models.</param>
/// <param name="Pixels">Height and width of pictures for which it was made; null where a part lacks that tells.</param>
/// <param name="LatentScale">The autoencoder's scaling factor; null without one.</param>
/// <param name="TextChannels">Width of the encoded text; null without a network.</param>
/// <param name="Inpainting">Whether the network takes a mask and a masked picture besides the latents.</param>
/// <param name="HoldsAverages">Whether a checkpoint holds the network's moving averages (EMA) too.</param>
/// <param name="Components">Its parts, in the index's order.</param>
/// <param name="UnusedKeys">Keys of a checkpoint that are of no use here.</param>
/// <param name="UnknownKeys">Keys of a checkpoint that belong to nothing that is known.</param>
/// <param name="Notes">What was guessed, what is missing and what is odd, a sentence each.</param>
public sealed record BaseModelReport(
    string Location,
    string Layout,
    string Family,
    string Title,
    string? PipelineClass,
    PredictionType? Prediction,
    int? Pixels,
    double? LatentScale,
    int? TextChannels,
    bool Inpainting,
    bool HoldsAverages,
    IReadOnlyList<ComponentReport> Components,
    IReadOnlyList<string> UnusedKeys,
    IReadOnlyList<string> UnknownKeys,
    IReadOnlyList<string> Notes)
{
    /// <summary>A report on a model that makes no pictures.</summary>
    public BaseModelReport(string location, string layout, string family, string title, IReadOnlyList<ComponentReport> components)
        : this(location, layout, family, title, null, null, null, null, null, false, false, components, [], [], []) { }

    /// <summary>Whether its last noise level is pure noise (zero terminal SNR).</summary>
    public bool EndsInNoise { get; init; }

    /// <summary>Parameters of all parts.</summary>
    public long Parameters => Components.Sum(component => component.Parameters);

    /// <summary>Bytes of all weights as stored.</summary>
    public long Bytes => Components.Sum(component => component.Bytes);
}
