using System.Globalization;

namespace Lowrank.Torch;

/// <summary>The constants of <see cref="FusedAdamW"/>; defaults are PyTorch's.</summary>
/// <param name="Beta1">Decay of the mean of gradients, 0 ≤ β1 &lt; 1.</param>
/// <param name="Beta2">Decay of the mean of squared gradients, 0 ≤ β2 &lt; 1.</param>
/// <param name="Epsilon">Added to the root of the corrected variance, &gt; 0.</param>
/// <param name="WeightDecay">Share of the parameter, times the learning rate, that is taken off each step, ≥ 0.</param>
/// <param name="Amsgrad">Whether the largest variance so far divides (Reddi et al. 2018).</param>
public sealed record AdamWOptions(
    double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0.01, bool Amsgrad = false)
{
    /// <summary>
    /// Whether ε is added to the root of the variance before that is corrected, as in transformers' AdamW and PEFT's LoRA-FA: then it
    /// counts for more at first.
    /// </summary>
    public bool EpsilonBeforeCorrection { get; init; }

    /// <summary>Whether means of gradients and squares, which begin at zero, are corrected for that; else the first steps are
    /// smaller.</summary>
    public bool CorrectsBias { get; init; } = true;

    /// <summary>Whether a step's decay acts on what the parameter is after the step, as in transformers' AdamW.</summary>
    public bool DecaysLast { get; init; }

    /// <summary>Throws one error that lists every value out of its range.</summary>
    public void Check()
    {
        var faults = new List<string>();
        if (!(Beta1 is >= 0 and < 1)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"beta1 {Beta1} is not in [0, 1)"));
        if (!(Beta2 is >= 0 and < 1)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"beta2 {Beta2} is not in [0, 1)"));
        if (!(Epsilon > 0)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"epsilon {Epsilon} is not above 0"));
        if (!(WeightDecay >= 0)) faults.Add(string.Create(CultureInfo.InvariantCulture, $"weight decay {WeightDecay} is not 0 or above"));
        if (faults.Count > 0) throw new LowrankException($"AdamW: {string.Join("; ", faults)}.");
    }
}
