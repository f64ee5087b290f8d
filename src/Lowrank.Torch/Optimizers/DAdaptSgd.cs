namespace Lowrank.Torch;

/// <summary>Gradient descent that finds its rate (Defazio and Mishchenko, arXiv 2301.07733), as dadaptation 3.2.</summary>
/// <remarks>The rate is over the norm of the first step's gradients. A parameter comes from its start and the sum of steps.</remarks>
sealed class DAdaptSgd : SelfRatedOptimizer
{
    static readonly TypedArgument<double> weightDecay = OptimizerArguments.WeightDecay(), first = OptimizerArguments.FirstEstimate();

    static readonly FreeArgument<double?> growthRate = OptimizerArguments.GrowthRate();

    static readonly TypedArgument<double> momentum =
        NamedArgument.Number("momentum", "dadapt_sgd: share of the parameter that stays", 0, NumberRange.ShareBelowOne);

    readonly double decay, inertia, growth;
    readonly SharedNumber numerator, firstNorm;
    double squares, rate;

    DAdaptSgd(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base("dadapt_sgd", groups, first.In(given))
    {
        (decay, inertia, growth) = (weightDecay.In(given), momentum.In(given), growthRate.In(given) ?? double.PositiveInfinity);
        (numerator, firstNorm) = (Shared("numerator_weighted"), Shared("g0_norm"));
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "dadapt_sgd", "gradient descent that finds its rate (arXiv 2301.07733); learning_rate is a factor, and 1",
        (groups, given) => new DAdaptSgd(groups, given))
    {
        OtherNames = ["dadaptation.DAdaptSGD"],
        Arguments = [weightDecay, momentum, first, growthRate],
        UsualRate = 1,
        PythonName = "dadaptation.dadapt_sgd.DAdaptSGD",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
        [("z", one.Copy()), ("s", one.Zeros()), ("x0", one.Copy())];

    /// <inheritdoc/>
    protected override void Begin(IReadOnlyList<TrainedParameter> ready)
    {
        base.Begin(ready);
        if (Taken.Value == 0)
            firstNorm.Value = Math.Sqrt(ready.Where(one => one.Rate > 0).Sum(one => Math.Pow(one.Parameter.grad!.norm().ToDouble(), 2)));
        rate = firstNorm.Value > 0 ? Estimate.Value * Factor / firstNorm.Value : 0;
        squares = 0;
    }

    /// <inheritdoc/>
    protected override void Look(TrainedParameter one)
    {
        if (one.Rate == 0) return;
        var gradient = one.Pulled(decay);
        var sum = one["s"];
        numerator.Value += rate * Dot(gradient, sum);
        sum.add_(gradient, alpha: rate);
        squares += Math.Pow(sum.norm().ToDouble(), 2);
    }

    /// <inheritdoc/>
    protected override bool Settle()
    {
        if (firstNorm.Value == 0) return false;
        double found = squares > 0 ? 2 * numerator.Value / Math.Sqrt(squares) : 0;
        if (Factor > 0) Estimate.Value = Math.Max(Estimate.Value, Math.Min(found, Estimate.Value * growth));
        Taken.Value++;
        return true;
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        if (one.Rate == 0) return;
        one["z"].copy_(one["x0"] - one["s"]);
        one.Value.mul_(inertia).add_(one["z"], alpha: 1 - inertia);
    }
}
