namespace Lowrank.Workbench;

/// <summary>A base model as a web UI knows it.</summary>
/// <param name="Model">The model, loaded.</param>
/// <param name="Title">Its names, as they stand in pictures' texts.</param>
public sealed record WebUiModel(StableDiffusion Model, CheckpointTitle Title);
