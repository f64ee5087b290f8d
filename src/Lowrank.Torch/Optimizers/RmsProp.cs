namespace Lowrank.Torch;

/// <summary>Divides by the root of a mean of squares (Hinton 2012), as <c>torch.optim.RMSprop</c>.</summary>
sealed class RmsProp : RuledOptimizer
{
    static readonly TypedArgument<double> epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<double> smoothing =
        NamedArgument.Number("smoothing", "rmsprop: share of the mean of squares that is kept", 0.99, NumberRange.ShareBelowOne);

    static readonly TypedArgument<double> momentum =
        NamedArgument.Number("momentum", "rmsprop: share of the last step that is kept", 0, NumberRange.AtLeast(0));

    static readonly TypedArgument<bool> centered =
        NamedArgument.Switch("centered", "rmsprop: take the square of the mean off the mean of squares");

    readonly double eps, decay, kept, inertia;
    readonly bool isCentered;

    RmsProp(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (eps, decay) = (epsilon.In(given), weightDecay.In(given));
        (kept, inertia, isCentered) = (smoothing.In(given), momentum.In(given), centered.In(given));
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "rmsprop", "divides by the root of a mean of squares", (groups, given) => new RmsProp(groups, given))
    {
        OtherNames = ["torch.optim.RMSprop"],
        Arguments = [epsilon, weightDecay, smoothing, momentum, centered],
        Spellings = new Dictionary<string, string> { ["alpha"] = "smoothing" },
        PythonName = "torch.optim.rmsprop.RMSprop",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one)
    {
        yield return TrainedParameter.Counter();
        yield return ("square_avg", one.Zeros());
        if (isCentered) yield return ("grad_avg", one.Zeros());
        if (inertia > 0) yield return ("momentum_buffer", one.Zeros());
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        var gradient = DecayedGradient.Of(one, decay, isDecoupled: false);
        var squares = one["square_avg"];
        squares.mul_(kept).addcmul_(gradient, gradient, 1 - kept);
        var divisor = squares;
        if (isCentered)
        {
            var mean = one["grad_avg"];
            mean.lerp_(gradient, 1 - kept);
            divisor = squares.addcmul(mean, mean, -1);
        }
        divisor = divisor.sqrt().add_(eps);
        if (inertia == 0)
        {
            one.Value.addcdiv_(gradient, divisor, -one.Rate);
            return;
        }
        var last = one["momentum_buffer"];
        last.mul_(inertia).addcdiv_(gradient, divisor, 1);
        one.Value.add_(last, alpha: -one.Rate);
    }
}
