namespace Lowrank.Torch;

/// <summary>A weight that is one of several in a tensor. It is exchanged in place, and the bits that it had are kept beside.</summary>
/// <param name="stack">Gives the tensor; the matrices lie along its first axis.</param>
/// <param name="index">Which of them it is.</param>
sealed class StackedWeight(Func<Tensor> stack, long index) : IWeight
{
    long exchanges;

    /// <inheritdoc/>
    public long[] Shape => stack().shape[1..];

    /// <inheritdoc/>
    public ScalarType Dtype => stack().dtype;

    /// <inheritdoc/>
    public long Exchanges => Volatile.Read(ref exchanges);

    /// <inheritdoc/>
    public Device Device => stack().device;

    /// <inheritdoc/>
    public bool IsHeldAs(ScalarType dtype) => Dtype == dtype;

    /// <inheritdoc/>
    public Tensor Dense() => stack().select(0, index);

    /// <inheritdoc/>
    public Tensor Copied(Scratch scratch)
    {
        var held = Dense();
        return held.dtype == ScalarType.Float64 ? held.clone() : held.to(ScalarType.Float32, copy: true);
    }

    /// <inheritdoc/>
    public bool Holds(Tensor values) => Dtype.Holds(values);

    /// <inheritdoc/>
    public IFormerWeight Replace(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var held = Dense();
        if (!values.shape.AsSpan().SequenceEqual(held.shape))
            throw new ShapeException($"a weight of shape {held.shape.Text()} cannot take one of {values.shape.Text()}");
        var former = new Former(this, held.detach().clone().DetachFromDisposeScope());
        Write(values);
        return former;
    }

    void Write(Tensor values)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        Dense().copy_(values);
        Interlocked.Increment(ref exchanges);
    }

    sealed class Former(StackedWeight weight, Tensor values) : IFormerWeight
    {
        public void Restore() => weight.Write(values);

        public void Dispose() => values.Dispose();
    }
}
