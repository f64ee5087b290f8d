namespace Lowrank.Training;

/// <summary>A loss or gradient that is no number any more: the run cannot go on.</summary>
public sealed class DivergedException(string message) : LowrankException(message);
