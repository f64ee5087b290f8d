namespace Lowrank.Workbench;

/// <summary>What was added to a text.</summary>
/// <param name="Prompt">Number of the prompt, from 0.</param>
/// <param name="Text">Whole characters.</param>
public sealed record WrittenPiece(int Prompt, string Text) : JobEvent;
