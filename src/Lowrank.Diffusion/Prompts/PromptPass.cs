namespace Lowrank.Diffusion;

/// <summary>The evaluations of the network that a prompt is read for: those of a whole run, or of its second pass.</summary>
/// <param name="Steps">How many they are. Samplers that ask twice a step have two for each.</param>
/// <param name="Before">Steps of the pass before, where this is a second one that draws the picture larger; null for the first.</param>
public readonly record struct PromptPass(int Steps, int? Before = null);
