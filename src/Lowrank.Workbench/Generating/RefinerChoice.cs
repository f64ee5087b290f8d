namespace Lowrank.Workbench;

/// <summary>A base model that takes over on the way.</summary>
/// <param name="Path">Its folder or file.</param>
/// <param name="SwitchAt">Share of the way after which it does, 0 to 1; 1 is never.</param>
public sealed record RefinerChoice(string Path, double SwitchAt = RefinerOptions.UsualSwitch);
