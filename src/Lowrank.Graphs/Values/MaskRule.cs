namespace Lowrank.Graphs;

/// <summary>Gives the noise mask of one call of the network.</summary>
/// <param name="mask">The mask, (N, C, H, W), 0 to 1.</param>
/// <param name="sigma">σ of the call.</param>
/// <param name="sampling">How the network's levels are counted.</param>
/// <param name="sigmas">The levels of the run.</param>
public delegate Tensor MaskRule(Tensor mask, double sigma, ModelSampling sampling, IReadOnlyList<float> sigmas);
