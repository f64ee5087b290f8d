namespace Lowrank.Formats;

/// <summary>A layer's weight in few bits: made anew whenever it is used, and rounded again when it takes other values.</summary>
/// <param name="matrix">What it is kept in; the weight's own.</param>
/// <param name="dtype">The dtype that its values are given in.</param>
/// <param name="shelf">Memory to make values in, which the weights of a model share; null for fresh memory each time.</param>
public sealed class PackedWeight(IPackedMatrix matrix, ScalarType dtype = ScalarType.Float32, ScratchShelf? shelf = null) : IPackedWeight
{
    long exchanges;

    /// <summary>What it is kept in.</summary>
    public IPackedMatrix Matrix { get; private set; } = matrix;

    /// <inheritdoc/>
    public long[] Shape => Matrix.Shape;

    /// <inheritdoc/>
    public ScalarType Dtype => dtype;

    /// <inheritdoc/>
    public long Exchanges => Volatile.Read(ref exchanges);

    /// <inheritdoc/>
    public Device Device => CPU;

    /// <inheritdoc/>
    public bool IsHeldAs(ScalarType dtype) => false;

    /// <inheritdoc/>
    public Tensor Dense() => Dense(dtype);

    /// <inheritdoc/>
    public Tensor Dense(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var values = empty(Shape, ScalarType.Float32, CPU);
        Matrix.DecodeTo(values);
        return scope.MoveToOuter(dtype == ScalarType.Float32 ? values : values.to(dtype));
    }

    /// <summary>The same in memory that is used again: of <paramref name="scratch"/>, whose next tensors lie there too.</summary>
    public Tensor Dense(ScalarType dtype, Scratch scratch)
    {
        using var grad = no_grad();
        var values = scratch.Of(ScalarType.Float32, Shape);
        Matrix.DecodeTo(values);
        return dtype == ScalarType.Float32 ? values : scratch.Copy(values, dtype);
    }

    /// <inheritdoc/>
    public Tensor Use(ScalarType dtype, Func<Tensor, Tensor> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(shelf is null ? body(Dense(dtype)) : shelf.Lend(scratch => body(Dense(dtype, scratch))));
    }

    /// <inheritdoc/>
    public Tensor? Multiply(Tensor x) => Matrix.Multiply(x);

    /// <inheritdoc/>
    public bool Takes(int tokens) => Matrix.Takes(tokens);

    /// <inheritdoc/>
    public void Multiply(TokenRows x, TokenRows answer, long first, long after) => Matrix.Multiply(x, answer, first, after);

    /// <inheritdoc/>
    public Tensor? MultiplyTransposed(Tensor x) => Matrix.MultiplyTransposed(x);

    /// <inheritdoc/>
    public Tensor Rows(Tensor ids) => Matrix.Rows(ids);

    /// <inheritdoc/>
    public Tensor Copied(Scratch scratch) => Dense(ScalarType.Float32, scratch);

    /// <inheritdoc/>
    public bool Holds(Tensor values) => Matrix.Holds(values);

    /// <inheritdoc/>
    public IFormerWeight Replace(Tensor values)
    {
        if (!values.shape.AsSpan().SequenceEqual(Shape))
            throw new ShapeException($"a weight of shape {Shape.Text()} cannot take one of {values.shape.Text()}");
        using var grad = no_grad();
        var former = new Former(this, Matrix);
        Matrix = Matrix.Rounded(values);
        Interlocked.Increment(ref exchanges);
        return former;
    }

    /// <summary>Frees what it is kept in.</summary>
    public void Dispose() => Matrix.Dispose();

    sealed class Former(PackedWeight weight, IPackedMatrix matrix) : IFormerWeight
    {
        bool restored;

        public void Restore()
        {
            weight.Matrix.Dispose();
            (weight.Matrix, restored) = (matrix, true);
            Interlocked.Increment(ref weight.exchanges);
        }

        public void Dispose()
        {
            if (!restored) matrix.Dispose();
        }
    }
}
