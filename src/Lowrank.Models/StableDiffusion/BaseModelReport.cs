namespace Lowrank.Models;

/// <summary>What is known of a base model's folder without loading its weights.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Family">"sd1", "sd2", "sdxl".</param>
/// <param name="Title">The family's name for people.</param>
/// <param name="PipelineClass">Class that model_index.json names.</param>
/// <param name="Prediction">What the network predicts.</param>
/// <param name="Pixels">Height and width of pictures for which it was made.</param>
/// <param name="LatentScale">The autoencoder's scaling factor.</param>
/// <param name="TextChannels">Width of the encoded text.</param>
/// <param name="Inpainting">Whether the network takes a mask and a masked picture besides the latents.</param>
/// <param name="Components">Its parts, in the index's order.</param>
public sealed record BaseModelReport(string Folder, string Family, string Title, string PipelineClass, PredictionType Prediction,
    int Pixels, double LatentScale, int TextChannels, bool Inpainting, IReadOnlyList<ComponentReport> Components)
{
    /// <summary>Parameters of all parts.</summary>
    public long Parameters => Components.Sum(component => component.Parameters);

    /// <summary>Bytes of all weights as stored.</summary>
    public long Bytes => Components.Sum(component => component.Bytes);
}
