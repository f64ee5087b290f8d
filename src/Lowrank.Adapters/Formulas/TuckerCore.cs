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
        // One product: of a batch libtorch makes one only where a graph is recorded, and other bits elsewhere.
        var rows = core.reshape(left, right, -1).transpose(1, 2).reshape(-1, right);
        return rows.Multiply(down).reshape(left, -1, down.shape[1]).transpose(1, 2).reshape(left, -1);
    }
}
