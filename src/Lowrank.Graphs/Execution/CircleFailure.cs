namespace Lowrank.Graphs;

/// <summary>Where links lead round in a circle.</summary>
sealed class CircleFailure() : CheckFailure("RecursionError", "maximum recursion depth exceeded")
{
    /// <inheritdoc/>
    public override bool NamesNode => false;
}
