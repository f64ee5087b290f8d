using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Training;

/// <summary>By which measure a policy may leave its reference: what becomes of a log ratio (Wang et al., arXiv 2309.16240).</summary>
static class Divergences
{
    // e^80 is a number in float32, and so is its sum over a batch.
    const double LargestExponent = 80;

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["reverse_kl", "forward_kl", "js_divergence", "alpha_divergence"];

    /// <summary>f'(π/π_ref) of log ratios (pairs), but for a constant where only differences are taken.</summary>
    public static Tensor Score(Tensor ratios, string divergence, double alpha) => divergence switch
    {
        "reverse_kl" => ratios,
        "forward_kl" => -Exp(-ratios),
        "js_divergence" => F.logsigmoid(ratios) + Math.Log(2),
        "alpha_divergence" => Math.Abs(alpha - 1) < 1e-6 ? ratios : Exp(ratios * (alpha - 1)) / (alpha - 1),
        _ => throw new LowrankException($"there is no divergence \"{divergence}\"; there are {string.Join(", ", Names)}"),
    };

    static Tensor Exp(Tensor x) => x.clamp_max(LargestExponent).exp();
}
