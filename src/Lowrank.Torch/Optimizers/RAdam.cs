namespace Lowrank.Torch;

/// <summary>Adam that steps by its mean alone until the variance is known well enough (Liu et al., arXiv 1908.03265), as torch has
/// it.</summary>
sealed class RAdam : RuledOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<bool> decoupled = OptimizerArguments.Decoupled();

    readonly double first, second, eps, decay;
    readonly bool isDecoupled;

    RAdam(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (first, second, eps, decay) = (beta1.In(given), beta2.In(given), epsilon.In(given), weightDecay.In(given));
        isDecoupled = decoupled.In(given);
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "radam", "Adam that waits until it knows the variance (arXiv 1908.03265)", (groups, given) => new RAdam(groups, given))
    {
        OtherNames = ["torch.optim.RAdam"],
        Arguments = [beta1, beta2, epsilon, weightDecay, decoupled],
        PythonName = "torch.optim.radam.RAdam",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
        [TrainedParameter.Counter(), ("exp_avg", one.Zeros()), ("exp_avg_sq", one.Zeros())];

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        var gradient = DecayedGradient.Of(one, decay, isDecoupled);
        var (mean, variance) = (one["exp_avg"], one["exp_avg_sq"]);
        mean.lerp_(gradient, 1 - first);
        variance.mul_(second).addcmul_(gradient, gradient, 1 - second);
        var knowledge = VarianceKnowledge.After(one.Steps, second);
        double rate = one.Rate / (1 - Math.Pow(first, one.Steps));
        if (knowledge.Length <= 5)
        {
            one.Value.add_(mean, alpha: -rate);
            return;
        }
        double correction = Math.Sqrt(1 - Math.Pow(second, one.Steps));
        one.Value.addcdiv_(mean, variance.sqrt().add_(eps), -rate * correction * knowledge.Rectification);
    }
}
