namespace Lowrank.Torch;

/// <summary>AdamW without a schedule (Defazio et al., arXiv 2405.15682).</summary>
sealed class ScheduleFreeAdamW : ScheduleFreeOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay();

    readonly double kept, eps;
    readonly int warmup;

    ScheduleFreeAdamW(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given)
        : base(groups, beta1.In(given), weightDecay.In(given), WeightPower.In(given), RatePower.In(given)) =>
        (kept, eps, warmup) = (beta2.In(given), epsilon.In(given), WarmupSteps.In(given));

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adamw_schedulefree", "AdamW whose result is a mean of steps, for schedule constant (arXiv 2405.15682)",
        (groups, given) => new ScheduleFreeAdamW(groups, given))
    {
        OtherNames = ["AdamWScheduleFree", "schedulefree.AdamWScheduleFree", "schedule_free_adamw"],
        Arguments = [beta1, beta2, epsilon, weightDecay, WarmupSteps, WeightPower, RatePower],
        Spellings = PeersNames,
        NeedsNoSchedule = true,
        PythonName = "schedulefree.adamw_schedulefree.AdamWScheduleFree",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
        [("z", one.Copy()), ("exp_avg_sq", one.Zeros())];

    /// <inheritdoc/>
    protected override double RateShare() => Warmed(warmup);

    /// <inheritdoc/>
    protected override Tensor Direction(TrainedParameter one)
    {
        var squares = one["exp_avg_sq"];
        squares.mul_(kept).addcmul_(one.Gradient, one.Gradient, 1 - kept);
        return one.Gradient / (squares / (1 - Math.Pow(kept, Number))).sqrt_().add_(eps);
    }
}
