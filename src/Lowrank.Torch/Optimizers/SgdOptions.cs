using System.Globalization;

namespace Lowrank.Torch;

/// <summary>The constants of <see cref="Sgd"/>; defaults are PyTorch's.</summary>
/// <param name="Momentum">Share of the last step's direction that is kept, ≥ 0; 0 by default.</param>
/// <param name="Dampening">Share of the gradient that the direction does not take up; 0 by default.</param>
/// <param name="WeightDecay">Share of the parameter that is added to its gradient, ≥ 0; 0 by default.</param>
/// <param name="Nesterov">Whether a step looks ahead by the momentum; that wants momentum and no dampening.</param>
public sealed record SgdOptions(double Momentum = 0, double Dampening = 0, double WeightDecay = 0, bool Nesterov = false)
{
    /// <summary>Throws one error that lists every value out of its range.</summary>
    /// <exception cref="LowrankException">There is one.</exception>
    public void Check()
    {
        var faults = new List<string>();
        if (!(Momentum >= 0)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"momentum {Momentum} is not 0 or above"));
        if (!(WeightDecay >= 0)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"weight decay {WeightDecay} is not 0 or above"));
        if (Nesterov && (Momentum == 0 || Dampening != 0)) faults.Add("nesterov wants a momentum, and no dampening");
        if (faults.Count > 0) throw new LowrankException($"SGD: {string.Join("; ", faults)}.");
    }
}
