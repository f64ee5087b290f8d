namespace Lowrank.Diffusion;

/// <summary>A cheap look at latents, for pictures that are not finished.</summary>
public abstract class LatentSketch : IDisposable
{
    /// <summary>How it comes about, in a few words for people.</summary>
    public abstract string About { get; }

    /// <summary>The picture, about as it would be decoded, at its full size.</summary>
    /// <param name="latents">Of one picture, (C, H, W), scaled as the network sees them.</param>
    public abstract Picture Draw(Tensor latents);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what it draws with.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
