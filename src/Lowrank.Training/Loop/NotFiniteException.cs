namespace Lowrank.Training;

/// <summary>A loss or gradient that is no number any more: the run cannot go on.</summary>
public sealed class NotFiniteException(string message) : LowrankException(message);
