namespace Lowrank.Torch;

/// <summary>A device that was chosen, and why.</summary>
/// <param name="Device">The device.</param>
/// <param name="Reason">A clause for a reader: "this machine has 2 CUDA devices".</param>
public sealed record DeviceChoice(Device Device, string Reason);
