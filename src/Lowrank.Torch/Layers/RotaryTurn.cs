namespace Lowrank.Torch.Layers;

/// <summary>The turn of queries and keys by angles that grow with their positions (rotary embeddings, arXiv 2104.09864).</summary>
public static class RotaryTurn
{
    /// <summary>Turns the first 2r numbers of each head; those beyond stay.</summary>
    /// <param name="heads">(B, T, H, D).</param>
    /// <param name="cos">Cosines of the angles (B or 1, T, 1, r), float32.</param>
    /// <param name="sin">Their sines.</param>
    /// <param name="inPairs">Whether number 2i turns with number 2i + 1; else number i with number i + r.</param>
    public static Tensor Run(Tensor heads, Tensor cos, Tensor sin, bool inPairs = false)
    {
        if (!Checkpoint.IsRepeated && RowTurn.Suits(heads, cos, sin)) return RowTurn.Run(heads, cos, sin, inPairs);
        return inPairs ? AtenOperators.TurnPairs(heads, cos, sin) : AtenOperators.TurnHalves(heads, cos, sin);
    }
}
