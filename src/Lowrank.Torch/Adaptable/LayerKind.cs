namespace Lowrank.Torch;

/// <summary>What a layer does with its weight; decides how the weight is seen as a matrix.</summary>
public enum LayerKind
{
    /// <summary>y = x Wᵀ + b; weight (out, in), or (out, in1, in2) of a bilinear layer, whose x is x1 ⊗ x2.</summary>
    Linear,
    /// <summary>GPT-2's linear: y = x W + b; weight (in, out).</summary>
    TransposedLinear,
    /// <summary>Convolution over one axis; weight (out, in/groups, k).</summary>
    Conv1d,
    /// <summary>Convolution over two axes; weight (out, in/groups, kh, kw).</summary>
    Conv2d,
    /// <summary>Convolution over three axes; weight (out, in/groups, kd, kh, kw).</summary>
    Conv3d,
    /// <summary>Rows looked up by id; weight (vocabulary, width).</summary>
    Embedding,
    /// <summary>A normalization's scale; weight (channels).</summary>
    Norm,
    /// <summary>Transposed convolution over one axis; weight (in, out/groups, k).</summary>
    ConvTranspose1d,
    /// <summary>Transposed convolution over two axes; weight (in, out/groups, kh, kw).</summary>
    ConvTranspose2d,
    /// <summary>Transposed convolution over three axes; weight (in, out/groups, kd, kh, kw).</summary>
    ConvTranspose3d,
}
