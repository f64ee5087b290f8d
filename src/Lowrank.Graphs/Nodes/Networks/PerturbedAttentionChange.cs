namespace Lowrank.Graphs;

/// <summary>Guidance by perturbed attention, see <see cref="PerturbedAttention"/>.</summary>
/// <param name="Scale">Strength; 0 changes nothing.</param>
sealed record PerturbedAttentionChange(double Scale) : GuidanceChange
{
    public override Tensor Apply(GuidedEstimate estimate)
    {
        if (Scale == 0) return estimate.Guided;
        var perturbed = estimate.AskPositive(estimate.X, changes => changes with { MiddleSelfAttention = PerturbedAttention.Identity });
        return PerturbedAttention.Combine(estimate.Guided, estimate.Positive, perturbed, Scale);
    }
}
