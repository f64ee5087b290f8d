namespace Lowrank.Adapters;

/// <summary>
/// Norms of W + s·B A along one axis, found in factor space: ‖w‖² + 2s·w·(B A) + s²·‖B A‖², with ‖w‖² kept as long as W stays.
/// </summary>
sealed class FactoredNorm(DoraAxis axis)
{
    Tensor? squares;
    long version;

    /// <summary>The norms, one-dimensional, float32.</summary>
    /// <param name="weight">W, (out, in), frozen.</param>
    /// <param name="down">A, (rank, in).</param>
    /// <param name="up">B, (out, rank).</param>
    /// <param name="scale">s.</param>
    public Tensor Of(Tensor weight, Tensor down, Tensor up, double scale)
    {
        var own = Squares(weight);
        Tensor cross, rest;
        if (axis == DoraAxis.Output)
        {
            cross = (nn.functional.linear(weight, down.to(weight.dtype)).to(ScalarType.Float32) * up).sum(dim: 1);
            rest = (up.mm(down.mm(down.t())) * up).sum(dim: 1);
        }
        else
        {
            cross = (up.to(weight.dtype).t().mm(weight).to(ScalarType.Float32) * down).sum(dim: 0);
            rest = (up.t().mm(up).mm(down) * down).sum(dim: 0);
        }
        return (own + 2 * scale * cross + scale * scale * rest).clamp_min(0).sqrt();
    }

    Tensor Squares(Tensor weight)
    {
        long now = weight.Version();
        if (squares is not null && now == version) return squares;
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        squares?.Dispose();
        version = now;
        return squares = weight.to(ScalarType.Float32).square().sum(dim: axis == DoraAxis.Output ? 1 : 0).DetachFromDisposeScope();
    }
}
