namespace Lowrank.Torch;

/// <summary>Adafactor by the rule of <c>torch.optim.Adafactor</c>: steps are always scaled by the parameter, and the rate falls with the
/// root of the steps.</summary>
/// <remarks>Nothing is added to squares; their estimate is kept above ε². Weight decay takes the plain rate.</remarks>
sealed class TorchAdafactor : RuledOptimizer
{
    const double FloatEpsilon = 1.1920928955078125e-07;

    static readonly TypedArgument<double> epsilon = OptimizerArguments.Epsilon(FloatEpsilon),
        weightDecay = OptimizerArguments.WeightDecay();

    static readonly TypedArgument<double> leastSize =
        NamedArgument.Number("epsilon2", "adafactor: least size of a parameter that scales its step", 1e-3, NumberRange.AtLeast(0));

    static readonly TypedArgument<double> clip =
        NamedArgument.Number("clip_threshold", "adafactor_torch: largest root mean square of an update", 1, NumberRange.AtLeast(1));

    static readonly TypedArgument<double> decayRate =
        NamedArgument.Number("decay_rate", "adafactor_torch: the mean of squares takes up steps to this power", -0.8);

    readonly double eps, least, limit, power, decay;

    TorchAdafactor(IEnumerable<ParameterGroup> groups, IReadOnlyDictionary<string, string> given) : base(groups)
    {
        (eps, least, limit, power) = (epsilon.In(given), leastSize.In(given), clip.In(given), decayRate.In(given));
        decay = weightDecay.In(given);
    }

    /// <summary>It in the list of optimizers.</summary>
    public static OptimizerDescriptor Descriptor { get; } = new(
        "adafactor_torch", "means of rows and columns, as torch has it; 0.01 is its usual rate",
        (groups, given) => new TorchAdafactor(groups, given))
    {
        OtherNames = ["torch.optim.Adafactor"],
        Arguments = [epsilon, leastSize, clip, decayRate, weightDecay],
        Spellings = new Dictionary<string, string> { ["d"] = "clip_threshold", ["beta2_decay"] = "decay_rate" },
        PythonName = "torch.optim._adafactor.Adafactor",
    };

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Value)> Fresh(TrainedParameter one)
    {
        yield return TrainedParameter.Counter();
        long[] shape = one.Parameter.shape;
        if (!FactoredSquares.Suits(one.Parameter))
        {
            yield return ("variance", one.Zeros());
            yield break;
        }
        yield return ("row_var", one.Zeros([.. shape[..^1], 1]));
        yield return ("col_var", one.Zeros([.. shape[..^2], 1, shape[^1]]));
    }

    /// <inheritdoc/>
    protected override void Move(TrainedParameter one)
    {
        double rate = Math.Min(one.Rate, 1 / Math.Sqrt(one.Steps)), taken = Math.Pow(one.Steps, power);
        double scaled = rate * Math.Max(least, FactoredSquares.Size(one.Value));
        one.Decay(one.Rate * decay);
        var squares = FactoredSquares.Suits(one.Parameter) ? Estimate(one, taken) : Plain(one, taken);
        var update = squares.clamp_(min: eps * eps).rsqrt_().mul_(one.Gradient);
        one.Value.add_(update, alpha: -scaled / Math.Max(1, FactoredSquares.Size(update) / limit));
    }

    static Tensor Plain(TrainedParameter one, double taken) => one["variance"].lerp_(one.Gradient.square(), taken).clone();

    Tensor Estimate(TrainedParameter one, double taken)
    {
        var (rows, columns, squares) = (one["row_var"], one["col_var"], one.Gradient.square());
        rows.lerp_(squares.mean([-1], keepdim: true), taken);
        columns.lerp_(squares.mean([-2], keepdim: true), taken);
        return rows.matmul(columns).div_(rows.mean([-2], keepdim: true).clamp_(min: eps));
    }
}
