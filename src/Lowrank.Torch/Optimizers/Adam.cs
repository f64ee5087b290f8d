namespace Lowrank.Torch;

/// <summary>Adam (Kingma and Ba, arXiv 1412.6980) as <c>torch.optim.Adam</c>: weight decay is added to the gradient.</summary>
sealed class Adam : RuledOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<bool> amsgrad =
        NamedArgument.Switch("amsgrad", "adam, adamw: divide by the largest mean of squares so far");

    readonly double first, second, eps, decay;
    readonly bool keepsLargest;

    Adam(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (first, second, eps, decay) = (beta1.In(given), beta2.In(given), epsilon.In(given), weightDecay.In(given));
        keepsLargest = amsgrad.In(given);
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adam", "AdamW with weight decay in the gradient", (groups, given) => new Adam(groups, given))
    {
        OtherNames = ["torch.optim.Adam"],
        Arguments = [beta1, beta2, epsilon, weightDecay, amsgrad],
        PythonName = "torch.optim.adam.Adam",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one)
    {
        yield return TrainedParameter.Counter();
        yield return ("exp_avg", one.Zeros());
        yield return ("exp_avg_sq", one.Zeros());
        if (keepsLargest) yield return ("max_exp_avg_sq", one.Zeros());
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        var gradient = DecayedGradient.Of(one, decay, isDecoupled: false);
        var (mean, variance) = (one["exp_avg"], one["exp_avg_sq"]);
        mean.lerp_(gradient, 1 - first);
        variance.mul_(second).addcmul_(gradient, gradient, 1 - second);
        if (keepsLargest)
        {
            var largest = one["max_exp_avg_sq"];
            largest.copy_(maximum(largest, variance));
            variance = largest;
        }
        double rate = one.Rate / (1 - Math.Pow(first, one.Steps)), correction = Math.Sqrt(1 - Math.Pow(second, one.Steps));
        one.Value.addcdiv_(mean, (variance.sqrt() / correction).add_(eps), -rate);
    }
}
