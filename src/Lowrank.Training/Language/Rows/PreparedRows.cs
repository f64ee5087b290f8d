namespace Lowrank.Training;

/// <summary>Rows ready to be learnt, and what became of the examples.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Account">What was taken, cut and dropped.</param>
public sealed record PreparedRows(IReadOnlyList<LearnedRow> Rows, RowAccount Account);
