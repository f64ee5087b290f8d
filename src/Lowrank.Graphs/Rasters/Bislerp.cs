namespace Lowrank.Graphs;

/// <summary>
/// Bilinear scaling that turns directions over the channels instead of mixing them, and mixes their lengths (ComfyUI 0.3.64,
/// comfy/utils.py, bislerp).
/// </summary>
static class Bislerp
{
    // Directions nearer than this are one, or opposite.
    const double Same = 1e-5;

    /// <summary>Scales (N, C, H, W), first along the width, then along the height.</summary>
    public static Tensor Scale(Tensor x, long width, long height) => Along(Along(x, 3, width), 2, height);

    static Tensor Along(Tensor x, int axis, long size)
    {
        long from = x.shape[axis];
        var (places, shares) = Between(from, size);
        var first = x.index_select(axis, places);
        var second = x.index_select(axis, (places + 1).clamp(max: from - 1));
        return Turned(first, second, axis == 3 ? shares : shares.view(-1, 1));
    }

    // Where each new pixel lies: a pixel's index, and the share of the next one.
    static (Tensor Places, Tensor Shares) Between(long from, long size)
    {
        var centres = ((arange(size, dtype: ScalarType.Float32, device: CPU) + 0.5f) * ((float)from / size) - 0.5f).clamp(0, from - 1);
        var places = centres.floor();
        return (places.to(ScalarType.Int64), centres - places);
    }

    static Tensor Turned(Tensor first, Tensor second, Tensor share)
    {
        var (length1, length2) = (Length(first), Length(second));
        var (direction1, direction2) = ((first / length1).nan_to_num(0), (second / length2).nan_to_num(0));
        var dot = (direction1 * direction2).sum(dim: 1, keepdim: true);
        var angle = dot.acos();
        var turned = ((1 - share) * angle).sin() / angle.sin() * direction1 + (share * angle).sin() / angle.sin() * direction2;
        turned *= length1 * (1 - share) + length2 * share;
        turned = where(dot > 1 - Same, first, turned);
        return where(dot < Same - 1, first * (1 - share) + second * share, turned);
    }

    static Tensor Length(Tensor x) => linalg.vector_norm(x, 2, [1], keepdim: true);
}
