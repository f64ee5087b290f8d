using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Training;

/// <summary>Chosen answers are learnt, and are made likelier than rejected ones by their odds, without a reference.</summary>
/// <remarks>
/// Hong et al. 2024 (arXiv 2403.07691). Learnt are the prompts' tokens too, as in TRL. Of a pair with an empty answer the odds say nothing.
/// </remarks>
public sealed class OrpoObjective : IObjective
{
    // The nearest to 1 that a probability comes in float32: its odds are still a number.
    const double SurestLog = -6e-8;

    readonly double beta;

    /// <summary>An objective.</summary>
    /// <param name="beta">How much the odds weigh, 0 or more. Default 0.1.</param>
    /// <exception cref="LowrankException"><paramref name="beta"/> is below 0.</exception>
    public OrpoObjective(double beta = 0.1)
    {
        var faults = new ObjectiveFaults();
        faults.Range("beta", beta, NumberRange.AtLeast(0));
        faults.Throw("orpo");
        this.beta = beta;
    }

    static readonly TypedArgument<double> weight =
        NamedArgument.Number("beta", "how much the odds weigh", 0.1, NumberRange.AtLeast(0))
            with { AlsoCalled = ["orpo_lambda", "lambda"] };

    /// <summary>What there is to know of it.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = new(
        "orpo", "chosen answers are learnt, and made likelier than rejected ones by their odds",
        given => new OrpoObjective(weight.In(given))) { Arguments = [weight] };

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; } = new(ObjectiveModel.Writer)
    {
        Rows = ObjectiveRows.Pairs, OlderRows = true, LeavesOutChance = true,
        Tokens = new() { EveryPlace = true, OwnDtype = true, MeanLogits = true },
    };

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var policy = ObjectiveInput.Given(input.Policy, "orpo", "the model's log-probabilities");
        var mask = ObjectiveInput.Given(input.Mask, "orpo", "the mask of tokens");
        var (chosen, rejected) = Completions.Halves(Completions.Means(policy.Values, policy.Counted));   // (pairs)
        var isReal = mask.narrow(1, 1, mask.shape[1] - 1).ne(0);
        var learnt = -Completions.Mean(Completions.Halves(policy.Values).Chosen, Completions.Halves(isReal).Chosen);
        var odds = chosen - rejected - (LogOfRest(chosen) - LogOfRest(rejected));
        var said = HasBoth(policy.Counted);
        var ratio = (F.logsigmoid(odds) * said).sum() / said.sum().clamp_min(1);
        var loss = learnt - ratio * beta;
        var metrics = new Dictionary<string, double>
        {
            ["nll_loss"] = Completions.Number(learnt), ["log_odds_ratio"] = Completions.Number(ratio),
            ["log_odds_chosen"] = Completions.Number((odds * said).sum() / said.sum().clamp_min(1)),
        };
        PairMetrics.AddRewards(metrics, chosen * beta, rejected * beta);
        PairMetrics.AddLogProbabilities(metrics, chosen, rejected);
        if (policy.MeanLogits is { } logits) PairMetrics.AddAllLogits(metrics, logits, leavesLast: true);
        return new(scope.MoveToOuter(loss), metrics);
    }

    /// <summary>1 for a pair whose answers both have tokens, else 0; (pairs) float32.</summary>
    internal static Tensor HasBoth(Tensor counted)
    {
        var (chosen, rejected) = Completions.Halves(Completions.Lengths(counted));
        return chosen.minimum(rejected).clamp_max(1);
    }

    // log(1 − p) of log p.
    static Tensor LogOfRest(Tensor log) => (-log.clamp_max(SurestLog).exp()).log1p();
}
