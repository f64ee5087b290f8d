namespace Lowrank.Torch;

/// <summary>Steps by the sign of a mean of gradients (Chen et al., arXiv 2302.06675), as lion-pytorch 0.2.5.</summary>
/// <remarks>The mean that is remembered keeps more than the one that is stepped by.</remarks>
sealed class Lion : RuledOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(0.99),
        weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<bool> decoupled =
        NamedArgument.Switch(
            "decoupled_weight_decay", "lion: weight decay is divided by the rate with which the run begins");

    readonly double first, second;
    readonly Dictionary<ParameterGroup, double> decays;

    Lion(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (first, second) = (beta1.In(given), beta2.In(given));
        double decay = weightDecay.In(given);
        bool isDecoupled = decoupled.In(given);
        decays = Groups.ToDictionary(group => group, group => DecayOf(group));

        double DecayOf(ParameterGroup group)
        {
            if (!group.Decays) return 0;
            return isDecoupled && group.LearningRate > 0 ? decay / group.LearningRate : decay;
        }
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "lion", "steps by the sign of a mean of gradients (arXiv 2302.06675); a rate of a third to a tenth of AdamW's",
        (groups, given) => new Lion(groups, given))
    {
        OtherNames = ["lion_pytorch.Lion"],
        Arguments = [beta1, beta2, weightDecay, decoupled],
        PythonName = "lion_pytorch.lion_pytorch.Lion",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one) => [("exp_avg", one.Zeros())];

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        var (gradient, mean) = (one.Gradient, one["exp_avg"]);
        double decay = decays[one.Group];
        one.Decay(one.Rate * decay);
        one.Value.add_((mean * first).add_(gradient, alpha: 1 - first).sign_(), alpha: -one.Rate);
        mean.mul_(second).add_(gradient, alpha: 1 - second);
    }
}
