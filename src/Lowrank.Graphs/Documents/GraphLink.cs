using System.Numerics;

namespace Lowrank.Graphs;

/// <summary>A link: an output of another node.</summary>
/// <param name="From">The other node's id.</param>
/// <param name="Slot">Which of its outputs, from 0.</param>
public sealed record GraphLink(string From, int Slot)
{
    /// <summary>The link that a written value is: a list of an id and a number; null if it is none.</summary>
    public static GraphLink? Of(object? value)
    {
        if (value is not IReadOnlyList<object?> { Count: 2 } pair || pair[0] is not string from) return null;
        return pair[1] is BigInteger slot && slot >= 0 && slot <= int.MaxValue ? new(from, (int)slot) : null;
    }

    /// <summary>As a document writes it.</summary>
    public List<object?> Written => [From, new BigInteger(Slot)];
}
