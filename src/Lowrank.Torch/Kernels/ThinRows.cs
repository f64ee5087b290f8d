namespace Lowrank.Torch;

/// <summary>Two thin factors beside a layer, read where they lie: what an adapter adds to the answers for few tokens, x Aᵀ Bᵀ ·
/// scale.</summary>
/// <param name="Down">A, (rank, in).</param>
/// <param name="Up">B, (out, rank).</param>
/// <param name="Scale">Multiplies the product.</param>
public readonly record struct ThinRows(Tensor Down, Tensor Up, double Scale)
{
    /// <summary>Whether factors like these can be read so: contiguous on the CPU, in float32, of a layer with so many inputs and
    /// outputs.</summary>
    /// <param name="inputs">Numbers of a token.</param>
    /// <param name="outputs">Numbers of its answer.</param>
    public bool Suit(long inputs, long outputs)
    {
        if (inputs % Lanes.Count != 0 || !FewRows.IsWide(Down) || !FewRows.IsWide(Up)) return false;
        long ranks = FewRows.Size(Down, 0);
        return FewRows.IsMatrix(Down, ranks, inputs) && FewRows.IsMatrix(Up, outputs, ranks);
    }
}
