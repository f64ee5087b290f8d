namespace Lowrank.Diffusion;

/// <summary>
/// Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598): away from the negative prompt, past the prompt, which may be several
/// that are drawn together (Liu et al. 2022, arXiv:2206.01714).
/// </summary>
/// <param name="scale">Strength; 1 is the answer to the prompt.</param>
/// <param name="rescale">
/// Share in which the answer is brought back to the contrast of the prompt's own, 0 to 1 (Lin et al. 2023, arXiv:2305.08891, equations 15
/// and 16).
/// </param>
public sealed class ClassifierFreeGuidance(double scale, double rescale = 0) : Guider
{
    /// <inheritdoc/>
    public override bool AsksNegative => true;

    /// <inheritdoc/>
    public override NetworkAnswer Answer(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, NoiseLevel level, PromptConditions told)
    {
        using var scope = NewDisposeScope();
        var (negative, parts) = Ask(ask, x, told);
        var positive = told.Compose(negative, parts);
        return new(scope.MoveToOuter(Combine(negative, positive)), scope.MoveToOuter(negative))
        {
            Positive = scope.MoveToOuter(positive),
        };
    }

    /// <summary>negative + scale·(positive − negative), in a share of rescale with the positive answer's deviation.</summary>
    /// <param name="negative">The network's answers to the negative prompts, (B, C, H, W).</param>
    /// <param name="positive">Those to the prompts.</param>
    public Tensor Combine(Tensor negative, Tensor positive)
    {
        using var scope = NewDisposeScope();
        var guided = negative + scale * (positive - negative);
        if (rescale > 0) guided = guided * (rescale * Deviation(positive) / Deviation(guided) + (1 - rescale));
        return scope.MoveToOuter(guided);
    }

    static (Tensor Negative, Tensor Parts) Ask(Func<Tensor, NetworkCondition, Tensor> ask, Tensor x, PromptConditions told)
    {
        var rows = told.RowsOf(x);
        if (told.NegativeThenPositive is not { } condition) return (ask(x, told.Negative!), ask(rows, told.Positive));
        var both = ask(cat([x, rows]), condition);
        return (both[..(int)x.shape[0]], both[(int)x.shape[0]..]);
    }

    // Unbiased, over everything of one picture.
    static Tensor Deviation(Tensor x) => x.flatten(1).std(1, unbiased: true, keepdim: true).view(-1, 1, 1, 1);
}
