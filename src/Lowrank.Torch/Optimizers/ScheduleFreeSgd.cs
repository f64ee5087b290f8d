namespace Lowrank.Torch;

/// <summary>Gradient descent without a schedule (Defazio et al., arXiv 2405.15682).</summary>
sealed class ScheduleFreeSgd : ScheduleFreeOptimizer
{
    static readonly TypedArgument<double> weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<double> momentum =
        NamedArgument.Number("momentum", "sgd_schedulefree: how near gradients are taken to the mean", 0.9, NumberRange.Above(0));

    readonly int warmup;

    ScheduleFreeSgd(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given)
        : base(groups, momentum.In(given), weightDecay.In(given), WeightPower.In(given), RatePower.In(given)) =>
        warmup = WarmupSteps.In(given);

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "sgd_schedulefree", "gradient descent whose result is a mean of steps, for schedule constant (arXiv 2405.15682)",
        (groups, given) => new ScheduleFreeSgd(groups, given))
    {
        OtherNames = ["SGDScheduleFree", "schedulefree.SGDScheduleFree", "schedule_free_sgd"],
        Arguments = [momentum, weightDecay, WarmupSteps, WeightPower, RatePower],
        Spellings = PeersNames,
        NeedsNoSchedule = true,
        PythonName = "schedulefree.sgd_schedulefree.SGDScheduleFree",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) => [("z", one.Copy())];

    /// <inheritdoc/>
    protected override double RateShare() => Warmed(warmup);

    /// <inheritdoc/>
    protected override Tensor Direction(TrainedParameter one) => one.Gradient;
}
