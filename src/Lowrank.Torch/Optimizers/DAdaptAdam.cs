namespace Lowrank.Torch;

/// <summary>Adam that finds its rate (Defazio and Mishchenko, arXiv 2301.07733), as dadaptation 3.2.</summary>
/// <remarks>The mean of gradients holds the rate already, so that a step has none. Estimates keep √β2 of what they were.</remarks>
sealed class DAdaptAdam : SelfRatedOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay(),
        first = OptimizerArguments.FirstEstimate();

    static readonly FreeArgument<double?> growthRate = OptimizerArguments.GrowthRate();

    static readonly TypedArgument<bool> correct = OptimizerArguments.BiasCorrection(), decouple = OptimizerArguments.Decouple(false);

    readonly double kept, keptSquares, keptEstimate, eps, decay, growth;
    readonly bool corrects, isDecoupled;
    readonly SharedNumber numerator;
    double divisor, found, rate;

    DAdaptAdam(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given)
        : base("dadapt_adam", groups, first.In(given))
    {
        (kept, keptSquares, eps, decay) = (beta1.In(given), beta2.In(given), epsilon.In(given), weightDecay.In(given));
        (keptEstimate, growth) = (Math.Sqrt(keptSquares), growthRate.In(given) ?? double.PositiveInfinity);
        (corrects, isDecoupled) = (correct.In(given), decouple.In(given));
        numerator = Shared("numerator_weighted");
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "dadapt_adam", "Adam that finds its rate (arXiv 2301.07733); learning_rate is a factor, and 1",
        (groups, given) => new DAdaptAdam(groups, given))
    {
        OtherNames = ["dadaptation.DAdaptAdam"],
        Arguments = [beta1, beta2, epsilon, weightDecay, decouple, correct, first, growthRate],
        UsualRate = 1,
        PythonName = "dadaptation.dadapt_adam.DAdaptAdam",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
        [("s", one.Zeros()), ("exp_avg", one.Zeros()), ("exp_avg_sq", one.Zeros())];

    /// <inheritdoc/>
    protected override void Begin(IReadOnlyList<TrainedParameter> ready)
    {
        base.Begin(ready);
        rate = Estimate.Value * Factor * (corrects ? Correction(kept, keptSquares) : 1);
        divisor = found = 0;
    }

    /// <inheritdoc/>
    protected override void Look(TrainedParameter one)
    {
        if (one.Rate == 0) return;
        var gradient = one.Pulled(isDecoupled ? 0 : decay);
        var (estimate, squares) = (one["s"], one["exp_avg_sq"]);
        found += rate * Dot(gradient, estimate / squares.sqrt().add_(eps));
        one["exp_avg"].mul_(kept).add_(gradient, alpha: rate * (1 - kept));
        squares.mul_(keptSquares).addcmul_(gradient, gradient, 1 - keptSquares);
        estimate.mul_(keptEstimate).add_(gradient, alpha: rate * (1 - keptEstimate));
        divisor += Magnitude(estimate);
    }

    /// <inheritdoc/>
    protected override bool Settle()
    {
        if (divisor == 0) return false;
        numerator.Value = keptEstimate * numerator.Value + (1 - keptEstimate) * found;
        double estimate = numerator.Value / ((1 - keptEstimate) * divisor);
        if (Factor > 0) Estimate.Value = Math.Max(Estimate.Value, Math.Min(estimate, Estimate.Value * growth));
        Taken.Value++;
        return true;
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        if (one.Rate == 0) return;
        if (isDecoupled) one.Decay(decay * rate);
        one.Value.addcdiv_(one["exp_avg"], one["exp_avg_sq"].sqrt().add_(eps), -1);
    }
}
