namespace Lowrank.Adapters;

/// <summary>How far two adapters differ at one target.</summary>
/// <param name="Path">The target.</param>
/// <param name="MethodA">The first one's method; null where it leaves the target alone.</param>
/// <param name="MethodB">The second one's.</param>
/// <param name="Change">The larger of the two changes' Frobenius norms, ‖W' − W‖.</param>
/// <param name="Difference">‖W'a − W'b‖, biases included.</param>
/// <param name="Largest">The largest difference of an entry.</param>
public sealed record ComparedTarget(string Path, string? MethodA, string? MethodB, double Change, double Difference, double Largest)
{
    /// <summary>The difference as a share of the change: 0 for equal ones, about 1.4 for unrelated ones.</summary>
    public double Relative => Difference == 0 ? 0 : Difference / Change;
}
