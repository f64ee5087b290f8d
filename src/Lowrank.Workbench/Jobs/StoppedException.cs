namespace Lowrank.Workbench;

/// <summary>The work was stopped as asked; the message says what was saved.</summary>
/// <param name="message">What was saved, and how to go on.</param>
public sealed class StoppedException(string message) : OperationCanceledException(message);
