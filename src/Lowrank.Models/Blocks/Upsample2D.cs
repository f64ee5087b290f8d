namespace Lowrank.Models;

/// <summary>Nearest-neighbour enlargement, then a convolution.</summary>
sealed class Upsample2D : Layer<Tensor, (long Height, long Width)>
{
    readonly Conv2d conv;

    public Upsample2D(int channels, Storage? storage) : base(nameof(Upsample2D))
    {
        conv = new Conv2d(channels, channels, 3, padding: 1, storage: storage);
        RegisterComponents();
    }

    /// <summary>
    /// Enlarges to the given size: twice the own one, or that of the skip connection that waits, which for odd sizes is one less.
    /// </summary>
    protected override Tensor Compute(Tensor x, (long Height, long Width) size)
    {
        var large = nn.functional.upsample_nearest2d(x, [size.Height, size.Width], null);
        return conv.call(large);
    }
}
