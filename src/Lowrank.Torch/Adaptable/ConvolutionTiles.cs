namespace Lowrank.Torch;

/// <summary>A 2-D convolution of 3x3 by tiles of 4x4, see <see cref="WinogradKernel"/>.</summary>
static class ConvolutionTiles
{
    // What is done once for a kernel, and for a tile's input and answer, in multiplications of a vector. Measured on Zen 4.
    const double Kernel = 230, Input = 600, Answer = 400;

    /// <summary>Whether it is faster than libtorch's, and nothing goes back.</summary>
    /// <remarks>
    /// libtorch's takes nine multiplications a place, in bfloat16 half as many; a tile of sixteen places takes 36. What the tiles take
    /// besides counts where there are few of them, or few channels. Measured on Zen 4 with Stable Diffusion 1.5's shapes from 16x16 on:
    /// 0.65 to 0.7 of libtorch's time in bfloat16, 0.35 to 0.45 in float32; of 8x8, twice, 0.8 and 0.55.
    /// </remarks>
    public static bool IsFaster(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        if (OwnRoads.AreClosed || !Suits(x, weight, bias, walk) || !WinogradKernel.Suits(x, weight)) return false;
        if (is_grad_enabled() && (x.requires_grad || weight.requires_grad || bias?.requires_grad == true)) return false;
        bool isNarrow = x.dtype == ScalarType.BFloat16;
        if (isNarrow && Processor.Current.MultipliesBFloat16Tiles) return false;

        var (batch, channels, height, width) = x.shape;
        long high = walk.Places(height, 3, 0), wide = walk.Places(width, 3, 1), outputs = weight.shape[0];
        double tiles = batch * Whole(high, WinogradTransforms.Tile) * Whole(wide, WinogradTransforms.Tile);
        double groups = Whole((long)tiles, WinogradProduct.Tiles) * WinogradProduct.Tiles;
        double ours = channels * outputs * (Kernel + WinogradTransforms.Points * groups) + tiles * (Input * channels + Answer * outputs);
        double theirs = 9.0 * batch * high * wide * channels * outputs;
        return ours < (isNarrow && Processor.Current.MultipliesBFloat16 ? theirs / 2 : theirs);

        static long Whole(long size, long part) => (size + part - 1) / part;
    }

    // What libtorch refuses it refuses in its own words.
    static bool Suits(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        if (x.dim() != 4 || x.numel() == 0 || walk.Groups != 1 || x.shape[1] != weight.shape[1]) return false;
        bool walksPlainly = weight.shape[2] == 3 && weight.shape[3] == 3
            && walk.Stride.All(step => step == 1) && walk.Dilation.All(step => step == 1) && walk.Padding.All(zeros => zeros <= 2);
        if (!walksPlainly || walk.Places(x.shape[2], 3, 0) <= 0 || walk.Places(x.shape[3], 3, 1) <= 0) return false;
        bool biasFits = bias is null || (bias.dtype == x.dtype && bias.numel() == weight.shape[0]);
        return biasFits && x.dtype == weight.dtype;
    }

    /// <summary>x (B, C, H, W) convolved with a weight (out, C, 3, 3).</summary>
    public static Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionWalk walk)
    {
        using var scope = NewDisposeScope();
        var answer = WinogradKernel.Convolve(
            x.contiguous(), weight.contiguous(), bias?.contiguous(), walk.Padding[0], walk.Padding[1], get_num_threads());
        return scope.MoveToOuter(answer);
    }
}
