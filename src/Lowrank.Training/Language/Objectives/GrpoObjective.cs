namespace Lowrank.Training;

/// <summary>Of several answers that the model wrote to a prompt the better ones are made likelier.</summary>
/// <remarks>Shao et al. 2024 (arXiv 2402.03300), and what came after it, as TRL 1.16 has them.</remarks>
public sealed class GrpoObjective : IObjective
{
    // e^20, and its inverse no smaller than 1e-8: a ratio of whole answers that is still a number.
    const double LargestLog = 20;
    static readonly double leastLog = Math.Log(1e-8);

    readonly GrpoOptions options;

    /// <summary>An objective.</summary>
    /// <param name="options">How answers are learnt; null: the defaults.</param>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public GrpoObjective(GrpoOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Check();
        Needs = new(ObjectiveModel.Writer)
        {
            Rows = ObjectiveRows.Written, Reference = this.options.Beta > 0, WeighsTokens = !AveragesItself(this.options.Form),
            Tokens = new() { WideHead = true, Entropy = true, EntropyLearns = this.options.EntropyWeight > 0 },
        };
    }

    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = new(
        "grpo", "of several answers that the model wrote to a prompt the better ones are made likelier",
        given => new GrpoObjective(GrpoArguments.Read(given)))
    {
        OtherNames = ["dapo"], Arguments = GrpoArguments.All,
    };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes => (options.Form, options.BySequence) switch
    {
        ("cispo", _) when High < 1 =>
            [$"epsilon_high is {PlainValue.Text(High)}, in cispo the largest ratio itself: hardly a token counts whole; 5 is usual"],
        ("luspo", false) => ["luspo is meant for ratios of whole answers: importance_sampling_level sequence"],
        ("vespo", true) => ["vespo takes ratios of whole answers by itself: importance_sampling_level is used for its KL alone"],
        _ => [],
    };

    double High => options.EpsilonHigh ?? options.Epsilon;

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var policy = ObjectiveInput.Given(input.Policy, "grpo", "the model's log-probabilities");
        var advantages = ObjectiveInput.Given(input.Advantages, "grpo", "advantages").to(ScalarType.Float32).reshape(-1, 1);   // (B, 1)
        var counted = policy.Counted.to(ScalarType.Float32);
        var old = input.Written ?? policy.Values.detach();
        var logRatio = policy.Values - old;
        var weight = (options.BySequence ? Completions.Means(logRatio, counted).unsqueeze(1) : logRatio).exp();   // (B, 1 or T − 1)
        var metrics = new Dictionary<string, double>();
        var divergence = Divergence(input, policy.Values, weight);
        var each = Each(policy.Values, logRatio, weight, advantages, counted, metrics);
        if (options.OffPolicyThreshold is { } threshold)
        {
            var isNear = Completions.Means(-logRatio.detach(), counted).le(threshold).unsqueeze(1);
            each = each * advantages.ge(0).logical_or(isNear);
        }
        if (options.TopEntropy < 1) each = each * HighEntropy(policy, 1 - options.TopEntropy);
        if (divergence is not null) each = each + divergence * options.Beta;
        var (loss, isShare) = Averaged(each, counted, input.CountedTokens);
        if (divergence is not null) metrics["kl"] = Completions.Number(Completions.Mean(divergence, counted));
        loss = WithEntropy(loss, policy, counted, metrics);
        return new(scope.MoveToOuter(loss), metrics) { IsShare = isShare };
    }

    // exp(r) − r − 1 of r = reference − policy, of each token; null where it does not weigh.
    Tensor? Divergence(ObjectiveInput input, Tensor values, Tensor weight)
    {
        if (options.Beta == 0) return null;
        var ratio = ObjectiveInput.Given(input.Reference, "grpo with beta", "the reference's log-probabilities") - values;
        var each = ratio.exp() - ratio - 1;
        return options.CorrectsKl ? each * weight : each;
    }

    Tensor Each(
        Tensor values, Tensor logRatio, Tensor weight, Tensor advantages, Tensor counted, Dictionary<string, double> metrics)
    {
        switch (options.Form)
        {
            case "cispo":
                metrics["cispo_clip_ratio"] = Completions.Number(RatioClip.Mean(weight.gt(High).logical_and(advantages.gt(0)), counted));
                return -weight.clamp_max(High).detach() * advantages * values;
            case "sapo":
                var isPositive = advantages.gt(0);
                return -Soft(weight, options.SapoPositive).where(isPositive, Soft(weight, options.SapoNegative)) * advantages;
            case "vespo":
                var whole = WholeWeight(logRatio, advantages, counted);   // (B, 1)
                metrics["vespo/phi_seq_mean"] = Completions.Number(whole.mean());
                return -whole * advantages * values;
            default:
                return RatioClip.Loss(weight, advantages, counted, (options.Epsilon, High, options.Delta), metrics);
        }
    }

    static Tensor Soft(Tensor weight, double steepness) => ((weight - 1) * steepness).sigmoid() * (4 / steepness);

    // e^λ·w^k·e^(−λw) of an answer's ratio w, 1 at w = 1; no gradient goes through it.
    Tensor WholeWeight(Tensor logRatio, Tensor advantages, Tensor counted)
    {
        using var grad = no_grad();
        var log = Completions.Sums(logRatio.clamp(-LargestLog, LargestLog), counted).clamp(leastLog, LargestLog).unsqueeze(1);
        var ratio = log.exp();
        var better = log * options.VespoPowerPositive + (1 - ratio) * options.VespoDecayPositive;
        var worse = log * options.VespoPowerNegative + (1 - ratio) * options.VespoDecayNegative;
        return better.where(advantages.ge(0), worse).exp();
    }

    static Tensor HighEntropy(TokenLogProbabilities policy, double quantile)
    {
        using var grad = no_grad();
        var entropies = ObjectiveInput.Given(policy.Entropies, "grpo with top_entropy_quantile", "entropies");
        var counted = entropies.masked_select(policy.Counted);
        if (counted.numel() == 0) return policy.Counted;
        var least = counted.to(ScalarType.Float32).quantile(tensor((float)quantile, device: counted.device));
        return entropies.ge(least).logical_and(policy.Counted);
    }

    static bool AveragesItself(string form) => form is "grpo" or "sapo" or "bnpo" or "dr_grpo" or "luspo";

    (Tensor Loss, bool IsShare) Averaged(Tensor each, Tensor counted, double? tokens) => options.Form switch
    {
        "grpo" or "sapo" => (Completions.Means(each, counted).mean(), false),
        "bnpo" => (Completions.Mean(each, counted), false),
        "dr_grpo" => ((each * counted).sum() / ((double)counted.shape[0] * options.MaxLength), false),
        "luspo" => (Completions.Sums(each.expand_as(counted), counted).mean(), false),
        _ when tokens is { } all => ((each * counted).sum() / Math.Max(1, all), true),
        _ => (Completions.Mean(each, counted), false),
    };

    Tensor WithEntropy(Tensor loss, TokenLogProbabilities policy, Tensor counted, Dictionary<string, double> metrics)
    {
        if (policy.Entropies is not { } entropies) return loss;
        var mean = Completions.Mean(entropies, counted);
        metrics["entropy"] = Completions.Number(mean);
        if (options.EntropyWeight == 0) return loss;
        (metrics["policy_loss"], metrics["entropy_coef"]) = (Completions.Number(loss), options.EntropyWeight);
        return loss - mean * options.EntropyWeight;
    }
}
