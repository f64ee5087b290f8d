namespace Lowrank.Adapters;

/// <summary>A core between two pointwise factors of a convolution (Tucker-2, "CP" in LyCORIS).</summary>
static class TuckerCore
{
    /// <summary>The core worked into the input's factor: (rank, in·kernel)[p, (i, k)] = Σ core[p, q, k]·down[q, i].</summary>
    /// <param name="core">(rank, rank, kernel...).</param>
    /// <param name="down">(rank, in).</param>
    public static Tensor Columns(Tensor core, Tensor down)
    {
        var (left, right) = (core.shape[0], core.shape[1]);
        return core.reshape(left, right, -1).transpose(1, 2).Multiply(down).transpose(1, 2).reshape(left, -1);
    }
}
