namespace Lowrank.Adapters;

/// <summary>What a layer was asked, summed up: for initialisations that look at data.</summary>
/// <remarks>
/// Components: incremental PCA (Ross et al. 2008), a decomposition of what was kept, the new rows and a correction of the mean. Covariance:
/// the mean of xᵀx over batches, each divided by its largest value, as PEFT 0.21.2's CorDA gathers it.
/// </remarks>
public sealed class InputStatistics : IDisposable
{
    readonly int rank;
    readonly bool wantsCovariance;
    Tensor? kept, mean, covariance;
    long rows, batches;

    /// <summary>Empty statistics.</summary>
    /// <param name="rank">How many components are kept.</param>
    /// <param name="covariance">Whether the covariance is gathered rather than components.</param>
    public InputStatistics(int rank, bool covariance) => (this.rank, wantsCovariance) = (rank, covariance);

    /// <summary>Takes what a layer is asked: x of any shape that the layer takes.</summary>
    public void Add(Tensor x, Target target)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var matrix = Rows(x.detach(), target).to(ScalarType.Float32);
        if (wantsCovariance) AddCovariance(matrix);
        else AddComponents(matrix);
    }

    static Tensor Rows(Tensor x, Target target)
    {
        if (target.Convolution is not { } walk) return x.reshape(-1, target.In);
        var patches = nn.functional.unfold(
            x.to(ScalarType.Float32), Pair(target.Kernel), Pair(walk.Dilation), Pair(walk.Padding), Pair(walk.Stride));
        return patches.transpose(1, 2).reshape(-1, target.Columns);   // (B, C·kh·kw, places)
    }

    static (long, long) Pair(long[] axes) => (axes[0], axes[1]);

    void AddCovariance(Tensor matrix)
    {
        var scaled = matrix / matrix.abs().max().clamp_min(1e-30);
        var one = scaled.t().mm(scaled);
        batches++;
        Replace(ref covariance, covariance is null ? one : covariance + one);
    }

    void AddComponents(Tensor matrix)
    {
        long count = matrix.shape[0], total = rows + count;
        var own = matrix.mean([0]);
        var centred = matrix - own;
        if (kept is not null)
            centred = cat([kept, centred, (Math.Sqrt((double)rows / total * count) * (mean! - own)).unsqueeze(0)]);
        // Only the right vectors are wanted: of a tall matrix they are those of its triangle.
        if (centred.shape[0] > centred.shape[1]) centred = linalg.qr(centred).R;
        var (_, values, right) = linalg.svd(centred, fullMatrices: false);
        long size = Math.Min(rank, values.shape[0]);
        Replace(ref mean, mean is null ? own : (mean * rows + own * count) / total);
        Replace(ref kept, values[TensorIndex.Slice(0, size)].unsqueeze(1) * right[TensorIndex.Slice(0, size)]);
        rows = total;
    }

    static void Replace(ref Tensor? held, Tensor value)
    {
        var next = value.clone().DetachFromDisposeScope();
        held?.Dispose();
        held = next;
    }

    /// <summary>The main directions, (rank, columns), each of length 1.</summary>
    /// <exception cref="LowrankException">Fewer rows were seen than directions are asked for.</exception>
    public Tensor Components(int count)
    {
        long seen = kept?.shape[0] ?? 0;
        if (kept is null || seen < count)
            throw new LowrankException($"{count} directions were asked for, and only {seen} were seen in the inputs; show more batches");
        return nn.functional.normalize(kept[TensorIndex.Slice(0, count)], dim: 1);
    }

    /// <summary>The covariance, damped until its inverse is one, and that inverse.</summary>
    /// <exception cref="LowrankException">No input was seen, or no damping helps.</exception>
    public (Tensor Matrix, Tensor Inverse) Covariance()
    {
        if (covariance is null) throw new LowrankException("no input was seen whose covariance could be taken");
        var matrix = covariance / batches;
        var one = eye(matrix.shape[0], device: matrix.device);
        var damping = 0.01 * matrix.diagonal().mean();
        for (int turn = 0; turn < 20; turn++, damping = damping * 2)
        {
            var damped = matrix + damping * one;
            var inverse = linalg.inv(damped);
            if ((damped.mm(inverse) - one).norm().ToDouble() < 0.05) return (damped, inverse);
        }
        throw new LowrankException("the covariance of the inputs has no inverse that could be used, however it is damped");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kept?.Dispose();
        mean?.Dispose();
        covariance?.Dispose();
    }
}
