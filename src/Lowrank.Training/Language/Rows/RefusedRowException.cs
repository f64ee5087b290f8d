namespace Lowrank.Training;

/// <summary>A row that the chat template refuses.</summary>
/// <param name="message">Where it stands, and the template's words.</param>
/// <param name="inner">What the template threw.</param>
sealed class RefusedRowException(string message, Exception inner) : LowrankException(message, inner);
