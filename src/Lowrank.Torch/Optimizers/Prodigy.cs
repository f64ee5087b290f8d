namespace Lowrank.Torch;

/// <summary>AdamW that finds its rate from how far it has come (Mishchenko and Defazio, arXiv 2306.06101), as prodigyopt 1.1.2.</summary>
/// <remarks>
/// A step takes the d from before its own estimate; only ε is scaled by the new one. The mean scales by d, squares by d².
/// </remarks>
sealed class Prodigy : SelfRatedOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay(),
        first = OptimizerArguments.FirstEstimate();

    static readonly FreeArgument<double?> growthRate = OptimizerArguments.GrowthRate();

    static readonly FreeArgument<double?> beta3 = NamedArgument.OptionalNumber(
        "beta3", "prodigy: share of the estimate that is kept, none is the root of beta2; came: of squared residuals",
        NumberRange.ShareBelowOne);

    static readonly TypedArgument<double> coefficient =
        NamedArgument.Number("d_coef", "prodigy: what multiplies the rate that finds itself; 0.5 to 2 are usual", 1, NumberRange.Above(0));

    static readonly TypedArgument<bool> correct = OptimizerArguments.BiasCorrection(), decouple = OptimizerArguments.Decouple(true),
        safeguard = NamedArgument.Switch("safeguard_warmup", "prodigy: keep a warm-up's small rates out of what divides the estimate");

    static readonly TypedArgument<int> slice =
        NamedArgument.Whole(
            "slice_p", "prodigy: estimate from every so many elements, which saves memory; 11 is usual", 1, NumberRange.AtLeast(1));

    readonly double kept, keptSquares, keptEstimate, eps, decay, factor, growth;
    readonly bool corrects, isDecoupled, guards;
    readonly int every;
    readonly SharedNumber largest, numerator;
    double divisor, rate, before;

    Prodigy(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base("prodigy", groups, first.In(given))
    {
        (kept, keptSquares, eps, decay) = (beta1.In(given), beta2.In(given), epsilon.In(given), weightDecay.In(given));
        keptEstimate = beta3.In(given) ?? Math.Sqrt(keptSquares);
        (factor, growth) = (coefficient.In(given), growthRate.In(given) ?? double.PositiveInfinity);
        (corrects, isDecoupled, guards, every) = (correct.In(given), decouple.In(given), safeguard.In(given), slice.In(given));
        (largest, numerator) = (Shared("d_max", FirstEstimate), Shared("d_numerator"));
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "prodigy", "AdamW that finds its rate (arXiv 2306.06101); learning_rate is a factor, and 1",
        (groups, given) => new Prodigy(groups, given))
    {
        OtherNames = ["prodigyopt.Prodigy"],
        Arguments =
        [
            beta1, beta2, beta3, epsilon, weightDecay, decouple, correct, safeguard, first, coefficient, growthRate, slice,
        ],
        UsualRate = 1,
        PythonName = "prodigyopt.prodigy.Prodigy",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one)
    {
        var start = Sliced(one.Copy()).clone();
        return [("s", zeros_like(start)), ("p0", start), ("exp_avg", one.Zeros()), ("exp_avg_sq", one.Zeros())];
    }

    Tensor Sliced(Tensor values)
    {
        var flat = values.reshape(-1);
        return every == 1 ? flat : flat.slice(0, 0, flat.shape[0], every);
    }

    /// <inheritdoc/>
    protected override void Begin(IReadOnlyList<TrainedParameter> ready)
    {
        base.Begin(ready);
        before = Estimate.Value;
        rate = before * Factor * (corrects ? Correction(kept, keptSquares) : 1);
        numerator.Value *= keptEstimate;
        divisor = 0;
    }

    /// <inheritdoc/>
    protected override void Look(TrainedParameter one)
    {
        if (one.Rate == 0) return;
        var gradient = one.Pulled(isDecoupled ? 0 : decay);
        var (estimate, sliced) = (one["s"], Sliced(gradient));
        double scale = before / FirstEstimate;
        numerator.Value += scale * rate * Dot(sliced, one["p0"] - Sliced(one.Value));
        one["exp_avg"].mul_(kept).add_(gradient, alpha: before * (1 - kept));
        one["exp_avg_sq"].mul_(keptSquares).addcmul_(gradient, gradient, before * before * (1 - keptSquares));
        estimate.mul_(keptEstimate).add_(sliced, alpha: scale * (guards ? before : rate));
        divisor += Magnitude(estimate);
    }

    /// <inheritdoc/>
    protected override bool Settle()
    {
        if (divisor == 0) return false;
        double found = factor * numerator.Value / divisor;
        if (Estimate.Value == FirstEstimate) Estimate.Value = Math.Max(Estimate.Value, found);
        largest.Value = Math.Max(largest.Value, found);
        Estimate.Value = Math.Min(largest.Value, Estimate.Value * growth);
        Taken.Value++;
        return true;
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        if (one.Rate == 0) return;
        if (isDecoupled) one.Decay(decay * rate);
        one.Value.addcdiv_(one["exp_avg"], one["exp_avg_sq"].sqrt().add_(Estimate.Value * eps), -rate);
    }
}
