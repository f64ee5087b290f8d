using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Training;

/// <summary>Every form of the loss of pairs. β times a log ratio is an answer's reward; formulas are written for it.</summary>
static class PairLosses
{
    static readonly NamedList<PairLoss> list = new(
        "form of dpo", form => [form.Name],
        new PairLoss("sigmoid", "−log σ of the margin (Rafailov et al., arXiv 2305.18290)", p => -LogSigmoid(Margin(p))),
        new PairLoss("hinge", "the margin short of 1 (arXiv 2305.10425)", p => (1 - Margin(p)).relu()),
        new PairLoss("ipo", "the squared distance of the margin per token from 1/2β (arXiv 2310.12036)",
            p => (p.MeanDelta - 1 / (2 * p.Options.Beta)).square()),
        new PairLoss("exo_pair", "KL to (1 − ε, ε) over the pair (arXiv 2402.00856, equation 16)", Exo) { HeedsSmoothing = true },
        new PairLoss("nca_pair", "each answer against noise (arXiv 2402.05369)", Nca) { HeedsDivergence = false },
        new PairLoss("robust", "sigmoid, made unbiased where a share of labels is flipped (arXiv 2403.00409)", Robust)
        {
            HeedsSmoothing = true,
        },
        new PairLoss("bco_pair", "each answer by itself, the chosen up and the rejected down (arXiv 2404.04656)",
            p => -LogSigmoid(ChosenReward(p)) - LogSigmoid(-RejectedReward(p))) { HeedsDivergence = false },
        new PairLoss("sppo_hard", "ratios pulled to ±1/2β (arXiv 2405.00675)",
            p => (p.Chosen - 0.5 / p.Options.Beta).square() + (p.Rejected + 0.5 / p.Options.Beta).square()) { HeedsDivergence = false },
        new PairLoss("aot", "margins of the batch, sorted, against the reference's (arXiv 2406.05882)",
            p => Conservative(Sorted(p.PolicyChosen - p.PolicyRejected) - Sorted(p.ReferenceChosen - p.ReferenceRejected), p.Options))
        {
            HeedsDivergence = false, HeedsSmoothing = true,
        },
        new PairLoss("aot_unpaired", "ratios of the batch's chosen answers, sorted, against those of the rejected",
            p => Conservative(Sorted(p.Chosen) - Sorted(p.Rejected), p.Options)) { HeedsDivergence = false, HeedsSmoothing = true },
        new PairLoss("apo_zero", "the chosen up, the rejected down (arXiv 2408.06266, equation 7)",
            p => 1 - ChosenReward(p).sigmoid() + RejectedReward(p).sigmoid()) { HeedsDivergence = false },
        new PairLoss("apo_down", "both down, the rejected further (arXiv 2408.06266, equation 8)",
            p => ChosenReward(p).sigmoid() + (1 - Margin(p).sigmoid())) { HeedsDivergence = false },
        new PairLoss("discopop", "sigmoid and exponential, mixed by the margin (arXiv 2406.08414, equation 5)", Discovered),
        new PairLoss("sft", "the chosen answers' tokens made likelier", p => p.ChosenLoss.expand(p.Chosen.shape))
        {
            HeedsDivergence = false,
        },
        new PairLoss("sigmoid_norm", "sigmoid of the margin per token", p => -LogSigmoid(p.MeanDelta * p.Options.Beta)));

    /// <summary>The list.</summary>
    public static IReadOnlyList<PairLoss> All => list.All;

    /// <summary>The form of that name.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are told.</exception>
    public static PairLoss Named(string name) => list.Named(name);

    static Tensor LogSigmoid(Tensor x) => F.logsigmoid(x);

    static Tensor Margin(PairNumbers p) => p.Delta * p.Options.Beta;

    static Tensor ChosenReward(PairNumbers p) => p.Chosen * p.Options.Beta;

    static Tensor RejectedReward(PairNumbers p) => p.Rejected * p.Options.Beta;

    static Tensor Sorted(Tensor x) => x.sort(0).Values;

    static Tensor Conservative(Tensor delta, DpoOptions options)
    {
        var margin = delta * options.Beta;
        return -LogSigmoid(margin) * (1 - options.LabelSmoothing) - LogSigmoid(-margin) * options.LabelSmoothing;
    }

    static Tensor Exo(PairNumbers p)
    {
        var (margin, flipped) = (Margin(p), p.Options.LabelSmoothing);
        return margin.sigmoid() * (LogSigmoid(margin) - Math.Log(1 - flipped))
            + (-margin).sigmoid() * (LogSigmoid(-margin) - Math.Log(flipped));
    }

    static Tensor Nca(PairNumbers p)
    {
        var (chosen, rejected) = (ChosenReward(p), RejectedReward(p));
        return -LogSigmoid(chosen) - LogSigmoid(-chosen) * 0.5 - LogSigmoid(-rejected) * 0.5;
    }

    static Tensor Robust(PairNumbers p)
    {
        var (margin, flipped) = (Margin(p), p.Options.LabelSmoothing);
        return (-LogSigmoid(margin) * (1 - flipped) + LogSigmoid(-margin) * flipped) / (1 - 2 * flipped);
    }

    // exp(−x)·σ(x/τ) in one exponent: apart, one is infinite where the other is 0.
    static Tensor Discovered(PairNumbers p)
    {
        var margin = Margin(p);
        var mixed = margin / p.Options.DiscopopTau;
        return -LogSigmoid(margin) * (1 - mixed.sigmoid()) + (LogSigmoid(mixed) - margin).exp();
    }
}
