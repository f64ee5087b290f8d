namespace Lowrank.Torch;

/// <summary>AdamW whose means take 8 bits a number (Dettmers et al., arXiv 2110.02861), as bitsandbytes' AdamW8bit.</summary>
/// <remarks>Small parameters keep them in float32. A step is taken by the exact means, which are rounded after it.</remarks>
sealed class AdamW8Bit : RuledOptimizer
{
    static readonly TypedArgument<double> beta1 = OptimizerArguments.Beta1(), beta2 = OptimizerArguments.Beta2(),
        epsilon = OptimizerArguments.Epsilon(), weightDecay = OptimizerArguments.WeightDecay(0.01);

    static readonly TypedArgument<int> leastSize = NamedArgument.Whole(
        "min_8bit_size", "adamw8bit: parameters with fewer elements keep their means in float32", 4096, NumberRange.AtLeast(0));

    readonly double first, second, eps, decay;
    readonly int least;

    AdamW8Bit(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (first, second, eps, decay) = (beta1.In(given), beta2.In(given), epsilon.In(given), weightDecay.In(given));
        least = leastSize.In(given);
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adamw8bit", "AdamW whose means take 8 bits a number; nothing is paged", (groups, given) => new AdamW8Bit(groups, given))
    {
        OtherNames = ["bitsandbytes.AdamW8bit", "bitsandbytes.optim.AdamW8bit", "adamw_bnb_8bit", "PagedAdamW8bit", "paged_adamw_8bit"],
        Arguments = [beta1, beta2, epsilon, weightDecay, leastSize],
        PythonName = "bitsandbytes.optim.adamw.AdamW8bit",
    };

    bool IsSmall(TrainedParameter one) => one.Parameter.numel() < least;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one)
    {
        if (IsSmall(one)) return [TrainedParameter.Counter(), ("state1", one.Zeros()), ("state2", one.Zeros())];
        return [TrainedParameter.Counter(), .. EightBitMoments.Fresh(one, 1), .. EightBitMoments.Fresh(one, 2)];
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        bool isSmall = IsSmall(one);
        var gradient = one.Gradient;
        var mean = isSmall ? one["state1"] : EightBitMoments.Signed.Decode(one, 1);
        var squares = isSmall ? one["state2"] : EightBitMoments.Unsigned.Decode(one, 2);
        mean.mul_(first).add_(gradient, alpha: 1 - first);
        squares.mul_(second).addcmul_(gradient, gradient, 1 - second);
        one.Decay(one.Rate * decay);
        double rate = one.Rate / (1 - Math.Pow(first, one.Steps)), correction = Math.Sqrt(1 - Math.Pow(second, one.Steps));
        one.Value.addcdiv_(mean, (squares.sqrt() / correction).add_(eps), -rate);
        if (isSmall) return;
        EightBitMoments.Signed.Encode(one, 1, mean);
        EightBitMoments.Unsigned.Encode(one, 2, squares);
    }
}
