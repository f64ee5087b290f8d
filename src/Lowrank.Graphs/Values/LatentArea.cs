namespace Lowrank.Graphs;

/// <summary>A rectangle of latents, in latent pixels.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Width">Its width.</param>
/// <param name="Top">Rows above it.</param>
/// <param name="Left">Columns before it.</param>
public readonly record struct LatentArea(long Height, long Width, long Top, long Left)
{
    /// <summary>What of it lies within latents of a size.</summary>
    public LatentArea Within(long height, long width) =>
        this with { Height = Math.Min(height - Top, Height), Width = Math.Min(width - Left, Width) };

    /// <summary>Whether it lies within another.</summary>
    public bool IsInside(LatentArea other) =>
        Top >= other.Top && Left >= other.Left
        && Top + Height <= other.Top + other.Height && Left + Width <= other.Left + other.Width;

    /// <summary>The part of latents (N, C, H, W) that lies in it; a view.</summary>
    public Tensor Of(Tensor latents) => latents.narrow(2, Top, Height).narrow(3, Left, Width);

    /// <summary>Its size in latent pixels.</summary>
    public long Places => Height * Width;
}
