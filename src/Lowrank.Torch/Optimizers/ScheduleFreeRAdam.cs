namespace Lowrank.Torch;

/// <summary>RAdam without a schedule (Defazio et al., arXiv 2405.15682): its rectification is the warm-up.</summary>
sealed class ScheduleFreeRAdam : ScheduleFreeOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<bool> silent = NamedArgument.Switch(
        "silent_sgd_phase", "radam_schedulefree: stay while the variance is not known, in place of plain steps", true);

    readonly double kept, eps;
    readonly bool isSilent;

    ScheduleFreeRAdam(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given)
        : base(groups, beta1.In(given), weightDecay.In(given), WeightPower.In(given), RatePower.In(given)) =>
        (kept, eps, isSilent) = (beta2.In(given), epsilon.In(given), silent.In(given));

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "radam_schedulefree", "RAdam whose result is a mean of steps, for schedule constant (arXiv 2405.15682)",
        (groups, given) => new ScheduleFreeRAdam(groups, given))
    {
        OtherNames = ["RAdamScheduleFree", "schedulefree.RAdamScheduleFree", "schedule_free_radam"],
        Arguments = [beta1, beta2, epsilon, weightDecay, silent, WeightPower, RatePower],
        Spellings = PeersNames,
        NeedsNoSchedule = true,
        PythonName = "schedulefree.radam_schedulefree.RAdamScheduleFree",
    };

    VarianceKnowledge Knowledge => VarianceKnowledge.After(Number, kept);

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
        [("z", one.Copy()), ("exp_avg_sq", one.Zeros())];

    /// <inheritdoc/>
    protected override double RateShare()
    {
        if (Knowledge.Length > 4) return Knowledge.Rectification;
        return isSilent ? 0 : 1;
    }

    /// <inheritdoc/>
    protected override Tensor Direction(TrainedParameter one)
    {
        var squares = one["exp_avg_sq"];
        squares.mul_(kept).addcmul_(one.Gradient, one.Gradient, 1 - kept);
        if (!(Knowledge.Length > 4)) return one.Gradient;
        return one.Gradient / (squares / (1 - Math.Pow(kept, Number))).sqrt_().add_(eps);
    }
}
