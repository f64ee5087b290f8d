namespace Lowrank.Diffusion;

/// <summary>Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598).</summary>
public static class Guidance
{
    /// <summary>negative + scale·(positive − negative), brought back to the positive answer's contrast in a share of <paramref name="rescale"/>.</summary>
    /// <param name="both">The network's answers (2B, C, H, W): first to the negative prompts, then to the prompts.</param>
    /// <param name="scale">Strength; 1 is the positive answer.</param>
    /// <param name="rescale">0 to 1 (Lin et al. 2023, arXiv:2305.08891, equations 15 and 16).</param>
    public static Tensor Combine(Tensor both, double scale, double rescale = 0)
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
