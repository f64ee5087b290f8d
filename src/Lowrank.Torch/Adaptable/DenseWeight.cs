namespace Lowrank.Torch;

/// <summary>A weight that is a tensor.</summary>
/// <param name="tensor">Gives it; every time the same elements, be it by another handle.</param>
public sealed class DenseWeight(Func<Tensor> tensor) : IWeight
{
    /// <inheritdoc/>
    public long[] Shape
    {
        get
        {
            using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
            return tensor().shape;
        }
    }

    /// <inheritdoc/>
    public ScalarType Dtype => tensor().dtype;

    /// <inheritdoc/>
    public long Exchanges => Volatile.Read(ref exchanges);

    long exchanges;

    /// <inheritdoc/>
    public Device Device
    {
        get
        {
            using var scope = NewDisposeScope();
            return tensor().device;
        }
    }

    /// <inheritdoc/>
    public bool IsHeldAs(ScalarType dtype) => tensor().dtype == dtype;

    /// <inheritdoc/>
    public Tensor Dense() => tensor();

    /// <inheritdoc/>
    public Tensor Copied(Scratch scratch)
    {
        var held = tensor();
        return held.dtype is ScalarType.Float32 or ScalarType.Float64 ? Fresh(held, held) : scratch.Copy(held, ScalarType.Float32);
    }

    /// <inheritdoc/>
    public bool Holds(Tensor values) => Dtype.Holds(values);

    /// <inheritdoc/>
    /// <remarks>The storage is exchanged: nothing is copied, and the bits that come back are the very ones.</remarks>
    public IFormerWeight Replace(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var held = tensor();
        if (!values.shape.AsSpan().SequenceEqual(held.shape))
            throw new ShapeException($"a weight of shape {held.shape.Text()} cannot take one of {values.shape.Text()}");
        var former = new Former(this, held.detach().DetachFromDisposeScope());
        held.TakeStorage(values.dtype == held.dtype ? values.contiguous() : Fresh(held, values));
        Interlocked.Increment(ref exchanges);
        return former;
    }

    static Tensor Fresh(Tensor like, Tensor values) => HugePages.Empty(like.dtype, like.shape, like.device).copy_(values);

    sealed class Former(DenseWeight weight, Tensor values) : IFormerWeight
    {
        public void Restore()
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var held = weight.Dense();
            held.TakeStorage(values.to(held.dtype, held.device));   // the model may have moved meanwhile
            Interlocked.Increment(ref weight.exchanges);
        }

        public void Dispose() => values.Dispose();
    }
}
