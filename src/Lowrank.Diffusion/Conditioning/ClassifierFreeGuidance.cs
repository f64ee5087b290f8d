namespace Lowrank.Diffusion;

/// <summary>Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598): away from the negative prompt, past the prompt.</summary>
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
        var both = ask(cat([x, x]), told.NegativeThenPositive!);
        return new(scope.MoveToOuter(Combine(both)), scope.MoveToOuter(both.chunk(2)[0]));
    }

    /// <summary>negative + scale·(positive − negative), in a share of rescale with the positive answer's deviation.</summary>
    /// <param name="both">The network's answers (2B, C, H, W): first to the negative prompts, then to the prompts.</param>
    public Tensor Combine(Tensor both)
    {
        using var scope = NewDisposeScope();
        var halves = both.chunk(2);
        var (negative, positive) = (halves[0], halves[1]);
        var guided = negative + scale * (positive - negative);
        if (rescale > 0) guided = guided * (rescale * Deviation(positive) / Deviation(guided) + (1 - rescale));
        return scope.MoveToOuter(guided);
    }

    // Unbiased, over everything of one picture.
    static Tensor Deviation(Tensor x) => x.flatten(1).std(1, unbiased: true, keepdim: true).view(-1, 1, 1, 1);
}
