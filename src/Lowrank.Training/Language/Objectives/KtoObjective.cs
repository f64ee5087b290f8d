namespace Lowrank.Training;

/// <summary>Wanted answers are made likelier and unwanted ones less likely, each by itself, measured from a reference.</summary>
/// <remarks>
/// Ethayarajh et al. 2024 (arXiv 2402.01306). How far the policy left its reference at all is estimated from prompts with others' answers:
/// one number for all rows of a batch, 0 or more, through which no gradient goes.
/// </remarks>
public sealed class KtoObjective : IObjective
{
    readonly KtoOptions options;

    /// <summary>An objective.</summary>
    /// <param name="options">How answers are learnt; null: the defaults.</param>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public KtoObjective(KtoOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Check();
        Needs = new(ObjectiveModel.Writer)
        {
            Rows = ObjectiveRows.Unpaired, Reference = true, LeavesOutChance = true, Mismatched = this.options.Form == "kto",
            Tokens = new() { WideHead = true, MeanLogits = true },
        };
    }

    static readonly FreeArgument<string> loss =
        NamedArgument.Word("loss", "form of the loss", "kto", KtoOptions.Forms) with { AlsoCalled = ["loss_type"] };

    static readonly TypedArgument<double> beta =
        NamedArgument.Number("beta", "how much the log ratios to the reference weigh", 0.1, NumberRange.Above(0));

    static readonly TypedArgument<double> wanted =
        NamedArgument.Number("desirable_weight", "weight of wanted answers", 1, NumberRange.AtLeast(0))
            with { AlsoCalled = ["kto_chosen_weight"] };

    static readonly TypedArgument<double> unwanted =
        NamedArgument.Number("undesirable_weight", "weight of unwanted answers", 1, NumberRange.AtLeast(0))
            with { AlsoCalled = ["kto_rejected_weight"] };

    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = new(
        "kto", "wanted answers are made likelier and unwanted ones less likely, each by itself",
        given => new KtoObjective(new()
        {
            Form = loss.In(given), Beta = beta.In(given), WantedWeight = wanted.In(given), UnwantedWeight = unwanted.In(given),
        })) { Arguments = [loss, beta, wanted, unwanted] };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; }

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var policy = ObjectiveInput.Given(input.Policy, "kto", "the model's log-probabilities");
        var reference = ObjectiveInput.Given(input.Reference, "kto", "the reference's log-probabilities");
        var isWanted = ObjectiveInput.Given(input.Wanted, "kto", "which rows are wanted").to(ScalarType.Bool);
        var sums = Completions.Sums(policy.Values, policy.Counted);   // (B)
        var ratios = sums - Completions.Sums(reference, policy.Counted);
        var left = Needs.Mismatched ? Left(input) : zeros([], ScalarType.Float32, ratios.device);
        var rewards = ratios * options.Beta;
        var wanted = (1 - ((ratios - left) * options.Beta).sigmoid()) * options.WantedWeight;
        var unwanted = (1 - ((left - ratios) * options.Beta).sigmoid()) * options.UnwantedWeight;
        var loss = wanted.where(isWanted, unwanted).mean();
        return new(scope.MoveToOuter(loss), Metrics(policy, rewards, sums, isWanted, Completions.Number(left)));
    }

    static Tensor Left(ObjectiveInput input)
    {
        using var grad = no_grad();
        var policy = ObjectiveInput.Given(input.Mismatched, "kto", "log-probabilities of prompts with others' answers");
        var reference = ObjectiveInput.Given(input.MismatchedReference, "kto", "the reference's of these");
        var ratios = Completions.Sums(policy.Values, policy.Counted) - Completions.Sums(reference, policy.Counted);
        return ratios.mean().clamp_min(0);
    }

    static Dictionary<string, double> Metrics(
        TokenLogProbabilities policy, Tensor rewards, Tensor sums, Tensor isWanted, double left)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var metrics = new Dictionary<string, double> { ["kl"] = left };
        foreach (var (name, rows) in new[] { ("chosen", isWanted), ("rejected", isWanted.logical_not()) })
        {
            double count = rows.sum().ToDouble();
            if (count == 0) continue;
            metrics[$"rewards/{name}"] = (rewards * rows).sum().ToDouble() / count;
            metrics[$"logps/{name}"] = (sums * rows).sum().ToDouble() / count;
            var counted = policy.Counted.logical_and(rows.unsqueeze(1));
            if (policy.MeanLogits is { } logits) metrics[$"logits/{name}"] = Completions.Mean(logits, counted).ToDouble();
        }
        if (metrics.TryGetValue("rewards/chosen", out double chosen) && metrics.TryGetValue("rewards/rejected", out double rejected))
            metrics["rewards/margins"] = chosen - rejected;
        return metrics;
    }
}
