namespace Lowrank.Adapters;

/// <summary>A change that is a singular value decomposition: what a <see cref="RankAllocator"/> asks of a layer's adapter.</summary>
public interface ITriplets
{
    /// <summary>The weight that is adapted.</summary>
    Target Target { get; }

    /// <summary>The right vectors (rank, in·kernel), the left ones (out, rank), and the values (rank, 1).</summary>
    (Parameter A, Parameter B, Parameter E) Triplets { get; }
}
