namespace Lowrank.Training;

/// <summary>Single answers ready to be learnt, and what became of the examples.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Account">What was taken, cut and dropped.</param>
sealed record PreparedUnpaired(IReadOnlyList<UnpairedRow> Rows, RowAccount Account);
