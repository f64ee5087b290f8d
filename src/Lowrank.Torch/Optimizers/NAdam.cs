namespace Lowrank.Torch;

/// <summary>Adam that looks ahead by its momentum, which grows with the steps (Dozat 2016), as <c>torch.optim.NAdam</c>.</summary>
sealed class NAdam : RuledOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<bool> decoupled = OptimizerArguments.Decoupled();

    static readonly TypedArgument<double> momentumDecay =
        NamedArgument.Number("momentum_decay", "nadam: how fast momentum comes to beta1", 0.004, NumberRange.AtLeast(0));

    readonly double first, second, eps, decay, growth;
    readonly bool isDecoupled;

    NAdam(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (first, second, eps, decay) = (beta1.In(given), beta2.In(given), epsilon.In(given), weightDecay.In(given));
        (isDecoupled, growth) = (decoupled.In(given), momentumDecay.In(given));
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "nadam", "Adam that looks ahead by its momentum", (groups, given) => new NAdam(groups, given))
    {
        OtherNames = ["torch.optim.NAdam"],
        Arguments = [beta1, beta2, epsilon, weightDecay, decoupled, momentumDecay],
        PythonName = "torch.optim.nadam.NAdam",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) =>
    [
        TrainedParameter.Counter(), ("mu_product", ones([], dtype: ScalarType.Float64, device: CPU)),
        ("exp_avg", one.Zeros()), ("exp_avg_sq", one.Zeros()),
    ];

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        var gradient = DecayedGradient.Of(one, decay, isDecoupled);
        var (mean, variance) = (one["exp_avg"], one["exp_avg_sq"]);
        double now = MomentumAt(one.Steps), next = MomentumAt(one.Steps + 1);
        one["mu_product"].mul_(now);
        double product = one["mu_product"].ToDouble();
        mean.lerp_(gradient, 1 - first);
        variance.mul_(second).addcmul_(gradient, gradient, 1 - second);
        var divisor = (variance / (1 - Math.Pow(second, one.Steps))).sqrt_().add_(eps);
        one.Value.addcdiv_(gradient, divisor, -one.Rate * (1 - now) / (1 - product));
        one.Value.addcdiv_(mean, divisor, -one.Rate * next / (1 - product * next));
    }

    double MomentumAt(double step) => first * (1 - 0.5 * Math.Pow(0.96, step * growth));
}
