namespace Lowrank.Graphs;

/// <summary>Hooks of text encoders.</summary>
/// <param name="Hooks">The hooks.</param>
/// <param name="FollowsSteps">Whether texts are encoded once for each stretch of equal strengths; else once, without keyframes.</param>
/// <param name="PassesOn">Whether the conditions that are encoded carry the hooks, so that they act on the denoising network too.</param>
public sealed record ClipHooks(IReadOnlyList<Hook> Hooks, bool FollowsSteps, bool PassesOn);
