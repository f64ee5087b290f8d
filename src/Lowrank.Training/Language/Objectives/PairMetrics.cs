namespace Lowrank.Training;

/// <summary>What objectives over pairs tell, by TRL's names.</summary>
static class PairMetrics
{
    /// <summary>Rewards of both sides, how often the chosen one's is the higher (equal ones do not count), and by how much.</summary>
    /// <param name="metrics">What is told.</param>
    /// <param name="chosen">Of the chosen answers, (pairs).</param>
    /// <param name="rejected">Of the rejected ones.</param>
    /// <param name="rounding">What rewards may be apart that are equal, (pairs); null for nothing.</param>
    public static void AddRewards(Dictionary<string, double> metrics, Tensor chosen, Tensor rejected, Tensor? rounding = null)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        metrics["rewards/chosen"] = chosen.mean().ToDouble();
        metrics["rewards/rejected"] = rejected.mean().ToDouble();
        var least = rounding is null ? rejected : rejected + rounding;
        metrics["rewards/accuracies"] = chosen.gt(least).to(ScalarType.Float32).mean().ToDouble();
        metrics["rewards/margins"] = (chosen - rejected).mean().ToDouble();
    }

    /// <summary>Log-probabilities of both sides.</summary>
    public static void AddLogProbabilities(Dictionary<string, double> metrics, Tensor chosen, Tensor rejected)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        metrics["logps/chosen"] = chosen.mean().ToDouble();
        metrics["logps/rejected"] = rejected.mean().ToDouble();
    }

    /// <summary>What was asked of tokens beside their log-probabilities: entropy and mean logits over those that count, how many of the
    /// chosen answers' were the likeliest.</summary>
    public static void AddTokens(Dictionary<string, double> metrics, TokenLogProbabilities policy, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (chosen, rejected) = Completions.Halves(policy.Counted);
        if (mask is not null) metrics["num_tokens"] = mask.sum().ToDouble();
        if (policy.Entropies is { } entropies) metrics["entropy"] = Completions.Mean(entropies, policy.Counted).ToDouble();
        if (policy.Likeliest is { } likeliest)
            metrics["mean_token_accuracy"] = Completions.Mean(Completions.Halves(likeliest).Chosen, chosen).ToDouble();
        if (policy.MeanLogits is not { } logits) return;
        var sides = Completions.Halves(logits);
        metrics["logits/chosen"] = Completions.Mean(sides.Chosen, chosen).ToDouble();
        metrics["logits/rejected"] = Completions.Mean(sides.Rejected, rejected).ToDouble();
    }

    /// <summary>Mean logits over every place of both sides, pads included.</summary>
    /// <param name="metrics">What is told.</param>
    /// <param name="logits">Of every place, (2·pairs, T).</param>
    /// <param name="leavesLast">Whether a row's last place is left out.</param>
    public static void AddAllLogits(Dictionary<string, double> metrics, Tensor logits, bool leavesLast)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var places = leavesLast ? logits.narrow(1, 0, logits.shape[1] - 1) : logits;
        var (chosen, rejected) = Completions.Halves(places.to(ScalarType.Float32));
        metrics["logits/chosen"] = chosen.mean().ToDouble();
        metrics["logits/rejected"] = rejected.mean().ToDouble();
    }
}
