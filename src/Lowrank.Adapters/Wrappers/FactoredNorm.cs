namespace Lowrank.Adapters;

/// <summary>
/// Norms of W + s·B A along one axis, found in factor space: ‖w‖² + 2s·w·(B A) + s²·‖B A‖², with ‖w‖² kept as long as W stays.
/// </summary>
sealed class FactoredNorm(DoraAxis axis) : IDisposable
{
    readonly Lock keeping = new();
    readonly WeakReference<Tensor> seen = new(null!);
    Tensor? squares;
    long version;

    /// <summary>The norms, one-dimensional, float32.</summary>
    /// <param name="stored">What the layer holds: another tensor, or other values in it, make the norms of W anew.</param>
    /// <param name="weight">W, (out, in), frozen.</param>
    /// <param name="down">A, (rank, in).</param>
    /// <param name="up">B, (out, rank).</param>
    /// <param name="scale">s.</param>
    public Tensor Of(Tensor stored, Tensor weight, Tensor down, Tensor up, double scale)
    {
        var own = Squares(stored, weight);
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

    // A handle of the caller's own: another thread may make them anew meanwhile.
    Tensor Squares(Tensor stored, Tensor weight)
    {
        lock (keeping)
        {
            long now = stored.Version();
            bool isSame = squares is not null && now == version && seen.TryGetTarget(out var before) && ReferenceEquals(before, stored);
            if (!isSame)
            {
                using var scope = NewDisposeScope();
                using var grad = no_grad();
                squares?.Dispose();
                squares = weight.to(ScalarType.Float32).square().sum(dim: axis == DoraAxis.Output ? 1 : 0).DetachFromDisposeScope();
                version = now;
                seen.SetTarget(stored);
            }
            return squares!.alias();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => squares?.Dispose();
}
