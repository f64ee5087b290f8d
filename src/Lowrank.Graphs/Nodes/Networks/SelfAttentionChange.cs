namespace Lowrank.Graphs;

/// <summary>Guidance by self-attention, see <see cref="Diffusion.SelfAttentionGuidance"/>.</summary>
/// <param name="Scale">Strength.</param>
/// <param name="Sigma">Standard deviation of the blur, in latent pixels.</param>
sealed record SelfAttentionChange(double Scale, double Sigma) : GuidanceChange
{
    public override bool AsksNegative => true;

    public override bool WatchesAttention => true;

    public override Tensor Apply(GuidedEstimate estimate)
    {
        if (!Diffusion.SelfAttentionGuidance.Fits(estimate.Guided)) return estimate.Guided;
        var scores = estimate.Attention ?? throw new LowrankException(
            "SelfAttentionGuidance looks at the attention of the negative side, which the guider of this model has not. Use a CFGGuider.");
        var degraded = Diffusion.SelfAttentionGuidance.Degraded(estimate.Negative, scores, Sigma);
        var answer = estimate.AskNegative(degraded + estimate.X - estimate.Negative);
        return Diffusion.SelfAttentionGuidance.Combine(estimate.Guided, degraded, answer, Scale);
    }
}
