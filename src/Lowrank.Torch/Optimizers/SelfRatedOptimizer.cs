using System.Globalization;

namespace Lowrank.Torch;

/// <summary>An optimizer that finds its rate while it trains: one number d for all parameters, which only grows. The learning rate is a
/// factor on it, and 1 as a rule.</summary>
abstract class SelfRatedOptimizer : RuledOptimizer
{
    readonly string name;

    /// <summary>One over groups.</summary>
    /// <exception cref="LowrankException">Groups have different rates.</exception>
    protected SelfRatedOptimizer(string name, IEnumerable<ParameterGroup> groups, double first) : base(groups)
    {
        this.name = name;
        (Estimate, Taken) = (Shared("d", first), Shared("k"));
        FirstEstimate = first;
        CheckRates();
    }

    /// <summary>d.</summary>
    protected SharedNumber Estimate { get; }

    /// <summary>Steps taken.</summary>
    protected SharedNumber Taken { get; }

    /// <summary>d at the beginning.</summary>
    protected double FirstEstimate { get; }

    /// <summary>The rate of all groups that learn.</summary>
    protected double Factor { get; private set; }

    /// <inheritdoc/>
    protected override bool LooksFirst => true;

    /// <inheritdoc/>
    protected override void Begin(IReadOnlyList<TrainedParameter> ready) => CheckRates();

    // One d is estimated from all, so all have to be moved by it alike; a group whose rate is 0 is left out.
    void CheckRates()
    {
        double[] rates = [.. Groups.Select(group => group.LearningRate).Where(rate => rate > 0).Distinct()];
        Factor = rates.Length == 0 ? 0 : rates[0];
        if (rates.Length <= 1) return;
        string told = string.Join(", ", rates.Select(rate => rate.ToString("R", CultureInfo.InvariantCulture)));
        throw new LowrankException($"{name} finds one rate for all parameters, and the learning rates are {told}. " +
            "Set the same for all (LoRA+, rates of blocks and of the text encoder too), or choose another optimizer.");
    }

    /// <summary>What corrects means that begin at zero, in this step.</summary>
    protected double Correction(double beta1, double beta2)
    {
        double step = Taken.Value + 1;
        return Math.Sqrt(1 - Math.Pow(beta2, step)) / (1 - Math.Pow(beta1, step));
    }

    /// <summary>⟨a, b⟩ over all elements.</summary>
    protected static double Dot(Tensor a, Tensor b) => a.reshape(-1).dot(b.reshape(-1)).ToDouble();

    /// <summary>Sum of magnitudes.</summary>
    protected static double Magnitude(Tensor a) => a.abs().sum().ToDouble();
}
