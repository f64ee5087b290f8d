namespace Lowrank.Models;

/// <summary>
/// Halves height and width by a convolution of stride 2: padded on all sides (UNet) or on the right and bottom only (VAE).
/// </summary>
sealed class Downsample2D : Layer
{
    readonly Conv2d conv;
    readonly bool padAllSides;

    public Downsample2D(int channels, bool padAllSides, Storage? storage) : base(nameof(Downsample2D))
    {
        this.padAllSides = padAllSides;
        conv = new Conv2d(channels, channels, 3, stride: 2, padding: padAllSides ? 1 : 0, storage: storage);
        RegisterComponents();
    }

    protected override Tensor Compute(Tensor x) => conv.call(padAllSides ? x : nn.functional.pad(x, (0, 1, 0, 1)));
}
