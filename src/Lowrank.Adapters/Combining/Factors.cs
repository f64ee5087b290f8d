namespace Lowrank.Adapters;

/// <summary>A change scale·up·down.</summary>
/// <param name="Up">(out, rank).</param>
/// <param name="Down">(rank, in·kh·kw).</param>
/// <param name="Scale">alpha/rank.</param>
/// <param name="HasCore">Whether the method keeps a core between the factors, which is worked into down here.</param>
public sealed record Factors(Tensor Up, Tensor Down, double Scale, bool HasCore = false)
{
    /// <summary>The rank.</summary>
    public int Rank => (int)Up.shape[1];
}
