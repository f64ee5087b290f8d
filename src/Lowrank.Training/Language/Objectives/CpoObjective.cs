using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Training;

/// <summary>Of two answers the chosen one is made likelier than the rejected, without a reference, and is learnt beside.</summary>
/// <remarks>
/// CPO: Xu et al. 2024 (arXiv 2401.08417); SimPO: Meng et al. 2024 (arXiv 2405.14734). A pair with an empty answer says nothing where
/// log-probabilities are means, as in ipo and simpo.
/// </remarks>
public sealed class CpoObjective : IObjective
{
    // p^−α of an answer that could hardly be: a number still.
    const double LargestExponent = 80;

    readonly CpoOptions options;

    /// <summary>An objective.</summary>
    /// <param name="options">How preferences are learnt; null: the defaults.</param>
    /// <exception cref="LowrankException">An option is out of its range.</exception>
    public CpoObjective(CpoOptions? options = null)
    {
        this.options = options ?? new();
        this.options.Check();
    }

    static FreeArgument<string> FormArgument(string standard) => NamedArgument.Word("loss", "form of the loss", standard, CpoOptions.Forms)
        with { AlsoCalled = ["loss_type"] };

    /// <summary>What there is to know of CPO.</summary>
    public static ObjectiveDescriptor Descriptor { get; } = Described(
        "cpo", "of two answers the chosen one is made likelier, without a reference, and is learnt beside", new());

    /// <summary>What there is to know of SimPO, which is CPO's form of that name.</summary>
    public static ObjectiveDescriptor SimPo { get; } = Described(
        "simpo", "of two answers the chosen one is made likelier per token by a margin, without a reference", CpoOptions.SimPo);

    static ObjectiveDescriptor Described(string name, string help, CpoOptions standard)
    {
        var loss = FormArgument(standard.Form);
        var beta = NamedArgument.Number("beta", "how much log-probabilities weigh", standard.Beta, NumberRange.Above(0));
        var nll = NamedArgument.Number("cpo_alpha", "weight of the chosen answers' own loss", standard.NllWeight, NumberRange.AtLeast(0));
        var gamma = NamedArgument.Number("simpo_gamma", "margin that simpo wants", standard.Gamma, NumberRange.AtLeast(0))
            with { AlsoCalled = ["gamma"] };
        var alpha = NamedArgument.Number("alphapo_alpha", "α of AlphaPO's reward; 0 is none", standard.Alpha, NumberRange.Finite);
        var smoothing = NamedArgument.Number(
            "label_smoothing", "share of pairs that may be the wrong way round", standard.LabelSmoothing, NumberRange.ShareBelowOne);
        return new(name, help, given => new CpoObjective(new()
        {
            Form = loss.In(given), Beta = beta.In(given), NllWeight = nll.In(given), Gamma = gamma.In(given), Alpha = alpha.In(given),
            LabelSmoothing = smoothing.In(given),
        })) { Arguments = [loss, beta, nll, gamma, alpha, smoothing] };
    }

    /// <inheritdoc/>
    public ObjectiveNeeds Needs { get; } = new(ObjectiveModel.Writer)
    {
        Rows = ObjectiveRows.Pairs, OlderRows = true, LeavesOutChance = true,
        Tokens = new() { EveryPlace = true, OwnDtype = true, MeanLogits = true },
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes =>
        options.LabelSmoothing > 0 && options.Form is "hinge" or "ipo"
            ? [$"label_smoothing is {PlainValue.Text(options.LabelSmoothing)}, and {options.Form} does not use it; simpo does"] : [];

    bool TakesMeans => options.Form is "ipo" or "simpo";

    /// <inheritdoc/>
    public ObjectiveLoss Loss(ObjectiveInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var policy = ObjectiveInput.Given(input.Policy, "cpo", "the model's log-probabilities");
        var (values, counted) = (policy.Values, policy.Counted);
        var (chosen, rejected) = Completions.Halves(
            TakesMeans ? Completions.Means(values, counted) : Completions.Sums(values, counted));   // (pairs)
        var (better, worse) = (Reward(chosen), Reward(rejected));
        var each = Each(better - worse);
        var said = TakesMeans ? OrpoObjective.HasBoth(counted) : ones_like(each);
        var loss = (each * said).sum() / said.sum().clamp_min(1);
        var learnt = -Completions.Mean(Completions.Halves(values).Chosen, Completions.Halves(counted).Chosen);
        if (options.NllWeight > 0) loss = loss + learnt * options.NllWeight;
        var metrics = new Dictionary<string, double> { ["nll_loss"] = options.NllWeight > 0 ? Completions.Number(learnt) : 0 };
        PairMetrics.AddRewards(metrics, better * options.Beta, worse * options.Beta);
        PairMetrics.AddLogProbabilities(metrics, chosen, rejected);
        if (policy.MeanLogits is { } logits) PairMetrics.AddAllLogits(metrics, logits, leavesLast: false);
        return new(scope.MoveToOuter(loss), metrics);
    }

    Tensor Reward(Tensor log) =>
        options.Alpha == 0 ? log : (1 - (log * -options.Alpha).clamp_max(LargestExponent).exp()) / options.Alpha;

    Tensor Each(Tensor difference) => options.Form switch
    {
        "hinge" => (1 - difference * options.Beta).relu(),
        "ipo" => (difference - 1 / (2 * options.Beta)).square(),
        "simpo" => Conservative((difference - options.Gamma / options.Beta) * options.Beta),
        _ => Conservative(difference * options.Beta),
    };

    Tensor Conservative(Tensor margin) =>
        -F.logsigmoid(margin) * (1 - options.LabelSmoothing) - F.logsigmoid(-margin) * options.LabelSmoothing;
}
