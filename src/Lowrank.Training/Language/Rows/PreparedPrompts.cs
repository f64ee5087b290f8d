namespace Lowrank.Training;

/// <summary>Prompts ready to be answered, and what became of the rows.</summary>
/// <param name="Rows">The prompts.</param>
/// <param name="Account">What was taken and dropped.</param>
sealed record PreparedPrompts(IReadOnlyList<PromptRow> Rows, RowAccount Account);
