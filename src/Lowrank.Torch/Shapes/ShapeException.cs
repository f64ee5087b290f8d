namespace Lowrank.Torch;

/// <summary>Shapes that do not fit an operator, found before libtorch sees them.</summary>
public sealed class ShapeException(string message) : LowrankException(message);
