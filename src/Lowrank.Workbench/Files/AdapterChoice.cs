namespace Lowrank.Workbench;

/// <summary>An adapter that is to be used, with its strength.</summary>
/// <param name="Path">The file, or PEFT's folder.</param>
/// <param name="Strength">Multiplier; 1 is as trained, 0 does nothing, negative turns it round.</param>
public record AdapterChoice(string Path, double Strength = 1);
