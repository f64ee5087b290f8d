namespace Lowrank.Training;

/// <summary>Given texts are made likelier: the mean negative log-probability of the tokens that count.</summary>
/// <remarks>
/// Every token of a step weighs the same, however it was cut into micro-batches (<see cref="ObjectiveInput.CountedTokens"/>). A batch
/// where none counts costs 0.
/// </remarks>
public sealed class SupervisedObjective : IObjective
{
    readonly SupervisedOptions options;

    /// <summary>An objective.</summary>
    /// <param name="options">How texts are learnt; null: the defaults.</param>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public SupervisedObjective(SupervisedOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Check();
        Needs = new(ObjectiveModel.Writer)
        {
            WeighsTokens = true,
            Tokens = new() { Smoothing = this.options.LabelSmoothing, Entropy = this.options.TellsEntropy, Likeliest = true },
        };
    }

    static readonly FreeArgument<string> loss =
        NamedArgument.Word("loss", "nll, or dft: each token weighed by its probability", "nll", ["nll", "dft", "chunked_nll"]);

    static readonly TypedArgument<double> labelSmoothing =
        NamedArgument.Number("label_smoothing", "share of the vocabulary's mean in each token's loss", 0, NumberRange.ShareBelowOne)
            with { AlsoCalled = ["label_smoothing_factor"] };

    static readonly TypedArgument<double> addedToCount = NamedArgument.Number(
        "added_to_count", "added to the number of tokens that divides; 0.0001 in the LoRA paper's code", 0, NumberRange.AtLeast(0));

    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = new(
        "sft", "given texts are made likelier, token by token",
        given => new SupervisedObjective(new(loss.In(given) == "dft", labelSmoothing.In(given), addedToCount.In(given))))
    {
        OtherNames = ["supervised", "clm"],
        Arguments = [loss, labelSmoothing, addedToCount],
    };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; }

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var policy = ObjectiveInput.Given(input.Policy, "sft", "the model's log-probabilities");
        double own = policy.Counted.sum().ToDouble();
        var weighed = options.Dynamic ? policy.Values * policy.Values.detach().exp() * policy.Counted : policy.Values;
        var loss = -weighed.sum() / (Math.Max(1, input.CountedTokens ?? own) + options.AddedToCount);
        return new(scope.MoveToOuter(loss), Metrics(policy, input.Mask, own)) { IsShare = input.CountedTokens is not null };
    }

    static Dictionary<string, double> Metrics(TokenLogProbabilities policy, Tensor? mask, double counted)
    {
        var metrics = new Dictionary<string, double>();
        if (policy.Entropies is { } entropies) metrics["entropy"] = Mean(entropies, policy.Counted, counted);
        if (policy.Likeliest is { } likeliest) metrics["mean_token_accuracy"] = Mean(likeliest, policy.Counted, counted);
        if (mask is not null) metrics["num_tokens"] = mask.sum().ToDouble();
        return metrics;
    }

    static double Mean(Tensor numbers, Tensor counted, double count)
    {
        using var scope = NewDisposeScope();
        return (numbers * counted).sum().ToDouble() / Math.Max(1, count);
    }
}
