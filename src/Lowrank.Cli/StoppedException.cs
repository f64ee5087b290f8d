namespace Lowrank.Cli;

/// <summary>Ctrl-C was heeded; the message says what was saved.</summary>
sealed class StoppedException(string message) : OperationCanceledException(message);
