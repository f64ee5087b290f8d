namespace Lowrank.Diffusion;

/// <summary>Begins with noise alone.</summary>
public sealed class NoiseStart : LatentStart
{
    /// <inheritdoc/>
    public override LatentBeginning Begin(LatentPreparation preparation) => new(preparation.Draw() * preparation.Plan.StartScale);
}
