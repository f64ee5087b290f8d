namespace Lowrank.Torch;

/// <summary>How a recurrent layer is built.</summary>
/// <param name="Layers">Layers on top of one another.</param>
/// <param name="Directions">2 where each layer goes both ways, else 1.</param>
/// <param name="BatchFirst">Whether inputs are (batch, tokens, channels).</param>
/// <param name="Hidden">Width of a state.</param>
readonly record struct RecurrentShape(long Layers, int Directions, bool BatchFirst, long Hidden);
