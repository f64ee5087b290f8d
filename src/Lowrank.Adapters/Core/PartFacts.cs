namespace Lowrank.Adapters;

/// <summary>What the shapes of a target's parts tell without a model.</summary>
/// <param name="Rank">Rank of the factors, or the block size of a rotation; 0 where there is none.</param>
/// <param name="Out">Output channels; null where the parts do not tell.</param>
/// <param name="In">Input channels; null where the parts do not tell.</param>
/// <param name="Kernel">Kernel sizes; empty for a linear layer.</param>
public sealed record PartFacts(long Rank, long? Out, long? In, long[] Kernel)
{
    /// <summary>Of a down (rank, in), and an up (out, rank) where there is one; null where down is no matrix.</summary>
    internal static PartFacts? OfFactors(IReadOnlyDictionary<string, long[]> shapes, string down, string up)
    {
        if (shapes.GetValueOrDefault(down) is not [var rank, var inputs]) return null;
        long? outputs = shapes.GetValueOrDefault(up) is [var rows, _] ? rows : null;
        return new PartFacts(rank, outputs, inputs, []);
    }
}
