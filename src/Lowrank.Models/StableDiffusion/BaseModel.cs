namespace Lowrank.Models;

/// <summary>A kind of base model that can be loaded.</summary>
/// <param name="Family">Short name, by which adapters' files tell models apart: "sd1", "sd2", "sdxl".</param>
/// <param name="Title">Name for people.</param>
/// <param name="PipelineClasses">Classes of diffusers that a model_index.json of this kind may name.</param>
/// <param name="Fits">Whether the denoising network's shape is this kind's, where kinds share a pipeline class.</param>
/// <param name="Load">Loads a folder or a single-file checkpoint.</param>
public sealed record BaseModel(string Family, string Title, IReadOnlyList<string> PipelineClasses,
    Func<UNetConfig, bool> Fits, Func<string, Storage, StableDiffusion> Load);
