namespace Lowrank.Torch;

/// <summary>Adafactor that trusts an update by how steady it is (Luo et al., arXiv 2307.02047), as came-pytorch 0.1.3.</summary>
/// <remarks>What has one axis has no confidence, and steps by its mean.</remarks>
sealed class Came : RuledOptimizer
{
    const string Squares = "exp_avg_sq", Residuals = "exp_avg_res";

    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(1e-30), weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<double> beta3 = NamedArgument.Number(
        "beta3", "came: share of the mean of squared residuals that is kept", 0.9999, NumberRange.ShareBelowOne);

    static readonly TypedArgument<double> leastResidual =
        NamedArgument.Number("epsilon2", "came: added to squared residuals", 1e-16, NumberRange.AtLeast(0));

    static readonly TypedArgument<double> clip = NamedArgument.Number(
        "clip_threshold", "came: largest root mean square of an update before the rate", 1, NumberRange.Above(0));

    readonly double first, second, third, eps, added, limit, decay;

    Came(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (first, second, third) = (beta1.In(given), beta2.In(given), beta3.In(given));
        (eps, added, limit, decay) = (epsilon.In(given), leastResidual.In(given), clip.In(given), weightDecay.In(given));
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "came", "Adafactor with confidence (arXiv 2307.02047)", (groups, given) => new Came(groups, given))
    {
        OtherNames = ["came_pytorch.CAME"],
        Arguments = [beta1, beta2, beta3, epsilon, leastResidual, clip, weightDecay],
        PythonName = "came_pytorch.CAME.CAME",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one)
    {
        yield return TrainedParameter.Counter();
        yield return ("exp_avg", one.Zeros());
        if (!FactoredSquares.Suits(one.Parameter))
        {
            yield return (Squares, one.Zeros());
            yield break;
        }
        foreach (var part in FactoredSquares.Fresh(one, Squares).Concat(FactoredSquares.Fresh(one, Residuals))) yield return part;
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        var (squares, mean) = (one.Gradient.square().add_(eps), one["exp_avg"]);
        bool isFactored = FactoredSquares.Suits(one.Parameter);
        Tensor update;
        if (isFactored)
        {
            FactoredSquares.Add(one, Squares, squares, second);
            update = FactoredSquares.InverseRoot(one, Squares).mul_(one.Gradient);
        }
        else
        {
            one[Squares].mul_(second).add_(squares, alpha: 1 - second);
            update = one[Squares].rsqrt().mul_(one.Gradient);
        }
        update.div_(Math.Max(1, FactoredSquares.Size(update) / limit));
        mean.mul_(first).add_(update, alpha: 1 - first);
        if (isFactored) FactoredSquares.Add(one, Residuals, (update - mean).square().add_(added), third);
        var step = isFactored ? FactoredSquares.InverseRoot(one, Residuals).mul_(mean) : mean;
        one.Decay(one.Rate * decay);
        one.Value.add_(step, alpha: -one.Rate);
    }
}
