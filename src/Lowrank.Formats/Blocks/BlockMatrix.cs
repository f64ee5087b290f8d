namespace Lowrank.Formats;

/// <summary>A matrix in blocks, in memory of its own or in a mapped file.</summary>
public sealed unsafe class BlockMatrix : IPackedMatrix
{
    // Scales are halves, which end at 65504: magnitudes below it fit whatever the format makes of them.
    const double LargestHeld = 65504;

    readonly IDisposable memory;
    readonly nint start;
    readonly int rowBytes;
    int isDisposed;

    BlockMatrix(BlockFormat format, Tensor blocks, long[] shape) : this(format, blocks, MemoryRange.Of(blocks).First, shape) { }

    BlockMatrix(BlockFormat format, IDisposable memory, nint start, long[] shape)
    {
        (BlockFormat, this.memory, this.start, Shape) = (format, memory, start, shape);
        rowBytes = checked((int)(shape[1] / format.Block.Elements * format.Block.Bytes));
    }

    /// <summary>A matrix in a mapped file, of which it is one more user.</summary>
    internal static BlockMatrix Mapped(BlockFormat format, MappedFile file, long place, long[] shape) =>
        new(format, file.Shared(), file.At(place), shape);

    /// <summary>The blocks' type.</summary>
    public BlockFormat BlockFormat { get; }

    /// <inheritdoc/>
    public string Format => BlockFormat.Name;

    /// <inheritdoc/>
    public long[] Shape { get; }

    /// <inheritdoc/>
    public long Bytes => Shape[0] * rowBytes;

    /// <summary>A matrix of blocks (rows, bytes of a row), uint8, which are taken over.</summary>
    /// <exception cref="LowrankException">A row is not made of whole blocks.</exception>
    public static BlockMatrix Of(BlockFormat format, Tensor blocks)
    {
        var plain = blocks.cpu().contiguous();
        if (plain.dtype != ScalarType.Byte || plain.shape is not [var rows, var row] || row % format.Block.Bytes != 0)
            throw new LowrankException(
                $"{format} has blocks of {format.Block.Bytes} bytes; {plain.dtype} of shape {plain.shape.Text()} are none.");
        return new(format, plain.DetachFromDisposeScope(), [rows, row / format.Block.Bytes * format.Block.Elements]);
    }

    /// <summary>Rounds a matrix of floats.</summary>
    /// <exception cref="LowrankException">Its rows are not whole blocks, or a value cannot be held.</exception>
    public static BlockMatrix Round(BlockFormat format, Tensor values)
    {
        using var scope = NewDisposeScope();
        if (values.shape is not [var rows, var columns] || columns % format.Block.Elements != 0)
            throw new LowrankException(
                $"{format} has blocks of {format.Block.Elements} elements, and rows of shape {values.shape.Text()} are not whole blocks.");
        var floats = StoredTensor.Floats(values.detach());
        var blocks = empty([rows, columns / format.Block.Elements * format.Block.Bytes], ScalarType.Byte, CPU);
        var (from, to) = (MemoryRange.Of(floats).First, MemoryRange.Of(blocks).First);
        int bytes = (int)blocks.shape[1];
        StoredTensor.Share(rows, (first, end) =>
        {
            for (long row = first; row < end; row++)
                format.Encode(
                    new ReadOnlySpan<float>((float*)from + row * columns, (int)columns), new Span<byte>((byte*)to + row * bytes, bytes));
        });
        return new(format, scope.Detach(blocks), [rows, columns]);
    }

    /// <inheritdoc/>
    public IPackedMatrix Rounded(Tensor values) => Round(BlockFormat, values);

    /// <inheritdoc/>
    public bool Holds(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.isfinite().all().ToBoolean() && values.abs().max().ToDouble() <= LargestHeld;
    }

    /// <inheritdoc/>
    public void DecodeTo(Tensor values)
    {
        StoredTensor.Require(values, Shape, "the tensor to decode to");
        nint to = StoredTensor.Start(values, ScalarType.Float32, "the tensor to decode to");
        StoredTensor.Share(Shape[0], (first, end) =>
        {
            for (long row = first; row < end; row++) DecodeRow(row, to, row);
        });
    }

    // One row, to some row of others.
    void DecodeRow(long row, nint values, long to)
    {
        int columns = (int)Shape[1];
        var bytes = new ReadOnlySpan<byte>((byte*)start + row * rowBytes, rowBytes);
        BlockFormat.Decode(bytes, new Span<float>((float*)values + to * columns, columns));
    }

    /// <inheritdoc/>
    public Tensor Rows(Tensor ids)
    {
        using var scope = NewDisposeScope();
        long[] places = RowPlaces.Of(ids, Shape);
        var values = empty([places.Length, Shape[1]], ScalarType.Float32, CPU);
        nint to = MemoryRange.Of(values).First;
        foreach (var (i, place) in places.Index()) DecodeRow(place, to, i);
        return values.view([.. ids.shape, Shape[1]]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <remarks>Few rows are multiplied without decoding the matrix whole.</remarks>
    public Tensor? Multiply(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs) = (Shape[0], Shape[1]);
        if (x.shape[^1] != inputs) throw new ShapeException($"shapes {x.shape.Text()} and {Shape.Text()} do not multiply");
        long rows = x.numel() / inputs;
        if (!BlockProduct.Suits(BlockFormat, rows)) return null;
        var floats = StoredTensor.Floats(x.detach());
        var answer = empty([.. x.shape[..^1], outputs], ScalarType.Float32, CPU);
        Multiply(MemoryRange.Of(floats).First, MemoryRange.Of(answer).First, (int)rows);
        return answer.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool Takes(int tokens) => BlockProduct.Suits(BlockFormat, tokens);

    /// <inheritdoc/>
    public void Multiply(TokenRows x, TokenRows answer, long first, long after)
    {
        if ((x.Width, answer.Width, answer.Count) != (Shape[1], Shape[0], x.Count))
            throw new ShapeException($"{x.Count} tokens of {x.Width} numbers and {answer.Count} answers of {answer.Width} do not fit a " +
                $"matrix ({Shape[0]}, {Shape[1]})");
        BlockFormat.Multiply(ProductOf(x.Address, answer.Address, x.Count), first, after);
    }

    BlockProduct ProductOf(nint x, nint answer, int rows) => new()
    {
        X = (float*)x, Blocks = (byte*)start, Answer = (float*)answer, Rows = rows, Inputs = Shape[1], Outputs = Shape[0],
    };

    void Multiply(nint x, nint answer, int rows)
    {
        var product = ProductOf(x, answer, rows);
        StoredTensor.Share(Shape[0], (first, end) => BlockFormat.Multiply(product, first, end));
    }

    /// <summary>Frees the memory, or lets go of the file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0) memory.Dispose();   // a mapped file counts its users
    }
}
