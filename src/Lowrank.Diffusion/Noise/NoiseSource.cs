namespace Lowrank.Diffusion;

/// <summary>Which generator turns a seed into noise.</summary>
/// <param name="Name">What a user types: "cpu".</param>
/// <param name="Label">What AUTOMATIC1111 calls it, and writes into pictures as "RNG": "CPU".</param>
/// <param name="Create">The generator of a seed.</param>
public sealed record NoiseSource(string Name, string Label, Func<long, INormalGenerator> Create);
