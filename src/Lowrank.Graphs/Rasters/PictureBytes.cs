namespace Lowrank.Graphs;

/// <summary>Pictures of a graph as bytes.</summary>
static class PictureBytes
{
    /// <summary>A picture (H, W, 3) in 0 to 1 as bytes.</summary>
    /// <param name="pixels">The picture; what is beyond 0 and 1 is clamped, and of a fourth channel nothing is taken.</param>
    /// <param name="isCut">Whether 255·x is cut to a byte, as ComfyUI does, instead of rounded.</param>
    public static Picture Of(Tensor pixels, bool isCut)
    {
        using var scope = NewDisposeScope();
        var levels = (pixels.narrow(2, 0, 3).to(ScalarType.Float32) * 255).clamp(0, 255);
        var bytes = (isCut ? levels : levels.round()).to(ScalarType.Byte).contiguous();
        return new((int)pixels.shape[1], (int)pixels.shape[0], bytes.bytes.ToArray());
    }

    /// <summary>A picture as (H, W, 3) in 0 to 1.</summary>
    public static Tensor ToTensor(Picture picture) => Levels(picture.Pixels, picture.Height, picture.Width, 3);

    /// <summary>A mask as (H, W) in 0 to 1.</summary>
    public static Tensor ToTensor(Mask mask) => Levels(mask.Levels, mask.Height, mask.Width);

    static Tensor Levels(byte[] levels, params long[] shape)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(tensor(levels, device: CPU).reshape(shape).to(ScalarType.Float32) / 255);
    }
}
