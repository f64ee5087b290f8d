namespace Lowrank.Torch;

/// <summary>Divides by the root of all squares so far (Duchi et al. 2011), as <c>torch.optim.Adagrad</c>.</summary>
sealed class Adagrad : RuledOptimizer
{
    static readonly TypedArgument<double> epsilon = OptimizerArguments.Epsilon(1e-10), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<double> rateDecay =
        NamedArgument.Number("lr_decay", "adagrad: the rate is divided by 1 + this times the steps done", 0, NumberRange.AtLeast(0));

    static readonly TypedArgument<double> start =
        NamedArgument.Number("initial_accumulator_value", "adagrad: what the sum of squares begins with", 0, NumberRange.AtLeast(0));

    readonly double eps, decay, slowing, beginning;

    Adagrad(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups) =>
        (eps, decay, slowing, beginning) = (epsilon.In(given), weightDecay.In(given), rateDecay.In(given), start.In(given));

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adagrad", "divides by the root of all squares so far", (groups, given) => new Adagrad(groups, given))
    {
        OtherNames = ["torch.optim.Adagrad"],
        Arguments = [epsilon, weightDecay, rateDecay, start],
        PythonName = "torch.optim.adagrad.Adagrad",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
        [TrainedParameter.Counter(), ("sum", one.Zeros().fill_(beginning))];

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        var gradient = DecayedGradient.Of(one, decay, isDecoupled: false);
        var sum = one["sum"];
        sum.addcmul_(gradient, gradient, 1);
        one.Value.addcdiv_(gradient, sum.sqrt().add_(eps), -one.Rate / (1 + (one.Steps - 1) * slowing));
    }
}
