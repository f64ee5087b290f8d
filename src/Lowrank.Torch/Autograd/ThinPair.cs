namespace Lowrank.Torch;

/// <summary>Two thin factors beside a layer, made ready for its calls that nothing goes back through, each way at the first call that takes
/// it: for a pass of our own (<see cref="ThinKernel"/>) where that is faster, else for libtorch's products.</summary>
public sealed class ThinPair : IDisposable
{
    readonly Func<(Tensor Down, Tensor Up)> factors;
    readonly ScalarType dtype;
    readonly ConvolutionWalk? walk;
    readonly bool mayBePacked;
    readonly Lock making = new();
    volatile ThinPack? pack;
    volatile Tensor[]? tensors;   // A and B, rounded

    /// <summary>A pair for calls of one dtype.</summary>
    /// <param name="factors">Gives A, (rank, in) or (rank, in, kernel...), with its scale, and B, (out, rank), in float32 and in the
    /// caller's scope; asked once for each way.</param>
    /// <param name="ranks">How many.</param>
    /// <param name="dtype">In which is computed.</param>
    /// <param name="walk">How the layer walks, neither transposed nor in groups; null for a linear one.</param>
    /// <param name="isPointwise">Whether A has a kernel of ones, or none.</param>
    public ThinPair(Func<(Tensor Down, Tensor Up)> factors, long ranks, ScalarType dtype, ConvolutionWalk? walk, bool isPointwise)
    {
        (this.factors, this.dtype, this.walk) = (factors, dtype, walk);
        bool staysInPlace = walk is null || (walk.Stride.All(step => step == 1) && walk.Padding.All(zeros => zeros == 0));
        mayBePacked = isPointwise && staysInPlace && ranks is > 0 and <= ThinPack.MostRanks
            && dtype is ScalarType.Float32 or ScalarType.BFloat16;
    }

    /// <summary>A layer's answer with x A B added.</summary>
    /// <param name="answer">The layer's own, (..., out), or of a convolution (B, out, places...).</param>
    /// <param name="x">What the layer was asked, in the pair's dtype.</param>
    /// <param name="overwrites">Whether nobody else needs the answer's memory.</param>
    public Tensor Added(Tensor answer, Tensor x, bool overwrites)
    {
        if (PackFor(answer, x) is not { } ready)
        {
            var (down, up) = Rounded();
            return walk is null
                ? ThinBranch.Added(answer, x, down, up, overwrites)
                : ThinBranch.Added(answer, x, walk, down, up, overwrites);
        }
        var y = overwrites ? answer : answer.clone();
        if (x.is_contiguous()) ThinKernel.Add(ready, x, y, get_num_threads());
        else
        {
            using var rows = x.contiguous();
            ThinKernel.Add(ready, rows, y, get_num_threads());
        }
        return y;
    }

    // Null where libtorch's products are to do it, be it that they tell what does not fit.
    ThinPack? PackFor(Tensor answer, Tensor x)
    {
        if (!mayBePacked || !ThinKernel.Suits(x) || x.dtype != dtype || answer.dtype != dtype || !answer.is_contiguous()) return null;
        long[] given = x.shape, made = answer.shape;
        int axis = walk is null ? given.Length - 1 : 1;   // of the channels
        if (made.Length != given.Length) return null;
        long tokens = 1;
        for (int i = 0; i < given.Length; i++)
        {
            if (i == axis) continue;
            if (given[i] != made[i]) return null;
            tokens *= given[i];
        }
        if (!ThinKernel.IsFaster(dtype, tokens)) return null;
        var ready = pack ?? Packed();
        return given[axis] == ready.Inputs && made[axis] == ready.Outputs ? ready : null;
    }

    ThinPack Packed()
    {
        lock (making)
        {
            if (pack is { } known) return known;
            using var scope = NewDisposeScope();
            var (down, up) = factors();
            return pack = new(down, up, isOfPlaces: walk is not null);
        }
    }

    (Tensor Down, Tensor Up) Rounded()
    {
        if (tensors is null)
            lock (making)
            {
                if (tensors is null)
                {
                    using var scope = NewDisposeScope();
                    var (down, up) = factors();
                    // Tensors of their own: in float32 a cast may give a part itself.
                    tensors = [Own(down), Own(up)];
                }
            }
        return (tensors[0], tensors[1]);
    }

    Tensor Own(Tensor factor) => factor.to(dtype).alias().DetachFromDisposeScope();

    /// <inheritdoc/>
    public void Dispose()
    {
        pack?.Dispose();
        foreach (var one in tensors ?? []) one.Dispose();
    }
}
