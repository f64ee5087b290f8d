namespace Lowrank.Training;

/// <summary>Pairs ready to be learnt, and what became of the examples.</summary>
/// <param name="Pairs">The pairs.</param>
/// <param name="Account">What was taken, cut and dropped.</param>
sealed record PreparedPairs(IReadOnlyList<PairRow> Pairs, RowAccount Account);
