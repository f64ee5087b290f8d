namespace Lowrank.Diffusion;

/// <summary>What holds in each step of a run: one thing from the first step on, and perhaps others from later ones on.</summary>
/// <typeparam name="T">What holds.</typeparam>
public sealed class StepTimeline<T>
{
    readonly IReadOnlyList<(int From, T Thing)> parts;

    /// <summary>Makes a thing for each turn.</summary>
    /// <param name="turns">Steps from which on another thing holds, in any order; step 0 is always one.</param>
    /// <param name="at">Makes what holds from such a step on.</param>
    public StepTimeline(IEnumerable<int> turns, Func<int, T> at) =>
        parts = [.. turns.Append(0).Distinct().Order().Select(turn => (turn, at(turn)))];

    /// <summary>Steps from which on another thing holds, rising; the first is 0.</summary>
    public IEnumerable<int> Turns => parts.Select(part => part.From);

    /// <summary>Whether another thing holds from any later step on.</summary>
    public bool HasTurns => parts.Count > 1;

    /// <summary>What holds in a step.</summary>
    public T At(int step) => parts.Last(part => part.From <= step).Thing;
}
