namespace Lowrank.Torch;

/// <summary>Adafactor (Shazeer and Stern, arXiv 1804.04235) by transformers' rule, which kohya's trainer uses.</summary>
/// <remarks>With <c>relative_step</c> it computes its rate itself. The mean of <c>beta1</c> is one of updates that hold the rate
/// already.</remarks>
sealed class Adafactor : RuledOptimizer
{
    const string Squares = "exp_avg_sq";

    static readonly TypedArgument<double> epsilon = OptimizerArguments.Epsilon(1e-30), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<double> leastSize =
        NamedArgument.Number("epsilon2", "adafactor: least size of a parameter that scales its step", 1e-3, NumberRange.AtLeast(0));

    static readonly TypedArgument<double> clip = NamedArgument.Number(
        "clip_threshold", "adafactor, came: largest root mean square of an update before the rate", 1, NumberRange.Above(0));

    static readonly TypedArgument<double> decayRate = NamedArgument.Number(
        "decay_rate", "adafactor: the mean of squares keeps 1 - steps to this power", -0.8, NumberRange.Finite);

    static readonly FreeArgument<double?> beta1 = NamedArgument.OptionalNumber(
        "beta1", "share of the mean of updates that is kept; none keeps no mean", NumberRange.ShareBelowOne);

    static readonly TypedArgument<bool> scaleParameter =
        NamedArgument.Switch("scale_parameter", "adafactor: multiply steps by the parameter's size", true);

    static readonly TypedArgument<bool> relativeStep =
        NamedArgument.Switch("relative_step", "adafactor: compute the rate from the steps done, in place of learning_rate", true);

    static readonly TypedArgument<bool> warmupInit =
        NamedArgument.Switch("warmup_init", "adafactor: with relative_step the rate rises from 1e-6 a step");

    readonly double eps, least, limit, power, decay;
    readonly double? momentum;
    readonly bool scales, isRelative, warms;

    Adafactor(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (eps, least, limit, power) = (epsilon.In(given), leastSize.In(given), clip.In(given), decayRate.In(given));
        (decay, momentum, scales) = (weightDecay.In(given), beta1.In(given), scaleParameter.In(given));
        (isRelative, warms) = (relativeStep.In(given), warmupInit.In(given));
        if (warms && !isRelative) throw new LowrankException("adafactor: warmup_init wants relative_step");
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adafactor", "means of rows and columns in place of every square (arXiv 1804.04235), as transformers has it",
        (groups, given) => new Adafactor(groups, given))
    {
        OtherNames = ["transformers.Adafactor", "transformers.optimization.Adafactor"],
        Arguments = [epsilon, leastSize, clip, decayRate, beta1, weightDecay, scaleParameter, relativeStep, warmupInit],
        OwnRate = given => relativeStep.In(given) ? "adafactor computes its rate itself (relative_step)" : null,
        PythonName = "transformers.optimization.Adafactor",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one)
    {
        yield return TrainedParameter.Counter();
        if (momentum is not null) yield return ("exp_avg", one.Zeros());
        if (!FactoredSquares.Suits(one.Parameter)) yield return (Squares, one.Zeros());
        else
            foreach (var part in FactoredSquares.Fresh(one, Squares)) yield return part;
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        double rate = RateOf(one), kept = 1 - Math.Pow(one.Steps, power);
        var squares = one.Gradient.square().add_(eps);
        Tensor update;
        if (FactoredSquares.Suits(one.Parameter))
        {
            FactoredSquares.Add(one, Squares, squares, kept);
            update = FactoredSquares.InverseRoot(one, Squares).mul_(one.Gradient);
        }
        else
        {
            one[Squares].mul_(kept).add_(squares, alpha: 1 - kept);
            update = one[Squares].rsqrt().mul_(one.Gradient);
        }
        update.mul_(rate / Math.Max(1, FactoredSquares.Size(update) / limit));
        if (momentum is { } share) update = one["exp_avg"].mul_(share).add_(update, alpha: 1 - share);
        one.Decay(decay * rate);
        one.Value.sub_(update);
    }

    double RateOf(TrainedParameter one)
    {
        double rate = one.Rate;
        if (isRelative) rate = Math.Min(warms ? 1e-6 * one.Steps : 1e-2, 1 / Math.Sqrt(one.Steps));
        return scales ? rate * Math.Max(least, FactoredSquares.Size(one.Value)) : rate;
    }
}
