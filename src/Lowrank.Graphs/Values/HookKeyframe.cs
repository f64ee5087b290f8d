namespace Lowrank.Graphs;

/// <summary>From where on a hook has which factor.</summary>
/// <param name="Strength">The factor of the hook's strengths.</param>
/// <param name="Start">Where it begins, as a share of the way from noise (0) to picture (1).</param>
/// <param name="LeastSteps">How many steps it lasts at least.</param>
public sealed record HookKeyframe(double Strength, double Start, int LeastSteps);
