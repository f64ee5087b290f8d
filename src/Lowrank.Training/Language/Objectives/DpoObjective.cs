namespace Lowrank.Training;

/// <summary>Of two answers the chosen one is made likelier than the rejected, measured from a reference.</summary>
/// <remarks>Rafailov et al. 2023 (arXiv 2305.18290), in every form that TRL 1.16 has; the sums over tokens and means are its.</remarks>
public sealed class DpoObjective : IObjective
{
    readonly DpoOptions options;
    readonly List<PairLoss> forms;

    /// <summary>An objective.</summary>
    /// <param name="options">How preferences are learnt; null: the defaults.</param>
    /// <exception cref="LowrankException">An option is out of its range, or a form is not known.</exception>
    public DpoObjective(DpoOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Check();
        forms = [.. this.options.Forms.Select(PairLosses.Named)];
        Needs = new(ObjectiveModel.Writer)
        {
            Rows = ObjectiveRows.Pairs, Reference = true, LeavesOutChance = true,
            Tokens = new() { WideHead = true, Entropy = true, MeanLogits = true, Likeliest = true, LogSquares = this.options.WeighsPairs },
        };
    }

    static readonly FreeArgument<IReadOnlyList<string>> loss = NamedArgument.Words(
        "loss", "forms of the loss, which are added up", "sigmoid", [.. PairLosses.All.Select(form => form.Name)])
        with { AlsoCalled = ["loss_type", "pref_loss"] };

    static readonly FreeArgument<IReadOnlyList<double>> weights = NamedArgument.Numbers(
        "loss_weights", "a weight of each form; none: 1 each", "");

    static readonly TypedArgument<double> beta = NamedArgument.Number(
        "beta", "how much the log ratios to the reference weigh", 0.1, NumberRange.Above(0, "0.01 to 0.5 are usual"))
        with { AlsoCalled = ["pref_beta"] };

    static readonly TypedArgument<double> smoothing = NamedArgument.Number(
        "label_smoothing", "share of pairs that may be the wrong way round; for exo_pair, robust and aot", 0, NumberRange.ShareBelowOne);

    static readonly TypedArgument<double> tau = NamedArgument.Number(
        "discopop_tau", "how sharply discopop mixes", 0.05, NumberRange.Above(0));

    static readonly FreeArgument<string> divergence = NamedArgument.Word(
        "divergence", "by which measure the policy may leave its reference", "reverse_kl", Divergences.Names)
        with { AlsoCalled = ["f_divergence_type"] };

    static readonly TypedArgument<double> divergenceAlpha = NamedArgument.Number(
        "divergence_alpha", "α of alpha_divergence; 1 is reverse_kl", 0.5, NumberRange.Finite)
        with { AlsoCalled = ["f_alpha_divergence_coef"] };

    static readonly FreeArgument<double?> lengthAlpha = NamedArgument.OptionalNumber(
        "ld_alpha", "weight of tokens beyond the length of a pair's shorter answer", NumberRange.Between(0, 1));

    static readonly TypedArgument<bool> weighs = NamedArgument.Switch(
        "use_weighting", "whether a pair counts as much as the policy could have written it (WPO)");

    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = new(
        "dpo", "of two answers the chosen one is made likelier, measured from the model as it was",
        given => new DpoObjective(new()
        {
            Forms = loss.In(given), Weights = weights.In(given), Beta = beta.In(given), LabelSmoothing = smoothing.In(given),
            DiscopopTau = tau.In(given), Divergence = divergence.In(given), DivergenceAlpha = divergenceAlpha.In(given),
            LengthAlpha = lengthAlpha.In(given), WeighsPairs = weighs.In(given),
        }))
    {
        Arguments = [loss, weights, beta, smoothing, tau, divergence, divergenceAlpha, lengthAlpha, weighs],
    };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes =>
    [
        .. options.LabelSmoothing > 0 ? forms.Where(form => !form.HeedsSmoothing).Select(form =>
            $"label_smoothing is {PlainValue.Text(options.LabelSmoothing)}, and {form.Name} does not use it; robust does") : [],
    ];

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var policy = ObjectiveInput.Given(input.Policy, "dpo", "the model's log-probabilities");
        var pairs = Pairs(policy, ObjectiveInput.Given(input.Reference, "dpo", "the reference's log-probabilities"));
        var weight = options.WeighsPairs ? PairWeights(policy) : null;
        Tensor? loss = null;
        foreach (var (at, form) in forms.Index())
        {
            var each = form.Formula(pairs);   // (pairs)
            if (weight is not null) each = each * weight;
            var part = each.mean() * (options.Weights.Count > 0 ? options.Weights[at] : 1);
            loss = loss is null ? part : loss + part;
        }
        var metrics = new Dictionary<string, double>();
        PairMetrics.AddTokens(metrics, policy, input.Mask);
        PairMetrics.AddRewards(metrics, pairs.Chosen * options.Beta, pairs.Rejected * options.Beta, pairs.Rounding * options.Beta);
        PairMetrics.AddLogProbabilities(metrics, pairs.PolicyChosen, pairs.PolicyRejected);
        return new(scope.MoveToOuter(loss!), metrics);
    }

    PairNumbers Pairs(TokenLogProbabilities policy, Tensor reference)
    {
        var shares = Shares(policy.Counted);
        var (chosen, rejected) = Completions.Halves(Completions.Sums(policy.Values, shares));
        var (referenceChosen, referenceRejected) = Completions.Halves(Completions.Sums(reference, shares));
        var (chosenTokens, rejectedTokens) = Completions.Halves(Completions.Lengths(policy.Counted).clamp_min(1));
        var own = Completions.Halves(policy.Values).Chosen;
        // Token by token: sums of long answers are large, and what two of them are apart would be lost in their last digits.
        var (chosenRatio, rejectedRatio) = Completions.Halves(Completions.Sums(policy.Values - reference, shares));
        return new(chosen, rejected, referenceChosen, referenceRejected)
        {
            Chosen = chosenRatio, Rejected = rejectedRatio,
            ChosenScore = Divergences.Score(chosenRatio, options.Divergence, options.DivergenceAlpha),
            RejectedScore = Divergences.Score(rejectedRatio, options.Divergence, options.DivergenceAlpha),
            ChosenTokens = chosenTokens, RejectedTokens = rejectedTokens,
            ChosenLoss = -Completions.Mean(own, Completions.Halves(policy.Counted).Chosen), Options = options,
        };
    }

    // How much each token counts, (2·pairs, T − 1).
    Tensor Shares(Tensor counted)
    {
        if (options.LengthAlpha is not { } alpha) return counted;
        var (chosen, rejected) = Completions.Halves(Completions.Lengths(counted));
        var shorter = chosen.minimum(rejected);
        var number = counted.to(ScalarType.Float32).cumsum(1);   // of a token in its answer, from 1
        var isShared = number.le(cat([shorter, shorter], 0).unsqueeze(1));
        return counted * isShared.to(ScalarType.Float32).mul(1 - alpha).add(alpha);
    }

    // exp of the mean of log p − log Σ p² of both answers, without a history.
    static Tensor PairWeights(TokenLogProbabilities policy)
    {
        var squares = ObjectiveInput.Given(policy.LogSquares, "dpo with use_weighting", "the logarithm of Σ p² of each token");
        var (chosen, rejected) = Completions.Halves(Completions.Means(policy.Values.detach() - squares, policy.Counted).exp());
        return chosen * rejected;
    }
}
