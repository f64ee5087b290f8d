namespace Lowrank.Diffusion;

/// <summary>Noise added before a step and taken away by it (Karras et al. 2022, arXiv:2206.00364, algorithm 2).</summary>
/// <param name="Amount">Spread over the steps; 0 for none.</param>
/// <param name="From">Lowest σ/α at which it is added.</param>
/// <param name="To">Highest.</param>
/// <param name="NoiseScale">Multiplies the noise; a little over 1 makes up for lost detail.</param>
public sealed record Churn(double Amount = 0, double From = 0, double To = double.PositiveInfinity, double NoiseScale = 1)
{
    /// <summary>
    /// Whether nothing is drawn where nothing is added, as in ComfyUI; else a draw is made and dropped, as in k-diffusion.
    /// </summary>
    public bool DrawsOnlyWhatItUses { get; init; }

    /// <summary>Raises a sample at a level; gives both back as they are when there is nothing to add.</summary>
    public (Tensor X, NoiseLevel Level) Apply(Tensor x, NoiseLevel level, SamplerContext context)
    {
        if (Amount <= 0) return (x, level);
        double ratio = level.Ratio;
        double gamma = ratio >= From && ratio <= To ? Math.Min(Amount / context.Plan.Steps.Count, Math.Sqrt(2) - 1) : 0;
        double raised = ratio * (1 + gamma);
        if (gamma == 0 && DrawsOnlyWhatItUses) return (x, level);
        var hat = context.Plan.LevelAt(raised);
        // k-diffusion draws at every step, and drops what it does not use: a seed gives its picture only if we do, too.
        var draw = context.Noise.Draw(level, hat);
        if (gamma == 0) return (x, level);
        var y = x * (hat.Alpha / level.Alpha);
        return (y.add_(draw, alpha: hat.Alpha * NoiseScale * Math.Sqrt(raised * raised - ratio * ratio)), hat);
    }
}
