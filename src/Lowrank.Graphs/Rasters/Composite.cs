namespace Lowrank.Graphs;

/// <summary>One raster laid on another.</summary>
static class Composite
{
    /// <summary>A copy of the ground with another raster on it.</summary>
    /// <param name="ground">(N, C, H, W).</param>
    /// <param name="laid">(M, C, h, w), of which what lies on the ground counts.</param>
    /// <param name="x">Where it begins; may be outside.</param>
    /// <param name="y">Where it begins; may be outside.</param>
    /// <param name="mask">How much of it shows, (K, a, b) of any size; null is all.</param>
    /// <param name="resizes">Whether it is scaled to the ground's size first.</param>
    public static Tensor Lay(Tensor ground, Tensor laid, long x, long y, Tensor? mask, bool resizes)
    {
        using var scope = NewDisposeScope();
        var (rows, _, height, width) = ground.shape;
        if (resizes) laid = Scaling.Scale(laid, width, height, "bilinear");
        laid = Batches.Repeated(laid, rows);
        var (_, _, laidHeight, laidWidth) = laid.shape;
        var share = mask is null ? ones_like(laid) : Share(mask, laidWidth, laidHeight, rows);
        var made = ground.clone();
        var place = made.Cut(2, y, y + laidHeight).Cut(3, x, x + laidWidth);
        long top = Math.Max(0, -y), left = Math.Max(0, -x);
        var part = Part(laid);
        place.copy_(Part(share) * part + (1 - Part(share)) * place);
        return scope.MoveToOuter(made);

        Tensor Part(Tensor of) => of.Cut(2, top, top + place.shape[2]).Cut(3, left, left + place.shape[3]);
    }

    static Tensor Share(Tensor mask, long width, long height, long rows)
    {
        var planes = mask.reshape(-1, 1, mask.shape[^2], mask.shape[^1]);
        return Batches.Repeated(Scaling.Scale(planes, width, height, "bilinear"), rows);
    }
}
