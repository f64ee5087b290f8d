namespace Lowrank.Torch;

/// <summary>Lion that finds its rate (Defazio and Mishchenko, arXiv 2301.07733), as dadaptation 3.2.</summary>
/// <remarks>Parameters are moved by the d from before the step's estimate. The mean holds the rate, and the gradient beside it does
/// not.</remarks>
sealed class DAdaptLion : SelfRatedOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(0.99),
        weightDecay = OptimizerArguments.WeightDecay(), first = OptimizerArguments.FirstEstimate();

    readonly double kept, keptLong, keptEstimate, decay;
    readonly SharedNumber numerator;
    double divisor, found, rate;

    DAdaptLion(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given)
        : base("dadapt_lion", groups, first.In(given))
    {
        (kept, keptLong, decay) = (beta1.In(given), beta2.In(given), weightDecay.In(given));
        keptEstimate = Math.Sqrt(keptLong);
        numerator = Shared("numerator_weighted");
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "dadapt_lion", "Lion that finds its rate (arXiv 2301.07733); learning_rate is a factor, and 1",
        (groups, given) => new DAdaptLion(groups, given))
    {
        OtherNames = ["dadaptation.DAdaptLion"],
        Arguments = [beta1, beta2, weightDecay, first],
        UsualRate = 1,
        PythonName = "dadaptation.dadapt_lion.DAdaptLion",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
        [("exp_avg", one.Zeros()), ("s", one.Zeros())];

    /// <inheritdoc/>
    protected override bool LooksFirst => false;

    /// <inheritdoc/>
    protected override void Begin(IReadOnlyList<TrainedParameter> ready)
    {
        base.Begin(ready);
        rate = Estimate.Value * Factor;
        divisor = found = 0;
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        if (one.Rate == 0) return;
        var (mean, estimate) = (one["exp_avg"], one["s"]);
        one.Decay(decay * rate);
        var direction = (mean * kept).add_(one.Gradient, alpha: 1 - kept).sign_();
        one.Value.add_(direction, alpha: -rate);
        mean.mul_(keptLong).add_(one.Gradient, alpha: (1 - keptLong) * rate);
        found += rate * Dot(direction, estimate);
        estimate.mul_(keptEstimate).add_(direction, alpha: (1 - keptEstimate) * rate);
        divisor += Magnitude(estimate);
    }

    /// <inheritdoc/>
    protected override void End()
    {
        numerator.Value = keptEstimate * numerator.Value + (1 - keptEstimate) * found;
        if (divisor == 0) return;
        Estimate.Value = Math.Max(Estimate.Value, numerator.Value / ((1 - keptEstimate) * divisor));
        Taken.Value++;
    }
}
