namespace Lowrank.Language;

/// <summary>What was measured.</summary>
/// <param name="Measures">The measures, the first that by which models are compared.</param>
/// <param name="Rows">The rows that were measured, in their order.</param>
/// <param name="IsWhole">Whether these are all; false where it was stopped.</param>
public sealed record EvaluationResult(IReadOnlyList<Measured> Measures, IReadOnlyList<EvaluatedRow> Rows, bool IsWhole);
