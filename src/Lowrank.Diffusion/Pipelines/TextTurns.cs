namespace Lowrank.Diffusion;

/// <summary>When the text encoders become others in a run.</summary>
/// <param name="Steps">The steps, from 0, in any order, of a run of so many.</param>
/// <param name="State">What tells one state of the encoders from another: step, and of how many. Equal ones are encoded once.</param>
public sealed record TextTurns(Func<int, IEnumerable<int>> Steps, Func<int, int, string> State);
