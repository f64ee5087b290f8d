namespace Lowrank.Workbench;

/// <summary>Speed of one operation in two precisions, in 10⁹ floating-point operations a second (a multiply-add counts two).</summary>
/// <param name="Operation">What was measured, with its shapes.</param>
/// <param name="F32">In float32.</param>
/// <param name="Bf16">In bfloat16.</param>
public sealed record SpeedReading(string Operation, double F32, double Bf16);
