namespace Lowrank.Torch;

/// <summary>R = (I + Q)(I − Q)⁻¹, orthogonal for skew Q, by a function that keeps nothing but R.</summary>
/// <remarks>As R = 2(I − Q)⁻¹ − I, ∂Q = ½ (R + I)ᵀ ∂R (R + I)ᵀ: two products, where autograd would solve again and keep what the first
/// solution rests on.</remarks>
public static class CayleyTransform
{
    /// <summary>R of every matrix.</summary>
    /// <param name="skew">Q, (..., size, size), in float32 or float64.</param>
    public static Tensor Run(Tensor skew)
    {
        if (is_grad_enabled() && skew.requires_grad) return CayleyFunction.apply(skew);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Compute(skew));
    }

    internal static Tensor Compute(Tensor q)
    {
        var one = eye(q.shape[^1], dtype: q.dtype, device: q.device);
        // R (I − Q) = I + Q, solved from the left on the transposed.
        return linalg.solve((one - q).transpose(-1, -2), (one + q).transpose(-1, -2)).transpose(-1, -2);
    }
}
