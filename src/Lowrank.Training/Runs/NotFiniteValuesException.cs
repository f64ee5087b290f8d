namespace Lowrank.Training;

/// <summary>A part of an adapter holds NaN or infinity.</summary>
public sealed class NotFiniteValuesException(string message) : LowrankException(message);
