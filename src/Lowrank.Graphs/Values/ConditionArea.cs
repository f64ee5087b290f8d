namespace Lowrank.Graphs;

/// <summary>A rectangle of a picture: in latent pixels, or in shares of its sides.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Width">Its width.</param>
/// <param name="Top">Where it begins.</param>
/// <param name="Left">Where it begins.</param>
/// <param name="IsShare">Whether these are shares, 0 to 1.</param>
public sealed record ConditionArea(double Height, double Width, double Top, double Left, bool IsShare)
{
    /// <summary>The rectangle in latent pixels, within latents of a size.</summary>
    public LatentArea In(long height, long width)
    {
        if (!IsShare) return new LatentArea((long)Height, (long)Width, (long)Top, (long)Left);
        return new LatentArea(
            Math.Max(1, Rounded(Height, height)), Math.Max(1, Rounded(Width, width)), Rounded(Top, height), Rounded(Left, width));

        // A half goes to the even number, as in Python.
        static long Rounded(double share, long size) => (long)Math.Round(share * size);
    }
}
