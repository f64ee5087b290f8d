namespace Lowrank.Torch;

/// <summary>The states of a few tokens, in float32 and in memory of our own: layers are run on them without a tensor for each
/// step.</summary>
/// <param name="count">How many.</param>
/// <param name="width">Numbers of each.</param>
public sealed unsafe class TokenRows(int count, int width) : IDisposable
{
    /// <summary>How many at most: of more, products as libtorch does them are faster.</summary>
    public const int Most = 8;

    readonly FloatBlock block = new((long)count * width);

    /// <summary>How many.</summary>
    public int Count => count;

    /// <summary>Numbers of each.</summary>
    public int Width => width;

    /// <summary>Address of the first number, in float32.</summary>
    public nint Address => (nint)block.Start;

    internal float* Start => block.Start;

    /// <summary>Whether this thread may take this way: the processor has the vectors, and nothing is recorded for a way back.</summary>
    public static bool ArePossible => Lanes.AreSupported && !is_grad_enabled();

    /// <summary>Whether a module may be passed by without a call: nobody has put a hook there.</summary>
    public static bool MayPass(nn.Module module) => ModuleHooks.AreNone(module);

    /// <summary>Throws where they are not so many, each of so many numbers.</summary>
    internal void Expect(int count, long width, string what)
    {
        if (Count == count && Width == width) return;
        throw new ShapeException($"{what} are {Count} tokens of {Width} numbers, and must be {count} of {width}");
    }

    /// <summary>Throws where this thread may not take this way.</summary>
    internal static void RefuseImpossible()
    {
        if (ArePossible) return;
        throw new LowrankException($"few tokens are run in memory of our own where {nameof(TokenRows)}.{nameof(ArePossible)}: with " +
            "AVX-512, and within no_grad. Call the layer with a tensor instead.");
    }

    /// <summary>Takes the numbers of a tensor.</summary>
    /// <param name="values">As many numbers, in their order.</param>
    /// <exception cref="ShapeException">It holds another number of them.</exception>
    public void Take(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.numel() != (long)count * width)
            throw new ShapeException($"a tensor {values.shape.Text()} does not hold {count} tokens of {width} numbers");
        bool isNarrow = values.dtype == ScalarType.BFloat16;
        using var near = values.to(isNarrow ? ScalarType.BFloat16 : ScalarType.Float32, CPU);
        using var plain = near.contiguous();
        nint from = MemoryRange.Start(plain);
        long all = (long)count * width;
        if (!isNarrow) new ReadOnlySpan<float>((void*)from, (int)all).CopyTo(new(Start, (int)all));
        else
            for (long i = 0; i < all; i++) Start[i] = BFloat16.Widened(((ushort*)from)[i]);
        GC.KeepAlive(plain);
    }

    /// <summary>The same as a tensor (count, 1, width), which belongs to the caller's scope.</summary>
    /// <param name="dtype">float32 or bfloat16.</param>
    /// <exception cref="LowrankException">Another dtype.</exception>
    public Tensor Told(ScalarType dtype)
    {
        if (dtype is not (ScalarType.Float32 or ScalarType.BFloat16))
            throw new LowrankException($"states of tokens are told in float32 or bfloat16, not in {dtype}");
        var told = empty([count, 1, width], dtype, CPU);
        nint to = MemoryRange.Start(told);
        long all = (long)count * width;
        if (dtype == ScalarType.Float32) new ReadOnlySpan<float>(Start, (int)all).CopyTo(new((void*)to, (int)all));
        else
            for (long i = 0; i < all; i++) ((ushort*)to)[i] = BFloat16.Rounded(Start[i]);
        return told;
    }

    /// <summary>Adds others, number by number.</summary>
    /// <exception cref="ShapeException">They are not as many.</exception>
    public void Add(TokenRows others)
    {
        ArgumentNullException.ThrowIfNull(others);
        others.Expect(count, width, "the others");
        others.block.AddTo(Start);
    }

    /// <summary>Turns heads by the angles of each row (<see cref="Layers.RotaryTurn"/>), in place.</summary>
    /// <param name="heads">How many heads a row has.</param>
    /// <param name="cos">Cosines (rows or 1, 1, 1, r), float32.</param>
    /// <param name="sin">Their sines.</param>
    /// <param name="inPairs">Whether neighbouring numbers turn together.</param>
    /// <exception cref="ShapeException">Heads, rows and angles do not fit each other.</exception>
    public void Turn(int heads, Tensor cos, Tensor sin, bool inPairs)
    {
        ArgumentNullException.ThrowIfNull(cos);
        ArgumentNullException.ThrowIfNull(sin);
        var (rows, half) = SizesOf(cos, heads);
        if ((rows, half) != SizesOf(sin, heads))
            throw new ShapeException($"cosines {cos.shape.Text()} and sines {sin.shape.Text()} differ");
        int step = rows == 1 ? 0 : half;
        float* c = (float*)MemoryRange.Start(cos), s = (float*)MemoryRange.Start(sin);
        for (int row = 0; row < count; row++)
            for (int head = 0; head < heads; head++)
            {
                float* at = Start + (long)row * width + (long)head * (width / heads);
                RowTurn.InPlace(at, c + (long)row * step, s + (long)row * step, half, inPairs);
            }
        GC.KeepAlive(cos);
        GC.KeepAlive(sin);
    }

    // Of angles (rows, 1, 1, half).
    (long Rows, int Half) SizesOf(Tensor angles, int heads)
    {
        Span<long> sizes = stackalloc long[4];
        bool hasHeads = heads > 0 && width % heads == 0, hasAxes = FewRows.HasSizes(angles, sizes);
        var (rows, half) = (sizes[0], sizes[3]);
        bool fits = hasAxes && (rows == 1 || rows == count) && sizes[1] == 1 && sizes[2] == 1 && hasHeads && 2 * half <= width / heads;
        if (fits && FewRows.IsWide(angles)) return (rows, (int)half);
        throw new ShapeException($"angles {angles.shape.Text()} of {angles.dtype} on {angles.device} do not turn {count} rows of {width} " +
            $"numbers in {heads} heads: they are (rows or 1, 1, 1, at most half a head's width), float32 and contiguous on the CPU");
    }

    /// <summary>silu(x) · other, number by number.</summary>
    /// <exception cref="ShapeException">They are not as many.</exception>
    /// <exception cref="LowrankException">This thread may not take this way.</exception>
    public void Gate(TokenRows other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RefuseImpossible();
        other.Expect(count, width, "the others");
        RowGate.Run(Start, other.Start, (long)count * width);
    }

    /// <inheritdoc/>
    public void Dispose() => block.Dispose();
}
